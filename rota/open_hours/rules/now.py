"""What somebody who writes needs to know: is anybody there now, and if not, what then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from rota.open_hours.rules.hours import OpenHours, OpenShift
from rota.shifts.rules.spans import Span, joined


@dataclass(frozen=True, slots=True)
class Now:
    """Whether a channel is open, until when, and whether all who are there are occupied."""

    open: bool
    busy: bool
    until: datetime | None
    channels: tuple[str, ...]
    busy_channels: tuple[str, ...] = ()


CLOSED = Now(open=False, busy=False, until=None, channels=())


@dataclass(frozen=True, slots=True)
class WeeklyTime:
    """A regular time of another service, in its local time; over midnight if it ends earlier."""

    weekday: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class OtherWay:
    """Another service that helps; without hours it is always there."""

    name: str
    zone: str
    text: str = ""
    address: str = ""
    hours: tuple[WeeklyTime, ...] = ()


def now_view(shifts: Sequence[OpenShift], hours: Sequence[OpenHours], now: datetime) -> Now:
    """Say what is open now; `until` is when the last open channel closes."""
    running = [shift for shift in shifts if shift.runs(now)]
    free = {shift.channel for shift in running if not shift.occupied}
    return open_now({shift.channel: shift.channel not in free for shift in running}, hours, now)


def open_now(busy: Mapping[str, bool], hours: Sequence[OpenHours], now: datetime) -> Now:
    """Say what is open now, of channels where somebody is there and whether all are busy."""
    channels = tuple(sorted(busy))
    ends = [
        span.end
        for channel in channels
        for span in joined(Span(each.start, each.end) for each in hours if each.channel == channel)
        if span.start <= now < span.end
    ]
    occupied = tuple(channel for channel in channels if busy[channel])
    is_open = bool(channels)
    return Now(
        is_open, is_open and occupied == channels, max(ends, default=None), channels, occupied
    )


def next_hours(hours: Sequence[OpenHours], view: Now, now: datetime) -> OpenHours | None:
    """Give what opens next; a session that should have begun and awaits its check-in is next."""
    for each in hours:
        # what follows without a break belongs to now
        goes_on = view.until is not None and each.start < view.until
        if each.channel not in view.channels or (each.start > now and not goes_on):
            return each
    return None


def answered_by(inbox: Iterable[Span], now: datetime) -> datetime | None:
    """Give when a message left now is answered at the latest.

    Only a confirmed time that has not begun counts: in one that runs, somebody may be done already.
    """
    return min((each.end for each in inbox if each.start >= now), default=None)


def open_elsewhere(ways: Iterable[OtherWay], now: datetime) -> list[OtherWay]:
    """Give the other services that are there now, each by its own clock."""
    return [
        way for way in ways if not way.hours or any(_covers(each, way, now) for each in way.hours)
    ]


def _covers(hours: WeeklyTime, way: OtherWay, now: datetime) -> bool:
    local = now.astimezone(ZoneInfo(way.zone))
    at, today = local.time(), local.weekday()
    if hours.starts < hours.ends:
        return today == hours.weekday and hours.starts <= at < hours.ends
    tomorrow = (hours.weekday + 1) % 7
    return (today == hours.weekday and at >= hours.starts) or (
        today == tomorrow and at < hours.ends
    )
