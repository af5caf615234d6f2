"""The screen of what somebody writes about somebody: rules, and what the words mean there.

A rule knows a name by lists and by the words beside it. What a word means among all the others
tells names that no rule knows, and what only looks like one (decision 0084). It takes some
milliseconds a note, so what is written for everybody, protocols and lists, is read by rules alone.
"""

import re
from collections.abc import Iterator

from federation.screen.meaning.reader import reader
from federation.screen.rules import Finding, apart, findings

SURE = 0.9
"""So likely somebody's name a word has to be to be found by its meaning alone."""
UNLIKELY = 0.05
"""What is less likely a name or an account than this is none, whatever the rules say."""
LONGEST = 600
"""Our notes have at most 500 characters; of longer lines the rules alone say something."""
FEWEST = 4
"""What a word means is told by those beside it; a town or a topic alone says nothing."""
_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"\S+")
_ITSELF = re.compile(r"[^\W_](?:.*[^\W_])?")
_OWNING = re.compile(r"['\u2019]s\Z")


def findings_in_note(text: str, language: str = "") -> list[Finding]:
    """List what could identify somebody in a note, in order; of what overlaps only the longest."""
    told = list(_told(text))
    found = [one for one in findings(text, language) if not _denied(one, told)]
    named = (_named(start, word) for start, word, name, _ in told if name > SURE)
    return apart([*found, *(one for each in named for one in each)])


def _told(text: str) -> Iterator[tuple[int, str, float, float]]:
    """Tell of each word where it is, and how likely a name, and a name or an account."""
    for line in _LINE.finditer(text):
        words = list(_WORD.finditer(line[0]))
        if len(line[0]) <= LONGEST and len(words) >= FEWEST:
            likely = reader().somebody([word[0] for word in words])
            for word, (name, either) in zip(words, likely, strict=True):
                yield line.start() + word.start(), word[0], name, either


def _denied(found: Finding, told: list[tuple[int, str, float, float]]) -> bool:
    """Tell whether what a rule takes for a name is none by what it means."""
    if found.kind != "name":
        return False
    likely = [
        either
        for start, word, _, either in told
        if start < found.end and found.start < start + len(word)
    ]
    return bool(likely) and max(likely) < UNLIKELY


def _named(start: int, word: str) -> Iterator[Finding]:
    """Give the name without the signs around it and what says that something is somebody's."""
    if itself := _ITSELF.search(word):
        start += itself.start()
        yield Finding("name", start, start + len(_OWNING.sub("", itself[0])))
