"""Lists of services as CSV and as the JSON of HSDS 3, row by row."""

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from protocols.signposts.errors import WrongSignpostList
from protocols.signposts.rules.drafts import SignpostDraft
from protocols.signposts.rules.entries import Entry
from protocols.signposts.rules.fates import fates
from protocols.signposts.rules.lists import LONGEST_FILE, MOST_ROWS, Read, read_list
from tests.protocols.signposts.services import CLINIC, hsds

DROP_IN = SignpostDraft(
    source_id="ac148810-d857-441c-9679-408f346de14b",
    name="Drop-in (Harbour Trust)",
    services="Advice by post and in person.",
    opening="Thu, Fri 10:00 to 18:00",
    area="West Yorkshire",
    languages=["ur", "pl"],
    phone="+44 113 496 0124",
    email="hello@dropin.example",
    web="https://dropin.example",
    last_checked=date(2027, 1, 2),
)


def rows(content: str, written_as: Any = "csv") -> list[Read]:
    return read_list(content, written_as)


def drafts(content: Any) -> list[SignpostDraft | None]:
    return [read.draft for read in rows(json.dumps(content), "hsds")]


def test_a_service_of_hsds_is_read_without_its_people() -> None:
    assert drafts(hsds()) == [DROP_IN]
    assert "Persona" not in str(drafts(hsds()))


def test_hsds_comes_as_a_service_a_list_a_page_or_an_organization() -> None:
    giver = hsds()["organization"] | {"services": [hsds(organization=None)]}

    assert drafts([hsds(), hsds()]) == [DROP_IN, DROP_IN]
    assert drafts({"total_items": 1, "contents": [hsds()]}) == [DROP_IN]
    assert drafts(giver) == [DROP_IN]
    assert drafts([]) == []


def test_what_hsds_leaves_out_is_looked_for_where_it_may_be() -> None:
    bare = {
        "id": "1",
        "name": "Bare",
        "status": "defunct",
        "organization": {
            "id": "o",
            "name": "Bare",
            "email": "a@b.example",
            "website": "https://b.example",
        },
        "service_at_locations": [
            {
                "location": {
                    "languages": [{"code": "nl"}],
                    "addresses": [{"city": "Leeds"}, {"city": "Leeds"}],
                    "phones": [{"number": "+31 20 555 0123"}],
                    "schedules": [{"description": "By appointment"}],
                }
            }
        ],
    }

    assert drafts(bare) == [
        SignpostDraft(
            source_id="1",
            name="Bare",
            opening="By appointment",
            area="Leeds",
            languages=["nl"],
            phone="+31 20 555 0123",
            email="a@b.example",
            web="https://b.example",
            closed=True,
        )
    ]


@pytest.mark.parametrize(
    ("schedule", "opening"),
    [
        (
            {"byday": "2MO,-1FR", "opens_at": "10:00"},
            "2nd Mon of the month, last Fri of the month 10:00",
        ),
        ({"byday": "1WE", "freq": "MONTHLY"}, "1st Wed of the month"),
        ({"byday": "MO", "freq": "WEEKLY", "interval": 2}, "Mon, every 2 weeks"),
        ({"byday": "MO", "freq": "WEEKLY", "interval": "1"}, "Mon"),
        ({"bymonthday": "1,15", "freq": "MONTHLY"}, "on 1, 15 of the month"),
        (
            {
                "byday": "TU",
                "opens_at": "09:00Z",
                "closes_at": "17:30:00",
                "valid_to": "2026-12-31",
            },
            "Tue 09:00 to 17:30, until 2026-12-31",
        ),
        (
            {"description": "By appointment", "valid_from": "2027-03-01"},
            "By appointment, from 2027-03-01",
        ),
    ],
)
def test_a_rare_day_is_not_told_as_every_week(schedule: dict[str, Any], opening: str) -> None:
    [draft] = drafts(hsds(schedules=[schedule]))

    assert draft is not None
    assert draft.opening == opening


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ({"code": "ro", "name": "anything"}, ["ro"]),
        ({"name": "Romany"}, ["rom"]),
        ({"name": "brazilian portuguese"}, ["pt_BR"]),
        ({"name": "Whistling"}, []),
        ({}, []),
    ],
)
def test_a_language_is_known_by_its_code_or_its_name(
    language: dict[str, str], expected: list[str]
) -> None:
    [draft] = drafts(hsds(languages=[language]))

    assert draft is not None
    assert draft.languages == expected


def test_what_is_too_long_ends_with_dots() -> None:
    [draft] = drafts(hsds(description="a" * 2000))

    assert draft is not None
    assert (len(draft.services), draft.services[-2:]) == (1000, "a…")


@pytest.mark.parametrize("content", ["", "{", "[1", "7", '"x"', "[" * 100_000, '{"a":' * 100_000])
def test_what_is_no_hsds_is_refused(content: str) -> None:
    try:
        found = rows(content, "hsds")
    except WrongSignpostList:
        return
    assert [[reason.code for reason in read.reasons] for read in found] == [["row-hsds"]]


def test_one_wrong_service_stops_no_other() -> None:
    found = rows(json.dumps([hsds(), {"id": 7}, hsds()]), "hsds")

    assert [read.row for read in found] == [1, 2, 3]
    assert [read.draft for read in found] == [DROP_IN, None, DROP_IN]
    assert [reason.code for reason in found[1].reasons] == ["row-hsds"]


def test_csv_is_read_with_its_lines() -> None:
    content = (
        "\ufeffname;source_id;languages;phone;last_checked;expires;closed;check_every_days\r\n"
        '"Harbour;\nClinic";h1;en, ro;+44 113 496 0123;2027-01-04;2027-03-01;no;30\r\n'
        "Night shelter;;;116123;;;yes;\r\n"
    )

    assert rows(content) == [
        Read(
            3,
            SignpostDraft(
                name="Harbour;\nClinic",
                source_id="h1",
                languages=["en", "ro"],
                phone="+44 113 496 0123",
                last_checked=date(2027, 1, 4),
                expires=date(2027, 3, 1),
                check_every_days=30,
            ),
        ),
        Read(4, SignpostDraft(name="Night shelter", languages=[], phone="116123", closed=True)),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a,2027-13-01,no", "row-values"),
        ("a,,maybe", "row-values"),
        ("a,", "row-columns"),
        ("a,,no,more", "row-columns"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(line: str, expected: str) -> None:
    [bad, good] = rows(f"name,expires,closed\n{line}\nb,,no\n")

    assert ([reason.code for reason in bad.reasons], bad.draft) == ([expected], None)
    assert good.draft == SignpostDraft(name="b", languages=[])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "The first line has no column called name."),
        ("title\nx", "There is a column 'title'. Known are source_id, name, services"),
        ("name,owner\nx,y", "There is a column 'owner'."),
        ('name\n"open', "This is no CSV"),
        ("name\n" + "x\n" * (MOST_ROWS + 1), "The file has more than 2,000 services. Divide it."),
        ("name\n" + f"{'x' * 899}\n" * 1_001, "The file is larger than 900 kB. Divide it."),
        ("name,web\nx," + "y" * 140_000, "This is no CSV"),
    ],
)
def test_a_list_that_is_none_is_refused(content: str, why: str) -> None:
    with pytest.raises(WrongSignpostList, match=re.escape(why)):
        rows(content)


def test_a_list_may_be_as_large_as_is_said() -> None:
    lines = ["name", *("x" * 899 for _ in range(999))]
    content = "\n".join(lines)
    content += "\n" + "x" * (LONGEST_FILE - len(content) - 1)

    assert len(content.encode()) == LONGEST_FILE
    assert len(rows(content)) == 1_000


def entry(draft: SignpostDraft, **more: Any) -> Entry:
    facts = {name: getattr(draft, name) for name in SignpostDraft.__slots__}
    return Entry(**{"id": uuid4(), **facts, **more})


KNOWN = replace(CLINIC, source_id="h1", phone="+44 113 496 0123", languages=["en", "ro"])


def told(known: list[Entry], *given: SignpostDraft) -> list[tuple[str, list[str]]]:
    found = fates(
        [Read(row, draft) for row, draft in enumerate(given)],
        known,
        "Europe/London",
        date(2027, 1, 5),
    )
    return [(each.fate, [reason.code for reason in each.reasons]) for each in found]


def test_a_service_is_known_by_its_source_or_its_name() -> None:
    nameless = replace(KNOWN, source_id=None)

    assert told([], KNOWN) == [("new", [])]
    assert told([entry(KNOWN)], KNOWN) == [("same", [])]
    assert told([entry(KNOWN)], replace(KNOWN, area="York")) == [("changed", [])]
    assert told([entry(nameless)], replace(nameless, name="HARBOUR clinic")) == [("changed", [])]
    assert told([entry(KNOWN)], nameless) == [("new", [])]
    assert told([], KNOWN, replace(KNOWN, area="York")) == [
        ("new", []),
        ("refused", ["row-twice"]),
    ]
    assert told([], replace(KNOWN, phone="x")) == [("refused", ["signpost-phone"])]


def test_a_file_does_not_undo_what_people_found_out() -> None:
    closed = entry(KNOWN, closed=True)
    checked = entry(KNOWN, last_checked=date(2027, 1, 5), expires=date(2027, 6, 1))
    [found] = fates([Read(1, KNOWN)], [closed], "Europe/London", date(2027, 1, 5))

    assert told([closed], KNOWN) == [("same", [])]
    assert told([checked], KNOWN) == [("same", [])]
    assert found.draft is not None
    assert found.draft.closed


def test_a_file_that_names_no_check_is_none() -> None:
    """It would bring back for half a year, each time it is loaded, what has expired."""
    known = entry(KNOWN, last_checked=date(2026, 1, 5), expires=date(2026, 7, 4))
    silent = replace(KNOWN, last_checked=None, expires=None)

    assert told([known], silent) == [("same", [])]
    assert told([], silent) == [("new", [])]


def test_a_day_at_the_end_of_time_stops_no_other_row() -> None:
    beyond = replace(CLINIC, source_id="h2", last_checked=date.max, expires=None)

    assert told([], beyond, KNOWN) == [
        ("refused", ["signpost-checked-later", "signpost-expires"]),
        ("new", []),
    ]
