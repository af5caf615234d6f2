"""How people tell digits: in figures, in words, doubled, by hundreds, in three languages."""

import pytest

from federation.screen.numbers.told import runs
from federation.screen.plain import plain


def _digits(text: str) -> list[str]:
    return ["".join(piece.digits for piece in run) for run in runs(plain(text).text)]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("oh seven double seven three", ["07773"]),
        ("07, two sevens, three fives", ["0777555"]),
        ("nul zes twee keer zeven driemaal vijf", ["0677555"]),
        ("zero șapte de două ori cinci", ["0755"]),
        ("zero șapte sute cincizeci și cinci", ["0755"]),
        ("o sută douăzeci și trei, două sute doi", ["1232002"]),
        ("two hundred and thirty-four, five hundred", ["234500"]),
        ("tweehonderd vierendertig", ["234"]),
        ("nul zeshonderdvijfenvijftig, honderdtwaalf, driehonderdtwee", ["0655112302"]),
        ("șaptișpe paișpe unșpe", ["1411"]),
        ("\u0660\u0667 \u0037\ufe0f\u20e3", ["077"]),
        ("een of twee", ["1", "2"]),
        ("open 10-12 and 14-16, then 19-21", ["1921"]),
        ("12 34 €50 at 19.30-21.00 on 3-4-2026", ["1234"]),
    ],
)
def test_digits_are_read_as_they_are_told(text: str, digits: list[str]) -> None:
    assert _digits(text) == digits
