"""Applying the mends that findings carry: files in, files out, comments and layout kept.

``edits`` changes a text, ``texts`` mends one text as far as that is certain, ``files`` does so for all texts of
deployments and writes them.
"""

from graphval.fixes.files import Mended, UnwritableFile, mend_files, mends

__all__ = ["Mended", "UnwritableFile", "mend_files", "mends"]
