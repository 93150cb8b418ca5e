"""GV23x-GV25x, GV705, GV75x: the border of a graph, where OVMS turns requests into packets and packets into answers."""
