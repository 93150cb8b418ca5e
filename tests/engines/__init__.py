"""What every engine must survive, and what its parts do at their edges."""
