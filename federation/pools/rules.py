"""Names: display handles, drawn by chance so that they tell nothing, and short names of pools."""

import secrets
from collections.abc import Collection

from federation.pools.words import FIRST, SECOND

ROLES_ABROAD = frozenset({"worker", "supervisor"})
"""What a host learns of somebody's roles: those that decide which seats fit."""


def draw_display() -> str:
    """Draw a display handle such as "Amber Otter 42"."""
    return f"{secrets.choice(FIRST)} {secrets.choice(SECOND)} {secrets.randbelow(90) + 10}"


def free_slug(wanted: str, taken: Collection[str]) -> str:
    """Give a number to a short name that is taken: two nodes may have chosen the same one."""
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug
