"""What is measured, each against something else in the same run: `make bench`."""
