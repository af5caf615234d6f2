"""What one partner can grant another, one tick at a time; each opens whole feeds, nothing less."""

from uuid import UUID

from federation.partners.errors import UnknownCapability

SHIFTS = "shifts"
"""A pool's shifts, states only: `shifts:{pool}`."""
RELEASES = "releases"
"""A project's releases and recalls: `releases:{project}`."""


def checked(capability: str) -> str:
    """Refuse what is not on the list."""
    kind, _, subject = capability.partition(":")
    if kind not in {SHIFTS, RELEASES}:
        raise UnknownCapability
    try:
        return f"{kind}:{UUID(subject)}"
    except ValueError as error:
        raise UnknownCapability from error
