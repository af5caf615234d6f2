"""Whether this process runs, and whether it could serve people."""
