"""What the catalog says, held against what it was read from."""
