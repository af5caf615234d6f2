"""Sayings with a name in them, and houses called after somebody: nobody is meant."""

import pytest

from federation.screen.meaning.notes import findings_in_note
from federation.screen.rules import findings
from federation.screen.words.known_names import lines_of
from federation.screen.words.nobody_meant import LONGEST, nobody_is_meant


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Joost mag het weten waar de sleutels zijn.", "nl"),
        ("we zijn weer piet snot vanavond", "nl"),
        ("bij ons is het Jan met de pet die betaalt", "nl"),
        ("and Bob\u2019s your uncle, form sent", "en"),
        ("fiecare cu călcâiul lui Ahile, a zis la ședință", "ro"),
        ("fiecare cu calcaiul lui ahile, a zis la sedinta", "ro"),
        ("Antoni van Leeuwenhoek belde terug over de uitslag", "nl"),
        ("Jan van Breemen heeft een wachtlijst van drie weken", "nl"),
        ("Babeș-Bolyai a trimis chestionarul tradus", "ro"),
        ("Babes Bolyai a trimis chestionarul tradus", "ro"),
    ],
)
def test_a_saying_and_a_house_are_nobody(text: str, language: str) -> None:
    assert findings_in_note(text, language) == []


def test_beside_a_saying_somebody_is_found() -> None:
    text = "Joost mag weten waar Marijke is."
    assert [text[one.start : one.end] for one in findings(text, "nl")] == ["Marijke"]


@pytest.mark.parametrize(
    "name",
    [
        "Henry Smith",
        "James Connolly",
        "Gheorghe Marinescu",
        "Albert Kennedy",
        "Gordon Bennett",
        "Peter Tatchell",
    ],
)
def test_what_somebody_may_well_be_called_is_no_house_and_no_saying(name: str) -> None:
    assert not nobody_is_meant(name, 0, len(name))
    text = f"I spoke to {name} about her rent."
    assert [text[one.start : one.end] for one in findings(text)] == [name]


def test_a_part_of_a_longer_name_is_no_saying() -> None:
    text = "John Doellman called"
    assert not nobody_is_meant(text, 0, len("John Doellman"))
    assert nobody_is_meant("a John Doe", 2, len("a John Doe"))
    assert not nobody_is_meant("John Doe Smith", 0, len("John Doe Smith"))


def test_no_saying_is_longer_than_is_looked_at() -> None:
    assert max(map(len, (*lines_of("sayings"), *lines_of("public_life")))) <= LONGEST
