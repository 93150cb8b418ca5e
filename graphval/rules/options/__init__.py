"""GV40x: options as messages. Which block a calculator reads, and blocks that nobody reads."""
