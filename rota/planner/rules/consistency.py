"""What a scenario may not contradict: each fault is one line."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from zoneinfo import ZoneInfo

from rota.planner.rules.board import KIND_OF, Kind
from rota.planner.rules.naming import shown
from rota.planner.rules.scenario import Busy, Scenario, Shift, Window, Worker
from rota.planner.rules.weeks import Calendar, moment

FIRST_YEAR, LAST_YEAR = 1900, 2200  # beyond these no zone's clock changes are known
LONGEST_SHIFT_DAYS = 366
LONGEST_MEETING_MINUTES = 24 * 60


def contradictions(scenario: Scenario) -> Iterator[str]:
    """Name every fault that makes sense only when the whole is known."""
    zone = _zone(scenario.zone)
    if zone is None:
        yield f"scenario.zone: The zone {shown(scenario.zone)} is not known."
    years_known = scenario.from_.year >= FIRST_YEAR and scenario.until.year <= LAST_YEAR
    if not years_known:
        yield f"scenario: The plan must lie between the years {FIRST_YEAR} and {LAST_YEAR}."
    if scenario.until <= scenario.from_:
        yield f"scenario.until: The plan ends on {scenario.until}, not after {scenario.from_}."
    yield from _projects(scenario)
    yield from _workers(scenario)
    yield from _shifts(scenario, zone if years_known else None)
    yield from _fixed(scenario)


@lru_cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: a folder of zones, or a name too long
        return None


def _twice(name: str, noun: str, ids: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for index, each in enumerate(ids):
        if each in seen:
            yield f"{name}[{index}]: {noun} {shown(each)} is there twice."
        seen.add(each)


def _projects(scenario: Scenario) -> Iterator[str]:
    yield from _twice("projects", "Project", (each.id for each in scenario.projects))


def _workers(scenario: Scenario) -> Iterator[str]:
    projects = {each.id for each in scenario.projects}
    shifts = {each.id for each in scenario.shifts}
    yield from _twice("workers", "Worker", (each.id for each in scenario.workers))
    for index, worker in enumerate(scenario.workers):
        where, who = f"workers[{index}]", f"Worker {shown(worker.id)}"
        if worker.project not in projects:
            yield f"{where}.project: {who} is of project {shown(worker.project)}, not known here."
        yield from _one_way_of_offering(worker, where, who)
        yield from _spans(f"{where}.available", who, worker.available or ())
        yield from _spans(f"{where}.busy", who, worker.busy or ())
        yield from _spans(f"{where}.booked", who, worker.booked)
        yield from _offers(worker, shifts, where, who)


def _one_way_of_offering(worker: Worker, where: str, who: str) -> Iterator[str]:
    own = {"available": worker.available, "busy": worker.busy, "trainings": worker.trainings}
    given = [name for name, value in own.items() if value is not None]
    if worker.can_take is None:
        for name in own:
            if name not in given:
                yield f'{where}: {who}: the field "{name}" is missing.'
    elif given:
        listed = ", ".join(f'"{name}"' for name in given)
        yield f'{where}: {who} has "can_take" together with {listed}; only one kind is allowed.'


def _spans(where: str, who: str, spans: Sequence[Window | Busy]) -> Iterator[str]:
    for index, span in enumerate(spans):
        if span.end <= span.start:
            yield f"{where}[{index}]: {who} has a time that ends no later than it starts."


def _offers(worker: Worker, shifts: set[str], where: str, who: str) -> Iterator[str]:
    offers = worker.can_take or ()
    for index, offer in enumerate(offers):
        if offer.shift not in shifts:
            yield (
                f"{where}.can_take[{index}].shift: {who} can take shift {shown(offer.shift)}, "
                "which is not known here."
            )
    listed = [offer.shift for offer in offers]
    for index, each in enumerate(listed):
        if each in listed[:index]:
            yield f"{where}.can_take[{index}]: {who} has shift {shown(each)} twice."


def _shifts(scenario: Scenario, zone: ZoneInfo | None) -> Iterator[str]:
    yield from _twice("shifts", "Shift", (each.id for each in scenario.shifts))
    taken: set[str] = set()
    for index, shift in enumerate(scenario.shifts):
        where, which = f"shifts[{index}]", f"Shift {shown(shift.id)}"
        for place, seat in enumerate(shift.seats):
            if seat.id in taken:
                yield f"{where}.seats[{place}]: Seat {shown(seat.id)} is there twice."
            taken.add(seat.id)
        yield from _minimum(shift, where, which)
        yield from _times(scenario, shift, zone, where, which)


def _minimum(shift: Shift, where: str, which: str) -> Iterator[str]:
    kinds = [KIND_OF[seat.role] for seat in shift.seats]
    asked = (
        ("workers", shift.minimum.workers, Kind.STAFF),
        ("supervisors", shift.minimum.supervisors, Kind.ON_CALL),
    )
    for name, needed, kind in asked:
        if needed > kinds.count(kind):
            yield (
                f"{where}.minimum.{name}: {which} has a minimum of {needed} {name}, "
                f"above its number of seats for them, {kinds.count(kind)}."
            )


def _times(
    scenario: Scenario, shift: Shift, zone: ZoneInfo | None, where: str, which: str
) -> Iterator[str]:
    if shift.end <= shift.start:
        yield f"{where}.end: {which} ends no later than it starts."
        return
    if (shift.end - shift.start).days >= LONGEST_SHIFT_DAYS:
        yield f"{where}.end: {which} lasts longer than a year."
        return
    meetings = max(shift.briefing_minutes, shift.debrief_minutes)
    if meetings > LONGEST_MEETING_MINUTES:
        yield f"{where}: {which} has a meeting longer than a day."
        return
    if zone is None or not FIRST_YEAR <= shift.start.year <= LAST_YEAR:
        inside = zone is None
    else:
        day = Calendar(zone).day(moment(shift.start))
        inside = scenario.from_ <= day < scenario.until
    if not inside:
        yield (
            f"{where}.start: {which} starts outside the plan, "
            f"which runs from {scenario.from_} until {scenario.until}."
        )


def _fixed(scenario: Scenario) -> Iterator[str]:
    seats = {seat.id for shift in scenario.shifts for seat in shift.seats}
    workers = {worker.id for worker in scenario.workers}
    yield from _twice("fixed", "The fixed seat", (each.seat for each in scenario.fixed))
    for index, fixed in enumerate(scenario.fixed):
        if fixed.seat not in seats:
            yield f"fixed[{index}].seat: Seat {shown(fixed.seat)} is not known here."
        if fixed.worker not in workers:
            yield f"fixed[{index}].worker: Worker {shown(fixed.worker)} is not known here."
