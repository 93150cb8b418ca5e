"""What people and programs read: text, JSON, the last line, progress."""
