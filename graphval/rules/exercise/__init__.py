"""What only a running server can show: the documentation of the findings that the diagnosis makes."""
