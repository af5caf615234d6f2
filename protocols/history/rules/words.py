"""A word-level difference of two passages, as values, as text and as HTML."""

import re
from collections.abc import Iterable
from html import escape
from typing import Literal, NamedTuple

from diff_match_patch import diff_match_patch

Change = Literal["same", "added", "removed"]
SECONDS = 0.2
"""After this the rest of a passage counts as replaced: a hostile text costs no more."""
FIRST_SIGN = 0xF0000
"""Words become signs of Unicode's private planes, which no word of a text can be taken for."""
_WORD = re.compile(r"\w+|\s|[^\w\s]")
_CHANGES: dict[int, Change] = {-1: "removed", 0: "same", 1: "added"}
_TAGS = {"added": "ins", "removed": "del"}


class Piece(NamedTuple):
    """Words that stayed, came or went."""

    change: Change
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """Compare two passages word by word; a space or a sign counts as a word of its own."""
    signs: dict[str, str] = {}
    one, other = _encoded(before, signs), _encoded(after, signs)
    words = {sign: word for word, sign in signs.items()}
    engine = diff_match_patch()
    engine.Diff_Timeout = SECONDS
    found = engine.diff_main(one, other, checklines=False)
    engine.diff_cleanupSemantic(found)
    return [
        Piece(_CHANGES[kind], "".join(words[sign] for sign in run)) for kind, run in found if run
    ]


def _encoded(text: str, signs: dict[str, str]) -> str:
    return "".join(
        signs.setdefault(word, chr(FIRST_SIGN + len(signs))) for word in _WORD.findall(text)
    )


def as_text(pieces: Iterable[Piece]) -> str:
    """Write a difference for a terminal or a mail: what came and what went is named in words."""
    return "".join(
        piece.text if piece.change == "same" else f"[{piece.change}: {piece.text}]"
        for piece in pieces
    )


def as_html(pieces: Iterable[Piece]) -> str:
    """Write a difference for a page; a screen reader hears where something came or went."""
    return "".join(_html(piece) for piece in pieces)


def _html(piece: Piece) -> str:
    text = escape(piece.text)
    if piece.change == "same":
        return text
    tag = _TAGS[piece.change]
    spoken = f'<span class="hidden">[{piece.change}: </span>'
    return f'<{tag}>{spoken}{text}<span class="hidden">]</span></{tag}>'
