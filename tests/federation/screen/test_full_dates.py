"""Every full date is found, in three languages; days without a year, times and counts are none."""

import pytest

from federation.screen.numbers.dates import full_dates

DATES = (
    "12 March 2026",
    "12/03/2026",
    "12-3-26",
    "12.03.26",
    "2026-03-12",
    "March 12, 2026",
    "Mar 12th 2026",
    "12 maart 2026",
    "12 martie 2026",
    "12 mrt '26",
    "twelfth of March 2026",
    "12th of March twenty twenty-six",
    "3/14/2026",
    "de twaalfde maart 2026",
    "douăsprezece martie 2026",
    "12 III 2026",
    "12 oktober tweeduizend zesentwintig",
    "20260312",
    "12032026",
    "12 / 03 / 2026",
    "12 March 26",
    "12 l1 2026",
    "2O26-03-12",
    "1 mai 2024",
    "1 May 2031",
)
NONE = (
    "on 12 March",
    "12 March, 8 people were new",
    "in March 2026",
    "March 2026",
    "2026",
    "week 12 of 2026",
    "at 10.30",
    "12 March 26 people",
    "from 9 to 12",
    "3, 4, 12 contacts an hour",
    "rota version 1.2.10",
    "12:30:15",
    "24/7",
    "op 3 april kwamen er 12 mensen",
    "3 din 10",
    "pe 3 aprilie au scris 12",
    "2 of 3 in 2026",
    "0.7.0",
    "10 to 12 calls in 30 minutes",
    "NE1 and NE8",
    "room 12, floor 3",
)
WITH_A_TIME = {
    "2026-03-12T10:00": "2026-03-12",
    "2026-03-12t1000Z": "2026-03-12",
    "2026-03-12_9.30": "2026-03-12",
    "20260312T1000": "20260312",
    "2026-03-12 10:00": "2026-03-12",
    "12/03/2026 at 10": "12/03/2026",
}


def found(text: str) -> list[str]:
    return [text[start:end] for start, end in full_dates(text)]


@pytest.mark.parametrize("date", DATES)
def test_a_full_date_is_found_with_its_ends(date: str) -> None:
    told = date.removeprefix("de ")
    assert found(f"Quiet after {date}, then busy") == [told]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_full_date_passes(text: str) -> None:
    assert found(f"Calm {text} so far") == []


@pytest.mark.parametrize(("text", "date"), WITH_A_TIME.items())
def test_a_day_is_found_beside_its_time(text: str, date: str) -> None:
    assert found(f"since {text} quiet") == [date]
