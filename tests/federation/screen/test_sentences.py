"""Sentences as people write them in three languages: with somebody in them, and with nobody.

The two lists are far apart on purpose: half a postcode, a price or a helpline identifies nobody.
"""

from pathlib import Path

import pytest

from federation.screen.rules import WORDS, findings

HERE = Path(__file__).parent
SOMEBODY = (HERE / "somebody.txt").read_text(encoding="utf-8").splitlines()
NOBODY = (HERE / "nobody.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("text", SOMEBODY)
def test_somebody_is_found(text: str) -> None:
    found = findings(text)
    assert found
    assert {one.kind for one in found} <= set(WORDS)


@pytest.mark.parametrize("text", NOBODY)
def test_nobody_is_found_where_nobody_is(text: str) -> None:
    assert findings(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("My working name is Crystal.", "name", "Crystal"),
        (
            "ring me: zero seven seven double oh nine hundred one two three, thanks",
            "phone",
            "zero seven seven double oh nine hundred one two three",
        ),
        (
            "Bel nul zes, vierentwintig, vijfendertig, zesenveertig, zevenenvijftig.",
            "phone",
            "nul zes, vierentwintig, vijfendertig, zesenveertig, zevenenvijftig",
        ),
        ("Sună la +40 721 234 567.", "phone", "+40 721 234 567"),
        ("It is ann at example dot org", "email", "ann at example dot org"),
        ("07\u200b700 900123", "phone", "07\u200b700 900123"),
        ("😀 Her postcode: ne1 4st!", "postcode", "ne1 4st"),
        ("On onlyfans.com/luna.", "url", "onlyfans.com/luna"),
        ("insta: luna_rose22", "handle", "luna_rose22"),
        ("Geboren op 3 april 1999 in Breda", "date-of-birth", "3 april 1999"),
        ("Her CNP is 2990403123456", "id-number", "2990403123456"),
    ],
)
def test_findings_stand_exactly_where_it_is_written(text: str, kind: str, part: str) -> None:
    [found] = findings(text)
    assert (found.kind, text[found.start : found.end]) == (kind, part)


def test_a_line_that_is_published_to_be_rung_is_nobodys_and_a_mobile_beside_it_is() -> None:
    text = "Ring 0808 2000 247 or 07700 900123."
    assert [text[one.start : one.end] for one in findings(text)] == ["07700 900123"]


def test_a_text_of_any_length_is_searched_to_its_end() -> None:
    filler = "Three people asked about tax. " * 700
    text = f"{filler}Ring 07700 900123. {filler}{filler}born 03/04/1999"
    assert [(one.kind, text[one.start : one.end]) for one in findings(text)] == [
        ("phone", "07700 900123"),
        ("date-of-birth", "03/04/1999"),
    ]


@pytest.mark.parametrize("offset", range(19_550, 19_620, 3))
def test_nothing_falls_between_two_pieces(offset: int) -> None:
    text = "-" * offset + " 07700 900123 " + "-" * 800
    [found] = findings(text)
    assert text[found.start : found.end] == "07700 900123"
