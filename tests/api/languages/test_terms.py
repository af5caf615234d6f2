"""The catalogues keep to the terms that the page for translators lists."""

import re
from pathlib import Path

import pytest

from api.languages.catalogues import TRANSLATED, written

PAGE = Path(__file__).parents[3] / "docs" / "translating.md"
COLUMNS = {"nl": (1, 2), "ro": (3, 4)}
ELSEWHERE = {"sekswerk"}
"""Terms that no page of ours needs yet."""

VALUE = re.compile(r"%\(\w+\)s|<[^>]+>")


def rows() -> list[list[str]]:
    """Read the table of terms, without its head."""
    table = PAGE.read_text().partition("## Terms")[2]
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def words(language: str, column: int) -> set[str]:
    """List what a column of a language holds."""
    cells = (row[COLUMNS[language][column]] for row in rows())
    return {word for cell in cells for word in cell.split(", ") if word}


def texts(language: str) -> list[str]:
    """List every text of a catalogue, each form by itself."""
    found = [message.string for message in written(language) if message.id]
    every = (one for text in found for one in ([text] if isinstance(text, str) else text or ()))
    return [VALUE.sub("…", text) for text in every]


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_uses_a_word_that_another_took_the_place_of(language: str) -> None:
    unwanted = words(language, 1)
    assert unwanted
    of_these = re.compile(rf"\b(?:{'|'.join(map(re.escape, unwanted))})\b", re.IGNORECASE)
    assert [text for text in texts(language) if of_these.search(text)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_term_is_one_that_pages_use(language: str) -> None:
    said = " ".join(texts(language)).lower()
    assert {word for word in words(language, 0) - ELSEWHERE if word not in said} == set()
