"""The screen of what somebody writes about somebody: rules, and what the words mean there.

A rule knows a name by lists and by the words beside it. What a word means among all the others
tells personal data that no rule knows, and what only looks like it (decisions 0085 to 0089). It
takes some milliseconds a note, so what is written for everybody, protocols and lists, is read by
rules alone.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from federation.screen.meaning.reader import KINDS, NOTHING, Likely, reader
from federation.screen.rules import Finding, apart, findings
from federation.screen.words.heard_of import met_often
from federation.screen.words.known_names import only_a_name
from federation.screen.words.months import a_month_is_meant
from federation.screen.words.nobody_meant import nobody_is_meant
from federation.screen.words.towns import is_a_town

SURE = 0.93
"""So likely somebody's name or account a word has to be to be found by its meaning alone."""
SURE_OF_FIGURES = 0.98
"""So likely a number, a date or an address: rules know them, and much of every day is like them."""
SURE_OF_EVERY_DAY = 0.98
"""So likely a word of every day in small letters has to be somebody: begin, maandag, will."""
UNLIKELY = 0.2
"""What is less likely personal data than this is no name, whatever the rules say."""
OUT_OF_THE_QUESTION = 0.02
"""What is less likely than this is no number, address or account either."""
CALLED = frozenset(("name", "handle"))
"""What somebody is called: of this the rules know least."""
LONGEST = 600
"""Our notes have at most 500 characters; of longer lines the rules alone say something."""
FEWEST = 4
"""What a word means is told by those beside it; a town or a topic alone says nothing."""
_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"\S+")
_ITSELF = re.compile(r"[^\W_](?:.*[^\W_])?")
_OWNING = re.compile(r"['\u2019]s\Z")
_SIGNS = ".,;:!?()'\"\u2019"
_GAP = re.compile(r"\{\{.*\}\}")
"""A value that each project fills in; how it is called is nobody's name."""
_LAST = re.compile(r"[,;/&)]\Z")
"""After such a sign something else begins: Mila, Sanne."""


class Told(NamedTuple):
    """A word of a text, where it begins, and how likely it is of each kind."""

    start: int
    word: str
    likely: Likely

    @property
    def personal(self) -> float:
        """How likely it is personal data of any kind."""
        return 1 - self.likely[0]

    @property
    def kind(self) -> str:
        """The kind that it is likeliest of, if it is personal data."""
        return max(zip(self.likely[1:], KINDS[1:], strict=True))[1]


def findings_in_note(text: str, language: str = "") -> list[Finding]:
    """List what could identify somebody in a note, in order; of what overlaps only the longest."""
    told = list(_told(text))
    found = [one for one in findings(text, language) if not _denied(one, told)]
    spoken = language.split("-", maxsplit=1)[0]
    meant = (one for one in _meant(told, spoken) if not _is_nobody(one, text))
    return apart([*found, *(one for one in meant if not _is_measured(one, found))])


def _is_nobody(one: Finding, text: str) -> bool:
    """Tell a place, a month, and a saying or a house that somebody's name is in."""
    at = (text, one.start, one.end)
    return one.kind in CALLED and (
        is_a_town(text[one.start : one.end]) or nobody_is_meant(*at) or a_month_is_meant(*at)
    )


def _is_measured(one: Finding, found: list[Finding]) -> bool:
    """Tell a number or an address whose ends a rule knows better; of names the longer counts."""
    overlap = any(one.start < other.end and other.start < one.end for other in found)
    return overlap and one.kind != "name"


def _told(text: str) -> Iterator[Told]:
    for line in _LINE.finditer(text):
        words = list(_WORD.finditer(line[0]))
        if len(line[0]) <= LONGEST and len(words) >= FEWEST:
            likely = reader().likely([word[0] for word in words])
            for word, kinds in zip(words, likely, strict=True):
                told = NOTHING if _GAP.search(word[0]) else kinds
                yield Told(line.start() + word.start(), word[0], told)


def _denied(found: Finding, told: list[Told]) -> bool:
    """Tell whether what a rule takes for personal data is none by what it means.

    Of kinds that the model was not taught it knows nothing, so it denies none of them.
    """
    if found.kind not in KINDS:
        return False
    least = UNLIKELY if found.kind == "name" else OUT_OF_THE_QUESTION
    likely = [
        one.personal
        for one in told
        if one.start < found.end and found.start < one.start + len(one.word)
    ]
    return bool(likely) and max(likely) < least


def _meant(told: list[Told], language: str) -> Iterator[Finding]:
    """Give what is found by meaning; words of one kind beside one another are one finding."""
    whole: list[Told] = []
    for one in told:
        if one.personal > _sure(one, language):
            if whole and not _goes_on(whole[-1], one):
                yield from _itself(whole)
                whole = []
            whole.append(one)
    yield from _itself(whole)


def _sure(one: Told, language: str) -> float:
    if one.kind not in CALLED:
        return SURE_OF_FIGURES
    bare = one.word.strip(_SIGNS)
    every_day = bare.islower() and not only_a_name(bare) and met_often(bare, language)
    return SURE_OF_EVERY_DAY if every_day else SURE


def _goes_on(last: Told, one: Told) -> bool:
    beside = one.start - last.start - len(last.word) == len(" ")
    return beside and one.kind == last.kind and not _LAST.search(last.word)


def _itself(whole: list[Told]) -> Iterator[Finding]:
    """Give words without the signs around them and what says that something is somebody's."""
    if not whole:
        return
    start, last = whole[0].start, whole[-1]
    text = " ".join(one.word for one in whole)
    if itself := _ITSELF.search(text):
        bare = _OWNING.sub("", itself[0])
        start += itself.start()
        yield Finding(last.kind, start, start + len(bare))
