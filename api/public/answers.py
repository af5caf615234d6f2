"""What `/open/{pool}.json` says, in the pool's local time with its offset."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from rota.open_hours.queries import PublicHours
from rota.open_hours.rules.hours import OpenHours


class Now(msgspec.Struct, frozen=True):
    """Whether somebody is there, until when, on which channels."""

    open: bool
    busy: bool
    until: datetime | None
    channels: list[str]


class Hours(msgspec.Struct, frozen=True):
    """One stretch of open hours."""

    start: datetime
    end: datetime
    channel: str
    languages: list[str]
    theme: str | None
    status: str


class Elsewhere(msgspec.Struct, frozen=True):
    """Another service that is there now."""

    name: str
    text: str
    address: str


class Answer(msgspec.Struct, frozen=True):
    """All of it; `as_of` only where another node runs the pool, languages by message if any."""

    pool: str
    zone: str
    now: Now
    next: Hours | None
    hours: list[Hours]
    messages_answered_by: datetime | None
    elsewhere: list[Elsewhere]
    languages_by_message: list[str] | msgspec.UnsetType = msgspec.UNSET
    as_of: datetime | msgspec.UnsetType = msgspec.UNSET


def _hours(hours: OpenHours, zone: ZoneInfo) -> Hours:
    return Hours(
        hours.start.astimezone(zone),
        hours.end.astimezone(zone),
        hours.channel,
        list(hours.languages),
        hours.theme,
        hours.status,
    )


def answer(found: PublicHours) -> Answer:
    """Put what was found into the shape that programs read."""
    zone = ZoneInfo(found.zone)
    now, due = found.now, found.answered_by
    return Answer(
        pool=found.slug,
        zone=found.zone,
        now=Now(now.open, now.busy, now.until and now.until.astimezone(zone), list(now.channels)),
        next=_hours(found.next, zone) if found.next else None,
        hours=[_hours(each, zone) for each in found.hours],
        messages_answered_by=due and due.astimezone(zone),
        elsewhere=[Elsewhere(way.name, way.text, way.address) for way in found.elsewhere],
        languages_by_message=list(found.by_message) or msgspec.UNSET,
        as_of=found.as_of.astimezone(zone) if found.as_of else msgspec.UNSET,
    )
