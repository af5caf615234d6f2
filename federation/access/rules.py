"""Secrets that open a door: how they are made and kept, how long they last, what they allow."""

import secrets
from collections.abc import Collection
from datetime import timedelta
from hashlib import sha256

from federation.access.errors import LifetimeNotAllowed, UnknownScope

SECRET_BYTES = 32
SCOPES = frozenset({"read", "write"})
LONGEST_LINK = timedelta(days=7)
LONGEST_TOKEN = timedelta(days=366)
WEB_SESSION = timedelta(days=14)


def new_secret() -> str:
    """Make a secret that nobody can guess: 256 random bits, fit for an address or a header."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_hash(secret: str) -> bytes:
    """Give what is stored in place of a secret, which is too random to need salt or stretching."""
    return sha256(secret.encode()).digest()


def lifetime(hours: float, longest: timedelta) -> timedelta:
    """Accept a lifetime, or say how long it may be at most; what is no number is none."""
    most = longest / timedelta(hours=1)
    if not 0 < hours <= most:
        raise LifetimeNotAllowed(f"Choose a lifetime above zero and of at most {most:.0f} hours.")
    return timedelta(hours=hours)


def granted_scopes(asked: Collection[str], own: frozenset[str]) -> list[str]:
    """Give the scopes of a new token: known ones, and never more than its maker has."""
    wanted = frozenset(asked)
    if not wanted or not wanted <= SCOPES:
        raise UnknownScope
    if not wanted <= own:
        raise UnknownScope("A token cannot make a token that may do more than itself.")
    return sorted(wanted)
