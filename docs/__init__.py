"""The documentation, and the program that takes its screenshots."""
