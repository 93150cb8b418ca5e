"""GV23x-GV25x: the graph's own inputs and outputs, where OVMS turns requests into packets and packets into answers."""
