"""Notes in three languages, with what could identify somebody in marks: [n:Amber] rang twice.

A note without marks names nobody. Each round was written before the screen was measured with it.
"""

from pathlib import Path

import pytest

from benchmarks.teaching.notes import unmarked
from federation.screen.rules import findings

FILES = sorted((Path(__file__).parent / "notes").glob("*.txt"))


def _holds(note: str, language: str) -> bool:
    text, spans = unmarked(note)
    found = findings(text, language)
    if not spans:
        return found == []
    return all(any(one.start < end and one.end > start for one in found) for _, start, end in spans)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_marked_part_is_found_and_nothing_in_a_note_without(file: Path) -> None:
    notes = file.read_text(encoding="utf-8").splitlines()
    assert [note for note in notes if not _holds(note, file.stem[:2])] == []


def test_there_are_notes_in_each_language() -> None:
    assert {file.stem[:2] for file in FILES} == {"en", "nl", "ro"}
