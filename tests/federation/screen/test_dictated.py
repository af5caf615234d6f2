"""Codes that somebody dictates: letters by name, figures in words, halves; and what is none."""

import pytest

from federation.screen.numbers.dictated import written
from federation.screen.numbers.slipped import without_slips
from federation.screen.numbers.told import runs
from federation.screen.plain import plain
from federation.screen.rules import findings


@pytest.mark.parametrize(
    ("told", "typed"),
    [
        ("at LS seven, three double Q", "at LS73QQ"),
        ("lima sierra one seven xray tango now", "LS17XT now"),
        ("B8 + 4ZR", "B84ZR"),
        ("HU19 (5NT)", "HU195NT)"),
        ("M14, the rest is 5TQ", "M145TQ"),
        ("flat 3, C B one two X X", "flat 3, CB12XX"),
        ("3512 en dan de letters KL", "3512KL"),
        ("zeventien zes drie victor xantippe", "1763VX"),
        ("vier en twintig, achtentachtig rp", "2488RP"),
        ("A H five six seven nought seven four C", "AH567074C"),
        ("105 apoi 421 e codul", "105421 e codul"),
        ("cod: patru zero zero 158", "cod: 400158"),
    ],
)
def test_what_is_dictated_is_written_as_it_would_be_typed(told: str, typed: str) -> None:
    read = plain(told).text
    found = written(read, runs(read))
    assert found is not None
    assert found.text == typed


@pytest.mark.parametrize(
    "text",
    [
        "rooms 101, 286 and 327",
        "2 x 400 and 1 x 250",
        "85258 and NHS 111",
        "until 17 november 2024",
        "s.11(4) PCA 2007",
        "1 op 1.000.000",
    ],
)
def test_what_nobody_dictates_stays_as_it_is(text: str) -> None:
    assert written(text, runs(text)) is None


def test_places_in_what_is_typed_are_those_of_what_is_dictated() -> None:
    text = "now at LS seven, three double Q, she says"
    [found] = findings(text, "en")
    assert (found.kind, text[found.start : found.end]) == (
        "postcode",
        "LS seven, three double Q",
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("O77OO 9OOl28", "07700 900128"),
        ("077O-72B-626", "0770-728-626"),
        ("HR2679l82 and 7O5O JJ", "HR2679182 and 7050 JJ"),
        ("WI2 2AP", "W12 2AP"),
        ("vitamin B12, room 8B, A4, 10 ml", "vitamin B12, room 8B, A4, 10 ml"),
        ("Oslo, 5 in all, on 10 May", "Oslo, 5 in all, on 10 May"),
    ],
)
def test_letters_in_the_place_of_figures_are_figures(text: str, meant: str) -> None:
    assert without_slips(text) == meant


SOMEBODYS = {
    "en": (
        "her postcode: lima sierra one seven xray tango|address ends B T one nine three double l|"
        "works from M19 6 double Y|moved to B8 + 4ZR in May|flat 3, B7, the rest is 2JU|"
        "picked up from CB11 (1DD)|4ZR after B8|she lives at postcodeW21UP|"
        "DVLA number is A B C D E six five seven oh five four S M nine I J|"
        "on her letter: customer no R G four o three one o|"
        "case reference: J seven nine two three nine seven nine"
    ),
    "nl": (
        "verhuisd naar 1282 victor xantippe|werkt vanuit vier en vijftig, vierenvijftig MN|"
        "woont op 3582 met WA erachter|de letters zijn WA, de cijfers 3582|"
        "7O5O JJ is waar ze werkt|"
        "pakketje naar 8653gR|8396jv-14|"
        "ze las haar dossiernr voor, H K drie acht een zeven negen drie|"
        "paspoortnummer A L zes een vier negen M zeven twee"
    ),
    "ro": (
        "are codul poștal O376O8|poștal 203 ... 298|405 apoi 086 e codul poștal|"
        "044.666 (cod poștal)|"
        "CP 601 șapte șase șapte|zero patru patruzeci și doi douăzeci și opt (cod poștal)|"
        "c.p. 40 4641|"
        "a citit cod pacient, doi patru doi cinci cinci cinci|str. Horea nr. 5, 404.563"
    ),
}


@pytest.mark.parametrize("language", SOMEBODYS)
def test_a_code_is_found_however_it_is_dictated(language: str) -> None:
    assert [text for text in SOMEBODYS[language].split("|") if not findings(text, language)] == []
