"""Words typed in to be looked for later, wherever they must not have come."""

import re

LONG = 10
"""So many digits one after the other do not come about by chance."""


def found_in(text: str | bytes, *words: str | int) -> list[str]:
    """Name those of these words that stand in a text.

    A short number has to stand there by itself: ids, tokens and hashes hold every such number by
    chance, and a test that looks for it anywhere fails once in a while without a reason.
    """
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    return [word for word in map(str, words) if re.search(_pattern(word), said)]


def _pattern(word: str) -> str:
    if word.isdecimal() and len(word) < LONG:
        return rf"(?<![\w-]){word}(?![\w-])"
    return re.escape(word)
