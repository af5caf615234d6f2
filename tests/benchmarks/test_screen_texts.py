"""The texts that measure the screen are well formed, and what is counted from them is right."""

from collections import Counter

import pytest

from benchmarks.screen import LANGUAGES, SETS, Labelled, Screened, read, screen_all, tell
from federation.screen.rules import findings

KINDS = {
    "phone",
    "email",
    "url",
    "handle",
    "name",
    "postcode",
    "date-of-birth",
    "id-number",
}
FEWEST = 300
OF_A_KIND = {SETS["labelled"]: 10, SETS["strangers'"]: 5}
EVERY_FILE = [(language, folder) for folder in SETS.values() for language in LANGUAGES]
A_NUMBER = "07700 900123"


@pytest.mark.parametrize(("language", "folder"), EVERY_FILE)
def test_every_labelled_part_stands_once_in_its_text(language: str, folder: str) -> None:
    wrong = [
        (line, part)
        for line, each in enumerate(read(language, folder), 1)
        for parts in each.kinds.values()
        for part in parts
        if each.text.count(part) != 1 or part != part.strip()
    ]
    assert wrong == []


@pytest.mark.parametrize(("language", "folder"), EVERY_FILE)
def test_half_is_harmless_and_every_kind_is_there_often_enough(language: str, folder: str) -> None:
    texts = read(language, folder)
    harmless = sum(not each.kinds for each in texts)
    kinds = Counter[str]()
    for each in texts:
        kinds.update({kind: len(parts) for kind, parts in each.kinds.items()})
    assert len(texts) >= FEWEST
    assert harmless / len(texts) == pytest.approx(0.5, abs=0.05)
    assert set(kinds) == KINDS
    assert {kind for kind, many in kinds.items() if many < OF_A_KIND[folder]} == set()


def test_no_text_is_there_twice_in_any_language() -> None:
    texts = [
        "".join(letter for letter in each.text.casefold() if letter.isalnum())
        for file in EVERY_FILE
        for each in read(*file)
    ]
    assert [text for text, many in Counter(texts).items() if many > 1] == []


@pytest.mark.parametrize(("language", "folder"), EVERY_FILE)
def test_every_text_is_one_line_and_ours_say_what_they_are_about(
    language: str, folder: str
) -> None:
    assert [
        line
        for line, each in enumerate(read(language, folder), 1)
        if bool(each.about) is bool(folder)
        or each.text != " ".join(each.text.split())
        or not all(each.kinds.values())
    ] == []


def test_a_part_is_found_where_a_finding_touches_it_whatever_its_kind() -> None:
    text = f"ring {A_NUMBER} pls"
    [stopped] = findings(text, "en")
    assert text[stopped.start : stopped.end] == A_NUMBER
    right = Labelled(text, {"id-number": [f"{A_NUMBER} pls"]}, "phone")
    beside = Labelled(text, {"name": ["ring"]}, "a word before it")
    half = Labelled(text, {"phone": ["900123"], "name": ["pls"]}, "both")
    assert screen_all([right, beside, half], "en") == [
        Screened(1, labelled=1, found=1, stopped=True),
        Screened(2, labelled=1, found=0, stopped=True),
        Screened(3, labelled=2, found=1, stopped=True),
    ]


def test_what_is_judged_wrongly_is_named_by_its_line_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    screened = screen_all(
        [
            Labelled("quiet tonight", {}, "quiet"),
            Labelled(f"ring {A_NUMBER}", {}, "wrongly harmless"),
            Labelled("quiet tonight", {"name": ["quiet"]}, "wrongly labelled"),
            Labelled(f"ring {A_NUMBER}", {"phone": [A_NUMBER]}, "phone"),
        ],
        "en",
    )
    tell(screened, "en.jsonl")
    assert capsys.readouterr().err == "en.jsonl:2 false alarm\nen.jsonl:3 missed\n"
