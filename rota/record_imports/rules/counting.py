"""What old contacts add to the sums, counted as those of records are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from rota.record_imports.rules.rows import OldContact, OldSession
from rota.records.rules.counting import Fact, HourOfWeek, hour_of_week, of_contact
from rota.records.rules.drafts import Contact
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


def added_by(contacts: Iterable[OldContact], channels: Mapping[str, UUID], zone: str) -> Added:
    """Add up what contacts say; what is not known of one adds nothing there."""
    sums: dict[Month, Counter[Fact]] = defaultdict(Counter)
    hours: dict[UUID, Counter[HourOfWeek]] = defaultdict(Counter)
    for one in contacts:
        channel = channels[one.channel]
        sums[Month(channel, one.day.replace(day=1))] += _facts(one)
        if one.at and one.language and one.kind != WRONG_CHANNEL:
            hours[channel][hour_of_week(one.at, zone, one.language, one.kind)] += one.times
    return Added(dict(sums), dict(hours))


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
