"""The figure that matters: open hours a week of the pool, beside each project alone and before.

And seats that are kept already: they stay whatever has changed since, so a scenario says that
those who keep them can be there. Else the planner would refuse it as a whole.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from rota.availability.rules import Window, covering
from rota.bookings.rules import Circumstances, Stay, Wish, worker_may

CAN = 1
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Figure:
    """Hours a week, as the planner computed them; `before` is what each project really ran."""

    pool: float
    alone: dict[str, float]
    before: dict[str, float]

    @property
    def best_alone(self) -> float:
        """The best single project, planned alone."""
        return max(self.alone.values(), default=0.0)

    @property
    def best_before(self) -> float:
        """The most that one project ran a week before it joined."""
        return max(self.before.values(), default=0.0)


def figure(scenario: Mapping[str, Any], plan: Mapping[str, Any], channels: Iterable[str]) -> Figure:
    """Work the figure of these channels out of a scenario and its plan; nothing is typed in.

    Channels are named because what projects ran before were sessions: forum work and messages
    beside them would flatter the pool.
    """
    days = (date.fromisoformat(scenario["until"]) - date.fromisoformat(scenario["from"])).days
    minutes_a_week = 60 * days / 7
    told, counted = plan["open_minutes_by_channel"], list(channels)

    def hours(minutes: Mapping[str, float]) -> float:
        return sum(minutes.get(channel, 0) for channel in counted) / minutes_a_week

    return Figure(
        pool=hours(told["pool"]),
        alone={project: hours(minutes) for project, minutes in told["alone"].items()},
        before={
            project["id"]: project.get("hours_before_per_week", 0.0)
            for project in scenario["projects"]
        },
    )


def days_of(scenario: Mapping[str, Any]) -> tuple[date, date]:
    """Give the first and the last day that a plan is for."""
    first, until = (date.fromisoformat(scenario[name]) for name in ("from", "until"))
    return first, until - timedelta(days=1)


def available_with(windows: Sequence[Window], held: Sequence[Stay]) -> list[Window]:
    """Add the time of seats that are kept, where no weekly time covers it."""
    added = [
        Window(stay.begins, stay.ends, CAN)
        for stay in held
        if covering(windows, stay.begins, stay.ends) is None
    ]
    return sorted([*windows, *added], key=lambda window: (window.begins, window.ends))


def busy_without(
    busy: Sequence[tuple[datetime, datetime]], held: Sequence[Stay]
) -> list[tuple[datetime, datetime]]:
    """Cut the time of seats that are kept out of the times at which somebody is away."""
    left = list(busy)
    for stay in held:
        left = [
            part
            for begins, ends in left
            for part in ((begins, min(ends, stay.begins)), (max(begins, stay.ends), ends))
            if part[0] < part[1]
        ]
    return sorted(left)


def periods(trainings: Iterable[tuple[str, date, date]], first: date) -> list[dict[str, Any]]:
    """Say when trainings hold; what holds when the plan begins needs no day of issue."""
    now: dict[str, date] = {}
    later = []
    for name, issued, last in sorted(trainings):
        if issued <= first:
            now[name] = max(last, now.get(name, last))
        else:
            later.append({"name": name, "expires": last.isoformat(), "issued": issued.isoformat()})
    held = [{"name": name, "expires": last.isoformat()} for name, last in now.items()]
    return sorted([*held, *later], key=lambda each: each["name"])


class Limits(NamedTuple):
    """How much somebody works in a week, and what rest they are owed."""

    hours_per_week: float
    shifts_per_week: int
    rest_hours: float


def beside(
    held: Sequence[Stay], elsewhere: Iterable[Stay], limits: Limits, zone: str
) -> list[Stay]:
    """List at what else somebody works; nothing of it where kept seats would break a limit by it.

    Those were allowed when they were taken, and stay.
    """
    work = sorted((one for one in elsewhere if not one.on_call), key=lambda one: one.begins)
    kept = [stay for stay in held if not stay.on_call]
    for at, stay in enumerate(kept):
        known = Circumstances(
            roles=frozenset({"worker"}),
            left=False,
            **limits._asdict(),
            on_call_at_once=0,
            trainings=(),
            leave=(),
            booked=[*work, *kept[:at], *kept[at + 1 :]],
            texts_lacking=(),
        )
        if worker_may(Wish(stay, "lead", zone, ()), known, LONG_AGO):
            return []
    return work


def time_of(moment: datetime) -> str:
    """Write a moment as scenarios have it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def with_held(offered: Mapping[UUID, int], held: Mapping[UUID, Stay]) -> list[dict[str, Any]]:
    """List what somebody elsewhere can take: what home offered, and what they have already."""
    can_take = dict.fromkeys(held, CAN) | dict(offered)
    return [
        {"shift": str(shift), "preference": preference}
        for shift, preference in sorted(can_take.items())
    ]


COUNTED = {"lead": "workers", "second": "workers", "supervisor": "supervisors"}


def lacking_again(scenario: Mapping[str, Any], planned: Mapping[str, str]) -> list[str]:
    """List shifts that were to have their minimum and of which fewer seats are kept now.

    Languages are the planner's to judge: a shift may be named here that opens all the same,
    and then nothing is added to it.
    """
    kept = {entry["seat"] for entry in scenario["fixed"]}
    return [
        shift["id"]
        for shift in scenario["shifts"]
        if _reached(shift, planned) and _fewer(shift, kept, planned)
    ]


def _reached(shift: Mapping[str, Any], holds: Container[str]) -> bool:
    counts = dict.fromkeys(("workers", "supervisors"), 0)
    for seat in shift["seats"]:
        if seat["role"] in COUNTED and seat["id"] in holds:
            counts[COUNTED[seat["role"]]] += 1
    return all(counts[name] >= needed for name, needed in shift["minimum"].items())


def _fewer(shift: Mapping[str, Any], kept: Container[str], planned: Container[str]) -> bool:
    seats = [seat["id"] for seat in shift["seats"] if seat["role"] in COUNTED]
    return any(seat in planned and seat not in kept for seat in seats)


def proposals(scenario: Mapping[str, Any], plan: Mapping[str, Any]) -> list[dict[str, str]]:
    """List what publishing a plan asks of people: its assignments without those that were fixed."""
    fixed = {(entry["seat"], entry["worker"]) for entry in scenario["fixed"]}
    return [
        {"seat": entry["seat"], "worker": entry["worker"]}
        for entry in plan["assignments"]
        if (entry["seat"], entry["worker"]) not in fixed
    ]
