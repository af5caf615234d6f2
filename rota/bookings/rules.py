"""Home's half of the one rule: may this person sit there. Plain values in, every reason out.

Spans are UTC, include their start and exclude their end. Limits follow the guidance, 3.1 and 4.3:
trained before they staff, supervised, rested.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from federation.errors import Reason
from rota.shifts.rules.written_days import written_day

WORKER_SEATS = frozenset({"lead", "second", "observer", "trainee"})
BUSY_ELSEWHERE = Reason(
    "busy-elsewhere",
    "Something else is entered for part of this time, the meetings of the shift included. "
    "The worker can change it under Availability.",
)
DOUBLE_BOOKED = Reason("double-booked", "Another shift is booked in this time, meetings included.")
ROLE_MISSING = {
    "worker": "This seat is for a worker. Your coordinator sets roles.",
    "supervisor": "This seat is for a supervisor. Your coordinator sets roles.",
}
TRAINING_MISSING = (
    "The training %(name)s is missing or has expired on that day. "
    "Your coordinator can book a refresher."
)
READ_FIRST = "Read and confirm first: %(name)s."
ON_CALL_FULL = (
    "On call for %(number)s other sessions at that time; %(limit)s is the most in this pool."
)
ON_CALL_ELSEWHERE = "Another on-call session at that time allows %(number)s at once in its pool."
REST_TOO_SHORT = "Less than %(hours)s hours of rest between two shifts."
WEEK_FULL = "That would be %(hours)s hours in the week of %(day)s; the limit is %(limit)s."
TOO_MANY_SHIFTS = "That would be %(number)s shifts in one week; the limit is %(limit)s."
"""Sentences with values are whole, so that pages can find them again and say them otherwise."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Time that a seat takes from a person: with the meetings for a worker, without on call.

    `at_once`: the most on-call sessions that its own pool allows while it runs.
    """

    begins: datetime
    ends: datetime
    starts: datetime
    on_call: bool
    at_once: int | None = None

    def touches(self, begins: datetime, ends: datetime) -> bool:
        """Tell whether this stay and a span share a moment."""
        return self.begins < ends and begins < self.ends


@dataclass(frozen=True, slots=True)
class Wish:
    """A seat that somebody would take, seen from home."""

    stay: Stay
    role: str
    zone: str
    trainings: Sequence[str]
    cancelled: bool = False
    automatic: bool = False
    """A plan's move, for which nobody has looked at this person's time."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What home knows of a person around the time of a wish."""

    roles: frozenset[str]
    left: bool
    hours_per_week: float
    shifts_per_week: int
    rest_hours: float
    on_call_at_once: int
    trainings: Sequence[tuple[str, date, date]]
    leave: Sequence[tuple[datetime, datetime]]
    booked: Sequence[Stay]
    texts_lacking: Sequence[str]
    busy: Sequence[tuple[datetime, datetime]] = ()
    times_known: bool = True


def stay_for(role: str, starts: datetime, ends: datetime, briefing: int, debrief: int) -> Stay:
    """Work out the time that a seat takes: briefing to debrief, or start to end when on call."""
    if role not in WORKER_SEATS:
        return Stay(starts, ends, starts, on_call=True)
    return Stay(
        starts - timedelta(minutes=briefing),
        ends + timedelta(minutes=debrief),
        starts,
        on_call=False,
    )


def most_at_once(
    spans: Sequence[tuple[datetime, datetime]], begins: datetime, ends: datetime
) -> int:
    """Count how many of these spans meet at one moment of another one."""
    moments = [begins, *(start for start, _end in spans if begins <= start < ends)]
    return max(sum(start <= moment < end for start, end in spans) for moment in moments)


def worker_may(wish: Wish, person: Circumstances, now: datetime) -> tuple[Reason, ...]:
    """Give every reason why this person may not take this seat; none means yes."""
    return tuple(
        reason
        for rule in (
            _role,
            _shift,
            _trainings,
            _texts,
            _leave,
            _busy,
            _overlap,
            _on_call,
            _rest,
            _limits,
        )
        for reason in rule(wish, person, now)
    )


def needed_role(seat_role: str) -> str:
    """Say which role of a person a seat is for."""
    return "worker" if seat_role in WORKER_SEATS else "supervisor"


def _role(wish: Wish, person: Circumstances, _now: datetime) -> Iterator[Reason]:
    needed = needed_role(wish.role)
    if person.left:
        yield Reason("has-left", "This person has left the project.")
    elif needed not in person.roles:
        yield Reason("role-missing", ROLE_MISSING[needed])


def _shift(wish: Wish, _person: Circumstances, now: datetime) -> Iterator[Reason]:
    if wish.cancelled:
        yield Reason("shift-cancelled", "This shift has been cancelled.")
    if wish.stay.starts <= now:
        yield Reason("already-started", "This shift has already started.")


def _trainings(wish: Wish, person: Circumstances, _now: datetime) -> Iterator[Reason]:
    day = wish.stay.starts.astimezone(ZoneInfo(wish.zone)).date()
    valid = {name for name, issued, expires in person.trainings if issued <= day <= expires}
    for name in wish.trainings:
        if name not in valid:
            yield Reason("training-missing", TRAINING_MISSING % {"name": name})


def _texts(_wish: Wish, person: Circumstances, _now: datetime) -> Iterator[Reason]:
    for title in person.texts_lacking:
        yield Reason("text-not-read", READ_FIRST % {"name": title})


def _leave(wish: Wish, person: Circumstances, _now: datetime) -> Iterator[Reason]:
    if any(wish.stay.touches(begins, ends) for begins, ends in person.leave):
        yield Reason("on-leave", "Leave is entered for part of this time, its meetings included.")


def _busy(wish: Wish, person: Circumstances, _now: datetime) -> Iterator[Reason]:
    if any(wish.stay.touches(begins, ends) for begins, ends in person.busy):
        yield BUSY_ELSEWHERE
    if wish.automatic and not person.times_known:
        yield Reason(
            "times-not-known",
            "It is not known at the moment when this person has time, so no plan seats them. "
            "They can still take seats themselves.",
        )


def _overlap(wish: Wish, person: Circumstances, _now: datetime) -> Iterator[Reason]:
    for booked in person.booked:
        both_on_call = booked.on_call and wish.stay.on_call
        if not both_on_call and booked.touches(wish.stay.begins, wish.stay.ends):
            yield DOUBLE_BOOKED
            return


def _on_call(wish: Wish, person: Circumstances, _now: datetime) -> Iterator[Reason]:
    if not wish.stay.on_call:
        return
    calls = [(stay.begins, stay.ends) for stay in person.booked if stay.on_call]
    at_once = most_at_once(calls, wish.stay.begins, wish.stay.ends)
    if at_once >= person.on_call_at_once:
        counts = {"number": at_once, "limit": person.on_call_at_once}
        yield Reason("on-call-full", ON_CALL_FULL % counts)
        return
    yield from _on_call_elsewhere(wish, person, calls)


def _on_call_elsewhere(
    wish: Wish, person: Circumstances, calls: Sequence[tuple[datetime, datetime]]
) -> Iterator[Reason]:
    """Keep what other pools allow as well: one more session here is one more there, too."""
    for stay in person.booked:
        if not stay.on_call or not stay.touches(wish.stay.begins, wish.stay.ends):
            continue
        begins, ends = max(stay.begins, wish.stay.begins), min(stay.ends, wish.stay.ends)
        if stay.at_once is not None and most_at_once(calls, begins, ends) >= stay.at_once:
            yield Reason("on-call-full", ON_CALL_ELSEWHERE % {"number": stay.at_once})
            return


def _rest(wish: Wish, person: Circumstances, _now: datetime) -> Iterator[Reason]:
    if wish.stay.on_call:
        return
    rest = timedelta(hours=person.rest_hours)
    for booked in person.booked:
        if booked.on_call or booked.touches(wish.stay.begins, wish.stay.ends):
            continue
        first, then = sorted((booked, wish.stay), key=lambda stay: stay.begins)
        apart = (
            _last_day(first.ends, wish.zone) != then.begins.astimezone(ZoneInfo(wish.zone)).date()
        )
        if apart and then.begins - first.ends < rest:
            yield Reason("rest-too-short", REST_TOO_SHORT % {"hours": f"{person.rest_hours:g}"})
            return


def _last_day(ends: datetime, zone: str) -> date:
    """Give the local day to which an end belongs: what ends at midnight is of the day that ends."""
    return (ends - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()


def _limits(wish: Wish, person: Circumstances, _now: datetime) -> Iterator[Reason]:
    if wish.stay.on_call:
        return
    seated = [*(stay for stay in person.booked if not stay.on_call), wish.stay]
    for monday in _weeks(wish.stay, wish.zone):
        begins, ends = _week_span(monday, wish.zone)
        hours = sum(_shared_hours(stay, begins, ends) for stay in seated)
        if hours > person.hours_per_week + 1e-9:
            limit = f"{person.hours_per_week:g}"
            told = {"hours": f"{hours:g}", "day": written_day(monday), "limit": limit}
            yield Reason("week-full", WEEK_FULL % told)
            break
    begins, ends = _week_span(_monday(wish.stay.starts, wish.zone), wish.zone)
    shifts = sum(begins <= stay.starts < ends for stay in seated)
    if shifts > person.shifts_per_week:
        counts = {"number": shifts, "limit": person.shifts_per_week}
        yield Reason("too-many-shifts", TOO_MANY_SHIFTS % counts)


def _monday(moment: datetime, zone: str) -> date:
    day = moment.astimezone(ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday())


def _weeks(stay: Stay, zone: str) -> list[date]:
    first = _monday(stay.begins, zone)
    last = _monday(stay.ends - timedelta(microseconds=1), zone)
    return [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]


def _week_span(monday: date, zone: str) -> tuple[datetime, datetime]:
    local = ZoneInfo(zone)
    ends = monday + timedelta(weeks=1)
    return (
        datetime(monday.year, monday.month, monday.day, tzinfo=local).astimezone(UTC),
        datetime(ends.year, ends.month, ends.day, tzinfo=local).astimezone(UTC),
    )


def _shared_hours(stay: Stay, begins: datetime, ends: datetime) -> float:
    shared = min(stay.ends, ends).astimezone(UTC) - max(stay.begins, begins).astimezone(UTC)
    return max(shared.total_seconds(), 0) / 3600
