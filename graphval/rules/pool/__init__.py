"""GV52x: the graph pool directive and what it changes."""
