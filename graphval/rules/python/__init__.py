"""GV71x: Python nodes. The handler is read with ``ast`` and never run."""
