"""A service that people are referred to, and whether it may still be named."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from federation.errors import Reason

CLOSED = "%(name)s is marked as closed."
EXPIRED = (
    "What is known of %(name)s held until %(date)s only."
    " A coordinator can check it and say that it is right."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a project knows of a service."""

    id: UUID
    source_id: str | None
    name: str
    services: str
    opening: str
    area: str
    languages: list[str]
    phone: str
    email: str
    web: str
    last_checked: date
    check_every_days: int
    expires: date
    closed: bool

    @property
    def check_by(self) -> date:
        """The day by which somebody should ask again whether it is right."""
        return self.last_checked + timedelta(days=self.check_every_days)


def why_not_named(entry: Entry | None, today: date) -> Reason | None:
    """Tell why nobody may be sent there; None where it holds."""
    if entry is None:
        return Reason(
            "signpost-gone",
            "A service that this answer names is no longer in your project's list."
            " A coordinator can choose another one.",
        )
    if entry.closed:
        return Reason("signpost-closed", CLOSED % {"name": entry.name})
    if entry.expires <= today:
        told = {"name": entry.name, "date": entry.expires.isoformat()}
        return Reason("signpost-expired", EXPIRED % told)
    return None


def written(entry: Entry) -> str:
    """Write a service as it stands in an answer."""
    return ", ".join(part for part in (entry.name, entry.phone, entry.opening, entry.web) if part)
