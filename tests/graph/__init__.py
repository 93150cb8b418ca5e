"""MediaPipe's graph as objects: tag maps, wiring, the pool directive, and the place of every element."""
