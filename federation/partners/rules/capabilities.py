"""What one partner can grant another, one tick at a time; each opens a whole feed or one verb."""

from collections.abc import Mapping
from uuid import UUID

from federation.partners.errors import UnknownCapability

OPEN_HOURS = "open-hours"
SHIFTS = "shifts"
CLAIM = "claim"
OFFER = "offer"
RELEASES = "releases"
PROPOSE = "propose"

OF_POOL: Mapping[str, str] = {
    OPEN_HOURS: "sees when the pool is open",
    SHIFTS: "sees the pool's shifts and which seats are free, and may take part in the pool",
    CLAIM: "its people may ask for seats, cover and swaps",
    OFFER: "may say which shifts its people can take, for the plan",
}
"""`kind:{pool}`, each with what it lets the partner do."""
OF_PROJECT: Mapping[str, str] = {
    RELEASES: "receives the project's texts and may adopt them",
    PROPOSE: "may suggest changes to the project's texts",
}
"""`kind:{project}`, each with what it lets the partner do."""
LABELS: Mapping[str, str] = {**OF_POOL, **OF_PROJECT}


def checked(capability: str) -> str:
    """Refuse what is not on the list."""
    kind, _, subject = capability.partition(":")
    if kind not in LABELS:
        raise UnknownCapability
    try:
        return f"{kind}:{UUID(subject)}"
    except ValueError as error:
        raise UnknownCapability from error
