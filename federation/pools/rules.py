"""Names: display handles, drawn by chance so that they tell nothing, and short names of pools."""

import re
import secrets
import unicodedata
from collections.abc import Collection

from federation.pools.words import FIRST, SECOND

ROLES_ABROAD = frozenset({"worker", "supervisor"})
"""What a host learns of somebody's roles: those that decide which seats fit."""

LONGEST_SLUG = 60


def draw_display() -> str:
    """Draw a display handle such as "Amber Otter 42"."""
    return f"{secrets.choice(FIRST)} {secrets.choice(SECOND)} {secrets.randbelow(90) + 10}"


def short_name(name: str) -> str:
    """Make a name fit for an address: "Čaj & chat" becomes `caj-chat`."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", letters).strip("-")[:LONGEST_SLUG].rstrip("-")


def free_slug(wanted: str, taken: Collection[str]) -> str:
    """Give a number to a short name that is taken: two nodes may have chosen the same one."""
    slug, number = wanted, 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug
