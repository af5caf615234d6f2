"""What is kept of a service, and what is refused, each with its reason."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from protocols.signposts.rules.drafts import SignpostDraft, tidied
from tests.protocols.signposts.services import CLINIC

TODAY = date(2027, 1, 5)


def codes(**changes: Any) -> list[str]:
    return [each.code for each in tidied(replace(CLINIC, **changes), "Europe/London", TODAY)[1]]


def kept(**changes: Any) -> SignpostDraft:
    draft, reasons = tidied(replace(CLINIC, **changes), "Europe/London", TODAY)
    assert reasons == []
    return draft


def test_what_is_entered_is_written_as_everybody_does() -> None:
    entered = {
        "name": "  Harbour\n Clinic ",
        "languages": ["EN_gb", "rom", "en-GB"],
        "email": "Clinic@HARBOUR.example",
    }

    assert kept(**entered) == replace(
        CLINIC,
        phone="+44 113 496 0123",
        languages=["en-GB", "rom"],
        email="Clinic@harbour.example",
    )


@pytest.mark.parametrize(
    ("zone", "written", "expected"),
    [
        ("Europe/London", "0113 496 0123", "+44 113 496 0123"),
        ("Europe/Amsterdam", "020 555 0123", "+31 20 555 0123"),
        ("Europe/London", "+31 20 555 0123", "+31 20 555 0123"),
        ("Europe/London", "116 123", "116123"),
        ("Europe/London", "999", "999"),
        ("Europe/London", "", ""),
    ],
)
def test_a_number_gets_its_country(zone: str, written: str, expected: str) -> None:
    draft, reasons = tidied(replace(CLINIC, phone=written), zone, TODAY)

    assert (draft.phone, reasons) == (expected, [])


def test_without_dates_it_was_checked_today_and_holds_half_a_year() -> None:
    draft = kept(last_checked=None, expires=None)

    assert (draft.last_checked, draft.expires) == (TODAY, date(2027, 7, 4))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "  "}, ["signpost-no-name"]),
        ({"name": "x" * 201}, ["signpost-too-long"]),
        ({"area": "a\0b"}, ["signpost-not-text"]),
        ({"phone": "nine nine"}, ["signpost-phone"]),
        ({"phone": "12345678901234567890"}, ["signpost-phone"]),
        ({"email": "clinic at harbour"}, ["signpost-email"]),
        ({"web": "javascript:alert(1)"}, ["signpost-web"]),
        ({"web": "https://"}, ["signpost-web"]),
        ({"web": "https://me:secret@harbour.example"}, ["signpost-web"]),
        ({"phone": "", "email": "", "web": ""}, ["signpost-unreachable"]),
        ({"languages": ["english please"]}, ["signpost-language"]),
        ({"languages": [f"x-a{number}" for number in range(31)]}, ["signpost-languages"]),
        ({"last_checked": date(2027, 1, 6)}, ["signpost-checked-later"]),
        (
            {"last_checked": date.max, "expires": None},
            ["signpost-checked-later", "signpost-expires"],
        ),
        (
            {"last_checked": date(9999, 8, 1), "expires": None},
            ["signpost-checked-later"],
        ),
        ({"expires": date(2027, 1, 4)}, ["signpost-expires"]),
        ({"expires": date(2031, 1, 4)}, ["signpost-expires"]),
        ({"check_every_days": 0}, ["signpost-check-days"]),
        ({"name": "", "email": "x"}, ["signpost-no-name", "signpost-email"]),
    ],
)
def test_every_reason_is_given(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(**changes) == expected
