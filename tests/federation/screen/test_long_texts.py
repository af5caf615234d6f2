"""Texts that are made to keep a search busy: each is read to its end, where somebody stands.

A search that goes back over what it has read would take hours for these.
"""

import pytest

from federation.screen.rules import findings

LENGTH = 16_000
PIECES = (
    "a ", "1 ", "a.", "a_", "ab1", "12-", "12/", "12 en 13 ", "on telegram ", "as x on ", "Ana ",
    "x@", "at dot ", "passport number is the ", "police ref ", "one two ", "two hundred ", "3 mai ",
    "born on the ", '"a', "her name ", "telegram known as ", "www ", "LS1 ", "log 12 of ",
    "\n", "'",
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_a_text_of_one_piece_over_and_over_is_read_to_its_end(piece: str) -> None:
    text = f"{piece * (LENGTH // len(piece))}. Write to ann@example.org"
    last = findings(text)[-1]
    assert (last.kind, text[last.start : last.end]) == ("email", "ann@example.org")
