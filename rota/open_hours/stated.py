"""What a host tells partners that see no more of its pool: all that the public sees, whole."""

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from federation.pools.stated import Moment, Name, Slug
from rota.open_hours.rules.hours import OpenHours

STATED = "open-hours.stated"
Tag = Annotated[str, Meta(min_length=1, max_length=35)]
LONGEST_THEME = 1000
Theme = Annotated[str, Meta(max_length=LONGEST_THEME)]


class NamedChannel(Struct, frozen=True, kw_only=True):
    """A channel, by its short name and for people."""

    slug: Slug
    name: Name


class Stretch(Struct, frozen=True, kw_only=True):
    """A time in which a channel is open, as published."""

    start: Moment
    end: Moment
    channel: Slug
    languages: Annotated[list[Tag], Meta(max_length=100)]
    theme: Theme | None
    status: Literal["confirmed", "planned"]

    def as_hours(self) -> OpenHours:
        """Give it as the rules of open hours have it."""
        return OpenHours(
            self.start, self.end, self.channel, tuple(self.languages), self.theme, self.status
        )


class OpenChannel(Struct, frozen=True, kw_only=True):
    """A channel on which somebody is there; `busy` while nobody can take a conversation."""

    channel: Slug
    busy: bool


class StatedOpenHours(Struct, frozen=True, kw_only=True):
    """When a pool is open: it replaces all that was said before."""

    pool: UUID
    slug: Slug
    name: Name
    zone: str
    channels: Annotated[list[NamedChannel], Meta(max_length=1000)]
    hours: Annotated[list[Stretch], Meta(max_length=5000)]
    open: Annotated[list[OpenChannel], Meta(max_length=1000)]
    answered_by: Moment | None
    elsewhere: Annotated[list[dict[str, Any]], Meta(max_length=1000)]
    by_message: Annotated[list[Tag], Meta(max_length=100)]


def stretch_of(hours: OpenHours) -> Stretch:
    """Write down one stretch of open hours."""
    return Stretch(
        start=hours.start,
        end=hours.end,
        channel=hours.channel,
        languages=list(hours.languages),
        theme=hours.theme and hours.theme[:LONGEST_THEME],
        status="confirmed" if hours.status == "confirmed" else "planned",
    )
