"""Python nodes: user handlers, loaded and run in this process with a ``pyovms`` module of our own."""
