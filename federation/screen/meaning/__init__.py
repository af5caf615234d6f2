"""What words mean where they stand: whom the rules do not know, and what only looks like a name."""
