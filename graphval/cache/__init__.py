"""Verdicts of earlier runs, told apart by the content of everything they depend on.

``contents`` says what files and folders hold, ``key`` what a verdict depends on, ``form`` how one is written down,
``store`` is the folder they lie in, ``verdicts`` what a run asks. Nothing here judges, and a cache that cannot be read
or written costs time and never a run.
"""
