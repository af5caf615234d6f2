"""The command `netreach-server`."""
