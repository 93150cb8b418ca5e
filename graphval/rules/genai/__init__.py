"""GV70x, GV72x-GV78x: nodes that OVMS prepares at load (node initialisers): their options and models."""
