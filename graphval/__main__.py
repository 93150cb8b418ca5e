"""``python -m graphval``."""

from graphval.cli import main

if __name__ == "__main__":
    main()
