"""Chance that is the same each time, for stories and figures that are told again."""

from random import Random


class Repeatable(Random):
    """Draws that repeat for the same seed; nothing secret is ever made of them."""
