"""What a finished record adds to the sums: they stay when single records are deleted."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rota.records.rules.drafts import Contact, Draft, full_hour
from rota.records.rules.lists import SUPPORT, TALKED, TURNED_AWAY, WRONG_CHANNEL

RECORDS = "records"
HOURS_A_DAY = 24


class Fact(NamedTuple):
    """Something that is counted by month: what of it, and which of its values."""

    dimension: str
    value: str


class HourOfWeek(NamedTuple):
    """An hour as demand reads it: a local week, the hour in it from Monday on, a language."""

    monday: date
    hour: int
    language: str
    kind: str


def facts(draft: Draft) -> Counter[Fact]:
    """Count what a record says; a draft that is not done says nothing."""
    counted: Counter[Fact] = Counter()
    if draft.done:
        counted.update(_of_session(draft))
        for contact in draft.contacts:
            counted.update(of_contact(contact))
    return counted


def hours(draft: Draft, zone: str) -> Counter[HourOfWeek]:
    """Count who wrote when, by the pool's clock: whom we talked with, and who was turned away."""
    if not draft.done:
        return Counter()
    return Counter(
        hour_of_week(contact.at, zone, contact.language, contact.kind)
        for contact in draft.contacts
        if contact.kind != WRONG_CHANNEL
    )


def hour_of_week(at: datetime, zone: str, language: str, kind: str) -> HourOfWeek:
    """Place a moment in the local week; where a clock goes back, both hours are one place."""
    local = full_hour(at).astimezone(ZoneInfo(zone))
    day = local.date()
    monday = day - timedelta(days=day.weekday())
    return HourOfWeek(monday, day.weekday() * HOURS_A_DAY + local.hour, language, kind)


def _of_session(draft: Draft) -> Iterator[Fact]:
    yield Fact(RECORDS, "session")
    if draft.pace is not None:
        yield Fact("pace", draft.pace)
    if draft.technical_trouble:
        yield Fact("trouble", "technical")
    if draft.staff_abused:
        yield Fact("trouble", "staff-abused")
    if draft.support in SUPPORT:
        yield Fact("support", draft.support)


def of_contact(contact: Contact) -> Iterator[Fact]:
    """List what is counted of one contact."""
    yield Fact("contacts", contact.kind)
    if contact.kind == TURNED_AWAY:
        yield Fact("language-turned-away", contact.language)
    if contact.unmet is not None:
        yield Fact("unmet", contact.unmet)
    if contact.kind != TALKED:
        return
    yield Fact("language", contact.language)
    yield Fact("familiarity", contact.familiarity)
    for topic in contact.topics:
        yield Fact("topic", topic)
    said = (
        ("minutes", contact.minutes),
        ("outcome", contact.outcome),
        ("signpost", str(contact.signpost) if contact.signpost else None),
        ("area", contact.area),
        ("gender", contact.gender),
        ("nationality", contact.nationality),
    )
    for dimension, value in said:
        if value is not None:
            yield Fact(dimension, value)
