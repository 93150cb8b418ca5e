"""GV50x-GV51x: input and output stream handlers, in-flight limits, and loops that never turn."""
