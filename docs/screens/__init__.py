"""The pages in pictures, and what takes them from a demo that runs: `make screens`."""
