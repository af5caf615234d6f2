"""How many of each kind a row tells of, and what is no count."""

import pytest

from federation.errors import Reason
from tests.rota.record_imports.world import codes, fates

NO_COUNT = Reason(
    "not-a-count",
    "It has no count from 0 to 200 where one is expected. "
    "Write one whole number without signs, such as 5.",
)


@pytest.mark.parametrize(
    ("header", "cells", "counted"),
    [
        # one row, one contact
        ("Type", "contact", {"talked": 1}),
        ("Type", "missed", {"turned-away": 1}),
        ("Missed", "yes", {"turned-away": 1}),
        ("Missed", "\u2713", {"turned-away": 1}),
        ("Missed", "no", {"talked": 1}),
        ("Missed", "-", {"talked": 1}),
        ("Type,Missed", "contact,no", {"talked": 1}),
        ("Type,Missed", "missed,yes", {"turned-away": 1}),
        ("Type,Missed", "missed,", {"turned-away": 1}),
        # how many were turned away beside it
        ("Missed", "3", {"turned-away": 3}),
        ("Type,Missed", "contact,3", {"talked": 1, "turned-away": 3}),
        ("Type,Missed", "spam,2", {"wrong-channel": 1, "turned-away": 2}),
        ("Type,Missed", "missed,2", {"turned-away": 2}),
        # one row, how many of its kind
        ("Contacts", "3", {"talked": 3}),
        ("Contacts,Missed", "3,2", {"talked": 3, "turned-away": 2}),
        ("Type,Contacts", ",3", {"talked": 3}),
        ("Type,Contacts", "contact,3", {"talked": 3}),
        ("Type,Contacts", "missed,3", {"turned-away": 3}),
        ("Type,Contacts", "wrong number,3", {"wrong-channel": 3}),
        ("Type,Contacts,Missed", "contact,3,2", {"talked": 3, "turned-away": 2}),
        ("Type,Contacts,Missed", "spam,3,2", {"wrong-channel": 3, "turned-away": 2}),
        ("Type,Contacts,Missed", "missed,3,0", {"turned-away": 3}),
        ("Type,Contacts,Missed", "missed,,2", {"turned-away": 2}),
    ],
)
def test_how_many_of_each_kind(header: str, cells: str, counted: dict[str, int]) -> None:
    [fate] = fates(f"Date,{header}\n2026-11-03,{cells}\n")
    assert fate.reasons == ()
    assert {one.kind: one.times for one in fate.contacts} == counted


@pytest.mark.parametrize(
    ("header", "cells", "code"),
    [
        # of one contact, or of another one?
        ("Type,Missed", "contact,yes", "two-kinds"),
        ("Type,Missed", "spam,1", "two-kinds"),
        ("Type,Contacts,Missed", "missed,3,2", "turned-away-twice"),
    ],
)
def test_what_two_columns_say_differently_is_asked(header: str, cells: str, code: str) -> None:
    assert codes(f"Date,{header}\n2026-11-03,{cells}\n") == [(2, "left-out", [code])]


@pytest.mark.parametrize(
    "cell",
    [
        *("<5", "> 5", "10+", "~5", "-3", "(2)", "5?", "5-6", "5 or 6", "ca. 5", "2x", "half 5"),
        *("1/2", "\u00bd", "\u00b2", "201", "5.0", "1,234", "?", "...", "many"),
    ],
)
def test_what_is_not_exactly_a_number_is_no_count(cell: str) -> None:
    for header in ("Contacts", "Missed"):
        [fate] = fates(f'Date,{header}\n2026-11-03,"{cell}"\n')
        assert (cell, fate.fate, fate.reasons) == (cell, "left-out", (NO_COUNT,))
