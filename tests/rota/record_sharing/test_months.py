"""All tables of all months together, before somebody who knows the rules and may combine them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from rota.record_sharing.rules.hiding import SMALL, Counts, Shown
from rota.record_sharing.rules.tables import (
    CONTACTS,
    OF_TALKS,
    TOPIC,
    UNMET,
    Month,
    month_counted,
    shown,
)
from rota.records.rules.counting import Fact
from rota.records.rules.drafts import MOST_TOPICS
from rota.records.rules.lists import KINDS, TALKED
from tests.rota.record_sharing.attacker import Table, named, recovered

JANUARY = date(2027, 1, 1)


def of(*values: int) -> Table:
    return dict(zip(KINDS, values, strict=True))


def test_a_month_by_hand() -> None:
    sums = {
        Fact("records", "session"): 9,
        Fact("contacts", "talked"): 21,
        Fact("contacts", "turned-away"): 2,
        Fact("language", "en"): 12,
        Fact("language", "ro"): 9,
        Fact("familiarity", "new"): 14,
        Fact("familiarity", "returning"): 7,
        Fact("minutes", "under-10"): 6,
        Fact("minutes", "10-30"): 3,
        Fact("outcome", "answered"): 20,
        Fact("outcome", "declined"): 1,
        Fact("topic", "health"): 21,
        Fact("topic", "tax"): 18,
        Fact("unmet", "housing"): 6,
        Fact("area", "NE1"): 20,
    }
    monday, last = date(2026, 12, 28), date(2027, 1, 25)
    hours = {(monday, 43): 12, (monday, 4 * 24 + 2): 9, (last, 7 * 24 - 1): 50}
    month = month_counted(sums, hours, JANUARY, ["en", "nl"], ["health", "housing", "tax"])
    assert (month.sessions, month.total) == (9, 23)
    assert shown(month) == {
        "contacts": {"talked": 21, "turned-away": None, "wrong-channel": 0},
        "language": {"en": 12, "nl": 0, "other": 9},
        "familiarity": {"new": 14, "returning": 7, "not-said": 0},
        "minutes": {"under-10": None, "10-30": None, "30-60": 0, "over-60": 0, "not-said": 12},
        "outcome": {"answered": None, "signposted": 0, "declined": None, "ended-early": 0},
        # of 71, since a session of the last Sunday was counted by its hours alone
        "part": dict.fromkeys(
            ("weekday-day", "weekday-evening", "weekend-day", "weekend-evening", "night")
        ),
        "topic": {"health": 21, "housing": 0, "tax": None},
        "unmet": {"health": 0, "housing": 6, "tax": 0, "nothing": None},
    }


def test_parts_of_the_week_where_they_speak_of_the_same_people() -> None:
    sums = {Fact("records", "session"): 2, Fact("contacts", "talked"): 22}
    monday = date(2027, 1, 4)
    hours = {
        (monday, 9): 5,
        (monday, 18): 6,
        (monday, 5 * 24 + 17): 2,
        (monday, 6 * 24 + 23): 5,
        (monday, 6 * 24 + 5): 4,
    }
    told = shown(month_counted(sums, hours, JANUARY, [], []))["part"]
    assert told == {
        "weekday-day": 5,
        "weekday-evening": 6,
        "weekend-day": None,
        "weekend-evening": 5,
        "night": None,
    }


def test_of_so_few_that_they_could_be_known_nothing_is_told() -> None:
    sums = {Fact("records", "session"): 2, Fact("contacts", "turned-away"): 4}
    told = shown(month_counted(sums, {}, JANUARY, ["en"], ["tax"]))
    assert {count for table in told.values() for count in table.values()} == {None}
    nobody = shown(month_counted({Fact("records", "session"): 2}, {}, JANUARY, ["en"], ["tax"]))
    assert nobody == told
    nothing = shown(month_counted({}, {}, JANUARY, ["en"], ["tax"]))
    assert {count for table in nothing.values() for count in table.values()} == {0}


def of_all(world: Table) -> Shown:
    """Publish contacts of three kinds with what two things of them were not met."""
    contacts = {kind: world[kind] for kind in KINDS}
    told = shown(Month(1, contacts, {}, {}, {cell: world[cell] for cell in ("c0", "c1")}))
    return told[CONTACTS] | told[UNMET]


def test_contacts_and_what_was_not_met_reveal_nothing_of_one_another() -> None:
    worlds = [
        of(*counts) | named(unmet) | {"nothing": sum(counts) - sum(unmet)}
        for counts in product(range(7), repeat=3)
        for unmet in product(range(sum(counts) + 1), repeat=2)
        if sum(unmet) <= sum(counts)
    ]
    assert recovered(worlds, of_all) == []


def splits(total: int, cells: int) -> st.SearchStrategy[Table]:
    """Split a number at random places; small pieces are common."""
    places = st.lists(st.integers(0, total), min_size=cells - 1, max_size=cells - 1).map(sorted)
    return places.map(
        lambda cuts: named(b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True))
    )


@st.composite
def months(draw: st.DrawFn) -> Month:
    contacts = of(*draw(st.tuples(*(st.integers(0, 24) for _ in KINDS))))
    talked, total = contacts[TALKED], sum(contacts.values())
    of_talks = {name: draw(splits(talked, 2 + at % 4)) for at, name in enumerate(OF_TALKS)}
    topics = named(draw(st.lists(st.integers(0, talked), min_size=1, max_size=6)))
    unmet = draw(splits(total, 4))
    del unmet["c0"]
    return Month(3, contacts, of_talks, topics, unmet)


@settings(max_examples=100)
@given(st.lists(months(), min_size=1, max_size=4))
def test_every_hidden_count_of_every_month_could_be_another(year: list[Month]) -> None:
    published = [shown(month) for month in year]
    for at, (month, told) in enumerate(zip(year, published, strict=True)):
        for name, table in told.items():
            small = [count for count in table.values() if count and count < SMALL]
            assert small == []
            for cell in (cell for cell, count in table.items() if count is None):
                assert any(
                    [shown(other) for other in (*year[:at], world, *year[at + 1 :])] == published
                    for world in otherwise(month, name, cell)
                ), (name, cell, told)


FEW_CELLS = 3


def otherwise(month: Month, name: str, cell: str) -> Iterator[Month]:
    """Give months that could have been, in which one cell has another value."""
    for world in nearby(month, name, cell):
        tables = {CONTACTS: world.contacts, TOPIC: world.topics, UNMET: world.unmet}
        before = {CONTACTS: month.contacts, TOPIC: month.topics, UNMET: month.unmet}
        told, was = {**tables, **world.of_talks}[name], {**before, **month.of_talks}[name]
        differs = (
            world.total - sum(world.unmet.values()) != month.total - sum(month.unmet.values())
            if cell == "nothing"
            else told[cell] != was[cell]
        )
        if differs and is_possible(world):
            yield world


def is_possible(month: Month) -> bool:
    talked = month.contacts[TALKED]
    return (
        all(sum(table.values()) == talked for table in month.of_talks.values())
        and all(count <= talked for count in month.topics.values())
        and sum(month.topics.values()) <= MOST_TOPICS * talked
        and 0 <= sum(month.unmet.values()) <= month.total
        and min(month.unmet.values(), default=0) >= 0
    )


def splits_of(total: int, cells: int) -> Iterator[Table]:
    """Give all tables of few cells: what differs in every cell is not near."""
    for counts in product(range(total + 1), repeat=cells - 1 if cells <= FEW_CELLS else 0):
        if sum(counts) <= total and cells <= FEW_CELLS:
            yield named([*counts, total - sum(counts)])


def nearby(month: Month, name: str, cell: str) -> Iterator[Month]:
    talks = month.contacts[TALKED]
    if name in month.of_talks:
        for table in moved(dict(month.of_talks[name]), cell):
            yield replace(month, of_talks={**month.of_talks, name: table})
        for table in splits_of(talks, len(month.of_talks[name])):
            yield replace(month, of_talks={**month.of_talks, name: table})
    if name == TOPIC:
        for count in range(talks + 1):
            yield replace(month, topics={**month.topics, cell: count})
    if name == UNMET:
        rest = month.total - sum(month.unmet.values())
        for table in moved({**month.unmet, "nothing": rest}, cell):
            yield replace(month, unmet={key: table[key] for key in month.unmet})
        for other, count in product(month.unmet, range(month.total + 1)):
            alone = dict.fromkeys(month.unmet, 0) | {other: month.total - count}
            yield replace(month, unmet=alone | {cell: count} if cell in alone else alone)
    for contacts, first in product(alike(month), ("c0", cell)):
        yield of_one_sort(month, contacts, first)


def is_few(contacts: Counts) -> bool:
    return sum(contacts.values()) < SMALL


def alike(month: Month) -> Iterator[Table]:
    """Give all contacts of which the same would be told."""
    few = is_few(month.contacts)
    for counts in product(range(SMALL), repeat=len(KINDS)):
        small = of(*counts)
        if few and is_few(small):
            yield small
        elif not few and 0 not in counts:
            hidden = {kind for kind, count in month.contacts.items() if 0 < count < SMALL}
            yield {**month.contacts, **{kind: small[kind] for kind in hidden}}


def of_one_sort(month: Month, contacts: Table, first: str) -> Month:
    """Let all whom a month knows be of one sort, and ask for the same, where that is not told."""
    talked = contacts[TALKED]
    if talked >= SMALL or (talked == 0 and not is_few(contacts)):
        return replace(month, contacts=contacts, unmet=fitted(month.unmet, contacts))
    of_talks = {
        name: {cell: talked * (cell == (first if first in table else "c0")) for cell in table}
        for name, table in month.of_talks.items()
    }
    topics = {cell: talked * (cell == first) for cell in month.topics}
    unmet = fitted(month.unmet, contacts)
    if is_few(contacts):
        unmet = {cell: sum(contacts.values()) * (cell == first) for cell in unmet}
    return Month(month.sessions, contacts, of_talks, topics, unmet)


def fitted(unmet: Counts, contacts: Table) -> Table:
    """Take from the largest what fewer people cannot have asked for."""
    largest = max(unmet, key=unmet.__getitem__, default="")
    too_many = max(0, sum(unmet.values()) - sum(contacts.values()))
    return {cell: count - too_many * (cell == largest) for cell, count in unmet.items()}


def moved(table: Table, cell: str) -> Iterator[Table]:
    for other in table:
        yield table | {cell: table[other], other: table[cell]}
        for by in range(-table[cell], table[other] + 1) if other != cell else ():
            yield table | {cell: table[cell] + by, other: table[other] - by}


def test_the_same_attack_finds_what_was_hidden_carelessly() -> None:
    month = Month(3, of(20, 0, 0), {"familiarity": named([17, 3])}, {}, {})
    careless: Shown = {"c0": 17, "c1": None}
    assert careless != shown(month)["familiarity"]
    others = otherwise(month, "familiarity", "c1")
    assert [one for one in others if one.of_talks["familiarity"]["c0"] == 17] == []
