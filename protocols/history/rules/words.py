"""A word-level difference of two passages, as values, as text and as HTML."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from time import monotonic
from typing import Literal, NamedTuple

from diff_match_patch import diff_match_patch

Change = Literal["same", "added", "removed"]
SECONDS = 0.2
"""After this the rest of a passage counts as replaced: a hostile text costs no more."""
PAGE_SECONDS = 3.0
"""What all passages of one page may take together; after that each counts as replaced."""
FIRST_SIGN = 0xF0000
"""Words become signs of Unicode's private planes, which no word of a text can be taken for."""
SIGNS = 0x110000 - FIRST_SIGN
"""Passages with more different words than there are such signs are not looked into."""
_WORD = re.compile(r"\w+|\s|[^\w\s]")
_CHANGES: dict[int, Change] = {-1: "removed", 0: "same", 1: "added"}
_TAGS = {"added": "ins", "removed": "del"}
SPOKEN = {"added": "added", "removed": "removed"}


class Piece(NamedTuple):
    """Words that stayed, came or went."""

    change: Change
    text: str


class PageOfWords:
    """The passages of one page, compared within one time: many of them cost no more than a few."""

    def __init__(self, seconds: float = PAGE_SECONDS) -> None:
        self._left = seconds

    def compare(self, before: str, after: str) -> list[Piece]:
        """Compare two passages, as long as there is time."""
        began = monotonic()
        pieces = compare(before, after, seconds=min(SECONDS, self._left))
        self._left -= monotonic() - began
        return pieces


def compare(before: str, after: str, *, seconds: float = SECONDS) -> list[Piece]:
    """Compare two passages word by word; a space or a sign counts as a word of its own."""
    one, other = _WORD.findall(before), _WORD.findall(after)
    different = dict.fromkeys(one + other)
    if before == after or seconds <= 0 or len(different) > SIGNS:
        return _replaced(before, after)
    signs = {word: chr(FIRST_SIGN + place) for place, word in enumerate(different)}
    words = {sign: word for word, sign in signs.items()}
    engine = diff_match_patch()
    engine.Diff_Timeout = seconds
    found = engine.diff_main(_encoded(one, signs), _encoded(other, signs), checklines=False)
    engine.diff_cleanupSemantic(found)
    return [
        Piece(_CHANGES[kind], "".join(words[sign] for sign in run)) for kind, run in found if run
    ]


def _encoded(words: Iterable[str], signs: Mapping[str, str]) -> str:
    return "".join(signs[word] for word in words)


def _replaced(before: str, after: str) -> list[Piece]:
    if before == after:
        return [Piece("same", after)] if after else []
    pieces = [Piece("removed", before), Piece("added", after)]
    return [piece for piece in pieces if piece.text]


def as_text(pieces: Iterable[Piece]) -> str:
    """Write a difference for a terminal or a mail: what came and what went is named in words."""
    return "".join(
        piece.text if piece.change == "same" else f"[{piece.change}: {piece.text}]"
        for piece in pieces
    )


def as_html(pieces: Iterable[Piece], spoken: Mapping[str, str] = SPOKEN) -> str:
    """Write a difference for a page; a screen reader hears, by `spoken`, what came and went."""
    return "".join(_html(piece, spoken) for piece in pieces)


def _html(piece: Piece, spoken: Mapping[str, str]) -> str:
    text = escape(piece.text)
    if piece.change == "same":
        return text
    tag = _TAGS[piece.change]
    heard = f'<span class="hidden">[{escape(spoken[piece.change])}: </span>'
    return f'<{tag}>{heard}{text}<span class="hidden">]</span></{tag}>'
