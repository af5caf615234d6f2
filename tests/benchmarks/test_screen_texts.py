"""The texts that measure the screen are well formed, and what is counted from them is right."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.screen import LANGUAGES, TEXTS, Labelled, Screened, read, screen_all, tell
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
FEWEST = 1000
OF_A_KIND = 10
EVERY_FILE = sorted(TEXTS.iterdir())
NAMES = [file.name for file in EVERY_FILE]
A_NUMBER = "07700 900123"


def test_each_language_has_a_file() -> None:
    assert [f"{language}.jsonl" for language in LANGUAGES] == NAMES


@pytest.mark.parametrize("file", EVERY_FILE, ids=NAMES)
def test_every_labelled_part_stands_once_in_its_text(file: Path) -> None:
    wrong = [
        (line, part)
        for line, each in enumerate(read(file), 1)
        for parts in each.kinds.values()
        for part in parts
        if each.text.count(part) != 1 or part != part.strip()
    ]
    assert wrong == []


@pytest.mark.parametrize("file", EVERY_FILE, ids=NAMES)
def test_half_is_harmless_and_every_kind_is_there_often_enough(file: Path) -> None:
    texts = read(file)
    harmless = sum(not each.kinds for each in texts)
    kinds = Counter[str]()
    for each in texts:
        kinds.update({kind: len(parts) for kind, parts in each.kinds.items()})
    assert len(texts) >= FEWEST
    assert harmless / len(texts) == pytest.approx(0.5, abs=0.05)
    assert set(kinds) == KINDS
    assert {kind for kind, many in kinds.items() if many < OF_A_KIND} == set()


def test_no_text_is_there_twice_in_any_language() -> None:
    texts = [
        "".join(letter for letter in each.text.casefold() if letter.isalnum())
        for file in EVERY_FILE
        for each in read(file)
    ]
    assert [text for text, many in Counter(texts).items() if many > 1] == []


@pytest.mark.parametrize("file", EVERY_FILE, ids=NAMES)
def test_every_text_is_one_line_and_no_kind_is_empty(file: Path) -> None:
    assert [
        line
        for line, each in enumerate(read(file), 1)
        if each.text != " ".join(each.text.split()) or not all(each.kinds.values())
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
