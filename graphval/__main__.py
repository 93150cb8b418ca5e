"""``python -m graphval``."""

from graphval.cli import process

if __name__ == "__main__":
    process()
