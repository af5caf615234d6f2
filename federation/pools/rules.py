"""Display handles: two words and a number, drawn by chance, so that they tell nothing."""

import secrets

from federation.pools.words import FIRST, SECOND

ROLES_ABROAD = frozenset({"worker", "supervisor"})
"""What a host learns of somebody's roles: those that decide which seats fit."""


def draw_display() -> str:
    """Draw a display handle such as "Amber Otter 42"."""
    return f"{secrets.choice(FIRST)} {secrets.choice(SECOND)} {secrets.randbelow(90) + 10}"
