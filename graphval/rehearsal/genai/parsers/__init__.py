"""What a chat model writes, taken apart piece by piece: a file for each family of models.

A tool parser is given the text from the first tag of a call on and owns it to its end; a reasoning is described by its
tags alone. Which part of an answer is whose is decided in ``output_parser``. Nothing here knows tokens or requests.
"""
