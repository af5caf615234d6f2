"""An independent look at a plan: every rule again, from the scenario's own words alone.

It shares no code with what makes plans, so that one mistake cannot hide in both.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from rota.planner.rules.scenario import Scenario, Seat, Shift, Worker

Holdings = Mapping[str, str]  # seat to worker


def violations(scenario: Scenario, holds: Holdings) -> Iterator[str]:
    """Name each rule that the plan breaks; a good plan yields nothing."""
    workers = {each.id: each for each in scenario.workers}
    seats = {seat.id: (seat, shift) for shift in scenario.shifts for seat in shift.seats}
    for seat, worker in holds.items():
        if seat not in seats or worker not in workers:
            yield f"unknown: seat {seat} or worker {worker}"
            return
    for fixed in scenario.fixed:
        if holds.get(fixed.seat) != fixed.worker:
            yield f"fixed: seat {fixed.seat} lost {fixed.worker}"
    zone = ZoneInfo(scenario.zone)
    for seat, worker in holds.items():
        yield from _alone(workers[worker], *seats[seat], zone)
    yield from _closed(scenario, holds, workers)
    by_worker: dict[str, list[tuple[Seat, Shift]]] = defaultdict(list)
    for seat, worker in holds.items():
        by_worker[worker].append(seats[seat])
    for worker, held in by_worker.items():
        yield from _together(workers[worker], held, zone, scenario.supervisor_sessions_at_once)


def opened(scenario: Scenario, holds: Holdings) -> list[Shift]:
    """List the shifts that are open under the plan."""
    workers = {each.id: each for each in scenario.workers}
    return [shift for shift in scenario.shifts if _is_open(shift, holds, workers)]


def _utc(when: datetime) -> datetime:
    return when.astimezone(UTC)


def _span(seat: Seat, shift: Shift) -> tuple[datetime, datetime]:
    start, end = _utc(shift.start), _utc(shift.end)
    if seat.role == "supervisor":
        return start, end
    before, after = float(shift.briefing_minutes), float(shift.debrief_minutes)
    return start - timedelta(minutes=before), end + timedelta(minutes=after)


def _alone(worker: Worker, seat: Seat, shift: Shift, zone: ZoneInfo) -> Iterator[str]:
    role = "supervisor" if seat.role == "supervisor" else "worker"
    if role not in worker.roles:
        yield f"role: {worker.id} on {seat.id}"
    if worker.can_take is not None:
        if shift.id not in {offer.shift for offer in worker.can_take}:
            yield f"offer: {worker.id} on {seat.id}"
        return
    start, end = _span(seat, shift)
    reached = start
    for window in sorted(worker.available or (), key=lambda each: each.start):
        if window.start <= reached < window.end:
            reached = _utc(window.end)
    if reached < end:
        yield f"available: {worker.id} on {seat.id}"
    taken = (*(worker.busy or ()), *worker.booked)
    if any(busy.start < end and start < busy.end for busy in taken):
        yield f"busy: {worker.id} on {seat.id}"
    day = shift.start.astimezone(zone).date()
    for name in shift.trainings:
        held = [each for each in worker.trainings or () if each.name == name]
        if not any(each.issued <= day <= each.expires for each in held):
            yield f"training: {worker.id} on {seat.id}"


def _is_open(shift: Shift, holds: Holdings, workers: Mapping[str, Worker]) -> bool:
    staff = [holds[s.id] for s in shift.seats if s.role in {"lead", "second"} and s.id in holds]
    calls = [seat for seat in shift.seats if seat.role == "supervisor" and seat.id in holds]
    spoken = {language for each in staff for language in workers[each].languages}
    return (
        len(staff) >= shift.minimum.workers
        and len(calls) >= shift.minimum.supervisors
        and set(shift.languages) <= spoken
    )


def _closed(scenario: Scenario, holds: Holdings, workers: Mapping[str, Worker]) -> Iterator[str]:
    fixed = {each.seat for each in scenario.fixed}
    for shift in scenario.shifts:
        if not _is_open(shift, holds, workers):
            for seat in shift.seats:
                if seat.id in holds and seat.id not in fixed:
                    yield f"closed: seat {seat.id} of shift {shift.id}"


def _together(
    worker: Worker, held: list[tuple[Seat, Shift]], zone: ZoneInfo, at_once: int
) -> Iterator[str]:
    for shift, count in Counter(shift.id for _, shift in held).items():
        if count > 1:
            yield f"once: {worker.id} on {shift}"
    work = sorted(_span(seat, shift) for seat, shift in held if seat.role != "supervisor")
    calls = [_span(seat, shift) for seat, shift in held if seat.role == "supervisor"]
    for one, following in pairwise(work):
        if following[0] < one[1]:
            yield f"overlap: {worker.id} at {following[0]}"
        elif _rest_missed(worker, one[1], following[0], zone):
            yield f"rest: {worker.id} at {following[0]}"
    for start, end in calls:
        if sum(1 for one in calls if one[0] <= start < one[1]) > at_once:
            yield f"on-call: {worker.id} at {start}"
        if any(one[0] < end and start < one[1] for one in work):
            yield f"two places: {worker.id} at {start}"
    if worker.can_take is None:
        yield from _beside_what_is_booked(worker, work, zone)
    yield from _weeks(worker, held, work, zone)


def _beside_what_is_booked(
    worker: Worker, work: list[tuple[datetime, datetime]], zone: ZoneInfo
) -> Iterator[str]:
    for booked in worker.booked:
        start, end = _utc(booked.start), _utc(booked.end)
        for one in work:
            apart = (one[1], start) if one[1] <= start else (end, one[0])
            if _rest_missed(worker, *apart, zone):
                yield f"rest: {worker.id} at {one[0]}"


def _rest_missed(worker: Worker, end: datetime, start: datetime, zone: ZoneInfo) -> bool:
    ended, begun = end.astimezone(zone), start.astimezone(zone)
    day = ended.date() - timedelta(days=1) if ended.time() == time.min else ended.date()
    rest = Fraction(int((start - end) / timedelta(microseconds=1)), 3_600_000_000)
    return day != begun.date() and rest < worker.rest_hours


def _weeks(
    worker: Worker,
    held: list[tuple[Seat, Shift]],
    work: list[tuple[datetime, datetime]],
    zone: ZoneInfo,
) -> Iterator[str]:
    starts = [s.start.astimezone(zone).date() for seat, s in held if seat.role != "supervisor"]
    booked = [(_utc(each.start), _utc(each.end)) for each in worker.booked]
    begun = Counter(each[0].astimezone(zone).isocalendar()[:2] for each in booked)
    for week, count in Counter(each.isocalendar()[:2] for each in starts).items():
        if count + begun[week] > worker.shifts_per_week:
            yield f"shifts a week: {worker.id} in {week}"
    days = {each.astimezone(zone).date() for span in work for each in span}
    mondays = {day - timedelta(days=day.weekday()) for day in days}
    if mondays:
        every = range((max(mondays) - min(mondays)).days // 7 + 1)
        mondays = {min(mondays) + timedelta(weeks=each) for each in every}
    for first in mondays:
        hours = _hours_in([*work, *booked], first, zone)
        if _hours_in(work, first, zone) and hours > worker.hours_per_week:
            yield f"hours a week: {worker.id} in the week of {first}"


def _hours_in(work: list[tuple[datetime, datetime]], first: date, zone: ZoneInfo) -> Fraction:
    begin = _utc(datetime.combine(first, time.min, zone))
    until = _utc(datetime.combine(first + timedelta(days=7), time.min, zone))
    total = timedelta()
    for start, end in work:
        total += max(min(end, until) - max(start, begin), timedelta())
    return Fraction(total // timedelta(microseconds=1), 3_600_000_000)
