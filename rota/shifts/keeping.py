"""Between a pattern's row and the plain values that the rules work with."""

from dataclasses import asdict
from datetime import date, time
from hashlib import sha256
from typing import Any

import msgspec

from rota.shifts.models import ShiftPattern
from rota.shifts.rules.patterns import Answer, Pause, Timing
from rota.shifts.rules.staffing import Staffing

LISTS = ("seats", "languages", "wanted_languages")
TIMES = tuple(name for name in Timing.__dataclass_fields__ if name != "pauses")


class KeptPause(msgspec.Struct, frozen=True):
    """A pause as it stands in the table."""

    first_day: date
    last_day: date


class KeptAnswer(msgspec.Struct, frozen=True):
    """What holds on a day on which the clock jumps; without a time there is no session."""

    day: date
    starts: time | None = None
    minutes: int | None = None


def timing_of(pattern: ShiftPattern) -> Timing:
    """Take from the table what decides when."""
    kept = msgspec.convert(pattern.pauses, list[KeptPause])
    pauses = tuple(Pause(each.first_day, each.last_day) for each in kept)
    return Timing(**{name: getattr(pattern, name) for name in TIMES}, pauses=pauses)


def staffing_of_pattern(pattern: ShiftPattern) -> Staffing:
    """Take from the table who is wanted."""
    facts = {name: getattr(pattern, name) for name in Staffing.__dataclass_fields__}
    return Staffing(**{**facts, **{name: tuple(facts[name]) for name in LISTS}})


def answers_of(pattern: ShiftPattern) -> dict[date, Answer | None]:
    """Take from the table what was said about days on which the clock jumps."""
    kept = msgspec.convert(pattern.clock_answers, list[KeptAnswer])
    return {
        each.day: None if each.starts is None else Answer(each.starts, each.minutes or 0)
        for each in kept
    }


def columns_of(timing: Timing, staffing: Staffing) -> dict[str, Any]:
    """Write both as columns of the table."""
    lists = {name: list(getattr(staffing, name)) for name in LISTS}
    return {**asdict(timing), **asdict(staffing), **lists, "pauses": kept_pauses(timing.pauses)}


def kept_pauses(pauses: tuple[Pause, ...]) -> list[dict[str, Any]]:
    """Write pauses as they stand in the table."""
    kept: list[dict[str, Any]] = msgspec.to_builtins(
        [KeptPause(each.first_day, each.last_day) for each in pauses]
    )
    return kept


def kept_answer(day: date, answer: Answer | None) -> dict[str, Any]:
    """Write what was said about a day as it stands in the table."""
    said = KeptAnswer(day, answer.starts, answer.minutes) if answer else KeptAnswer(day)
    kept: dict[str, Any] = msgspec.to_builtins(said)
    return kept


def name_of(channel: object, series: str, timing: Timing, staffing: Staffing) -> str:
    """Name all that is set down, so that the same again is recognised."""
    facts = [str(channel), series, msgspec.to_builtins(columns_of(timing, staffing))]
    return sha256(msgspec.json.encode(facts, order="sorted")).hexdigest()
