"""What the public may know: when somebody is there, on which channel, in which language."""
