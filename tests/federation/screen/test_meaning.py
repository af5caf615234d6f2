"""What words mean in a note: names that no rule knows, and what only looks like one."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.teach_names import texts, unmarked
from federation.screen.meaning.notes import FEWEST, LONGEST, SURE, UNLIKELY, findings_in_note
from federation.screen.meaning.reader import END, MOST, UNKNOWN, reader
from federation.screen.rules import findings

UNSEEN = Path(__file__).parent / "unseen"


@pytest.mark.parametrize(
    "text", ["", "\n", "one two", "—", "😀 😀 😀 😀", "\0 \0 \0 \0", "ъ ж я ю"]
)
def test_what_says_nothing_names_nobody(text: str) -> None:
    assert findings_in_note(text) == []


def test_of_a_few_words_the_model_denies_nothing() -> None:
    few = "Norton expired today"
    assert max(either for _, either in reader().somebody(few.split())) < UNLIKELY
    assert len(few.split()) < FEWEST
    assert findings_in_note(few) == findings(few) != []


def test_in_a_very_long_line_the_model_finds_nothing() -> None:
    named = "Alles kwijt bij de brand. Wat Bożena nog had zat in één plastic tas."
    long = f"{named} {'Zij kwam gisteren en het was rustig. ' * 15}"
    assert max(name for name, _ in reader().somebody(long.split())) > SURE
    assert len(named) < LONGEST < len(long)
    assert findings_in_note(long) == findings(long) == []


def test_each_line_is_read_by_itself_and_places_are_those_of_the_text() -> None:
    text = "Quiet evening, two chats about tax.\n\n  (her name is Delphine's, she said)"
    [found] = findings_in_note(text)
    assert text[found.start : found.end].startswith("Delphine")
    assert found.start == text.index("Delphine")


def test_of_more_pieces_than_are_read_at_once_the_rest_is_no_name_by_meaning() -> None:
    words = ["gezondheidszorgverzekering"] * MOST
    likely = reader().somebody(words)
    assert len(likely) == len(words)
    assert likely[-1] == (0.0, 0.0)
    assert reader().somebody([]) == []


def test_words_are_cut_into_the_pieces_that_the_model_knows() -> None:
    assert UNKNOWN in reader().pieces("ъ")
    assert min(reader().pieces("Delphine")) > END
    assert reader().pieces("ﬁets") == reader().pieces("fiets")


def test_how_likely_a_name_is_lies_between_none_and_sure() -> None:
    likely = np.array(reader().somebody(["I", "spoke", "with", "Delphine", "about", "her", "rent"]))
    assert ((likely >= 0) & (likely <= 1)).all()
    assert (likely[:, 0] <= likely[:, 1]).all()
    assert int(np.argmax(likely[:, 0])) == 3


@pytest.mark.parametrize("language", ["en", "nl", "ro"])
def test_in_a_round_that_it_was_not_taught_it_finds_names_that_no_rule_knows(language: str) -> None:
    """The round is not among those that `benchmarks/teach_names.py` reads, and must not be."""
    round_ = (UNSEEN / f"{language}_seventeenth.txt").read_text(encoding="utf-8").splitlines()
    notes_ = [unmarked(note) for note in round_]
    harmless = [text for text, spans in notes_ if not spans]
    assert len(harmless) == len(notes_) / 2 == 120
    known, all_ = (
        sum(
            any(one.start < until and start < one.end for one in found(text, language))
            for text, spans in notes_
            for _, start, until in spans
        )
        for found in (findings, findings_in_note)
    )
    suspected, at_last = (
        sum(bool(found(text, language)) for text in harmless)
        for found in (findings, findings_in_note)
    )
    assert all_ >= known + 2
    assert at_last <= suspected


def test_the_round_is_not_among_what_the_model_is_taught_with() -> None:
    files = UNSEEN.glob("*.txt")
    notes_ = [note for file in files for note in file.read_text(encoding="utf-8").splitlines()]
    assert {unmarked(note)[0] for note in notes_} & {text for text, _ in texts()} == set()
