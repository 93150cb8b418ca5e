"""GV70x and GV72x-GV75x: nodes that OVMS prepares at load (node initialisers), and graphs for ``/v3``."""
