"""What old contacts add to the sums, counted as those of records are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from rota.record_imports.rules.rows import OldContact, OldSession
from rota.records.rules.counting import Fact, HourOfWeek, hour_of_week, of_contact
from rota.records.rules.drafts import HOUR, Contact, full_hour
from rota.records.rules.lists import WRONG_CHANNEL

IMPORTED = "imported"
NO_HOUR = datetime.min.replace(tzinfo=UTC)


class Month(NamedTuple):
    """A month of a channel."""

    channel: UUID
    first: date


@dataclass(frozen=True, slots=True)
class Added:
    """What an import adds: by channel and month, and by channel and hour of the week."""

    sums: Mapping[Month, Counter[Fact]]
    hours: Mapping[UUID, Counter[HourOfWeek]]


Covered = AbstractSet[tuple[str, datetime]]
"""Full hours in which somebody was there, each with its channel's short name."""


def hours_of(sessions: Iterable[OldSession]) -> Covered:
    """List the hours of sessions; without knowing these, a contact says nothing of demand."""
    return {(one.channel, at) for one in sessions for at in _each_hour(one.starts, one.ends)}


def _each_hour(starts: datetime, ends: datetime) -> list[datetime]:
    first = full_hour(starts)
    return [first + n * HOUR for n in range(ceil((ends - first) / HOUR))]


def added_by(
    contacts: Iterable[OldContact], channels: Mapping[str, UUID], zone: str, covered: Covered
) -> Added:
    """Add up what contacts say; what is not known of one adds nothing there."""
    ordered = sorted(contacts, key=_in_order)
    sums: dict[Month, Counter[Fact]] = defaultdict(Counter)
    hours: dict[UUID, Counter[HourOfWeek]] = defaultdict(Counter)
    for one in ordered:
        sums[Month(channels[one.channel], one.day.replace(day=1))] += _facts(one)
    for one, at in in_demand(ordered, covered):
        hours[channels[one.channel]][hour_of_week(at, zone, one.language, one.kind)] += 1
    return Added(dict(sums), dict(hours))


def in_demand(
    contacts: Iterable[OldContact], covered: Covered
) -> Iterator[tuple[OldContact, datetime]]:
    """Give each who wrote while somebody was there, with their hour.

    Where only a session is known, its hours are taken in turn, so that none gets more than others.
    """
    turns: Counter[str] = Counter()
    for one in contacts:
        if one.at is None or not one.language or one.kind == WRONG_CHANNEL:
            continue
        its_hours = _each_hour(one.at, one.until) if one.until else [one.at]
        for _ in range(one.times):
            at = its_hours[turns[one.channel] % len(its_hours)]
            turns[one.channel] += len(its_hours) > 1
            if (one.channel, at) in covered:
                yield one, at


def _facts(one: OldContact) -> Counter[Fact]:
    contact = Contact(
        at=one.at or NO_HOUR,
        language=one.language,
        kind=one.kind,
        familiarity=one.familiarity,
        minutes=one.minutes or None,
        topics=list(one.topics),
        outcome=one.outcome or None,
        unmet=one.unmet or None,
        area=one.area or None,
        gender=one.gender or None,
        nationality=one.nationality or None,
    )
    known = [fact for fact in of_contact(contact) if fact.value]
    return Counter(dict.fromkeys([*known, Fact(IMPORTED, one.kind)], one.times))


class _Sum(msgspec.Struct, array_like=True):
    channel: UUID
    month: date
    dimension: str
    value: str
    count: int


class _Hour(msgspec.Struct, array_like=True):
    channel: UUID
    monday: date
    hour: int
    language: str
    kind: str
    count: int


class _Written(msgspec.Struct):
    sums: list[_Sum]
    hours: list[_Hour]


def written(added: Added) -> dict[str, Any]:
    """Write down what was added, so that it can be subtracted."""
    found: dict[str, Any] = msgspec.to_builtins(
        _Written(
            [
                _Sum(*month, *fact, count)
                for month, facts in added.sums.items()
                for fact, count in facts.items()
            ],
            [
                _Hour(channel, *hour, count)
                for channel, hours in added.hours.items()
                for hour, count in hours.items()
            ],
        )
    )
    return found


def read_again(kept: Mapping[str, Any]) -> Added:
    """Read what was written down."""
    found = msgspec.convert(kept, _Written)
    sums: dict[Month, Counter[Fact]] = defaultdict(Counter)
    for one in found.sums:
        sums[Month(one.channel, one.month)][Fact(one.dimension, one.value)] = one.count
    hours: dict[UUID, Counter[HourOfWeek]] = defaultdict(Counter)
    for each in found.hours:
        place = HourOfWeek(each.monday, each.hour, each.language, each.kind)
        hours[each.channel][place] = each.count
    return Added(dict(sums), dict(hours))


def content_of(contacts: Iterable[OldContact], sessions: Iterable[OldSession]) -> bytes:
    """Write what is counted in one order: the same rows are the same, from whatever file."""
    return msgspec.json.encode([sorted(contacts, key=_in_order), sorted(sessions)])


def _in_order(one: OldContact) -> bytes:
    return msgspec.json.encode(one)
