"""``python -m graphval``."""

import sys

if not sys.flags.safe_path and not __file__.startswith(f"{sys.path[0]}/graphval/"):
    del sys.path[0]  # the current folder, whose handlers may be called like modules of Python

from graphval.cli import process

if __name__ == "__main__":
    process()
