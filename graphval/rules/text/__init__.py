"""GV1xx: what is wrong with a file as text, before anything of it is a graph. Found by the readers, named here."""
