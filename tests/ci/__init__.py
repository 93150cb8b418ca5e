"""What a CI job and a newcomer meet."""
