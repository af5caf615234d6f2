"""Dates on which somebody may have been born, in figures and in words."""

import re
from collections.abc import Iterable, Iterator

from federation.screen.numbers.births_apart import births_apart
from federation.screen.numbers.dates import (
    COUNTS,
    DATE,
    FULL_YEAR,
    IN_WORDS,
    with_figures,
)
from federation.screen.numbers.told import Run

_YEAR_FIRST = re.compile(
    r"(?<![\w.,/-])[5-9][0-9][-./](?:0[1-9]|1[0-2])[-./](?:0[1-9]|[12][0-9]|3[01])(?![\w/-])"
)
_JOINED = re.compile(
    r"(?<![\w.,/-])(?:(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19[3-9][0-9]|200[0-9]|2010)|(?:19[3-9][0-9]|200[0-9])(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))(?![\w/-])"
)
"""Eight figures that are a day in an adult's year, with nothing between."""
_LAST_CENTURY = re.compile(
    r"(?:(?<!,) |(?<=[a-zăâî]), |[./'’_|\\*•-]|(?<=[a-zăâî]))(?:[5-9][0-9])\Z", re.IGNORECASE
)
"""A year that cannot be that of a meeting."""
_BORN = re.compile(
    r"\b(?:born|birth(?!day\s(?:party|card|cake|present))\w*|brith\w*|d\.?\s?o\.?\s?b\b|bday|b-day|geboren|geboorte\w*|geb\.?\s?dat\w*|geb\b|g\.?d\.?\s?:|g\.d\.|gd\b|verjaar(?!dagsfeest)\w*|jarig|n[aă]sc(?:ut[aă]?|\b)"
    r"|na[sșş]ter\w*|aniversar\w*|zi(?:ua)?\s(?:ei|lui|mea|de\sna[sșş]tere)|\b[bn]\.\s?(?:the\s)?\Z|\bn\s(?:[îi]n|la|pe)\b|\bd\.?n\.?\b|data\sn\.|\bage\s?(?:proof|check)|turn(?:s|ed)\s\d\d|[îi]mpline[sșş]te|wordt\s\d\d|leeftijd)",
    re.IGNORECASE,
)
_SAID = re.compile(
    rf"{_BORN.pattern}\W{{0,3}}(?:(?:is|was|on|op|pe|la|e|este|ei|lui|her|haar|date|given|as|opgegeven|als|trecut[ăa]?|zi|van|of|de|datum|the|in|[îi]n)\b\W{{0,3}}){{0,4}}\Z",
    re.IGNORECASE,
)
_SAID_AFTER = re.compile(
    rf"\W{{1,3}}(?:(?:is|was|e|este|her|his|haar|zijn|ei|lui|the|de|data|date|of|dag|van)\W{{1,2}}){{0,5}}{_BORN.pattern}",
    re.IGNORECASE,
)
_DAY_AND_MONTH = re.compile(r"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])")
TOLD = range(5, 9)
_PLACE = 45
ADULT_YEARS = range(1930, 2011)
_OF_A_LAW = re.compile(
    r"\b(?:act|law|since|founded|started|opened|until|from|launched|wet|sinds|opgericht|vanaf|lege\w*|ordin\w*|ordonan[țt]\w*|hot[ăa]r[âa]re\w*|oug|fondat\w*"
    r"|începând|regulation|regulations|directive|report|version|dated|published)\b[^.!?]{0,25}\Z",
    re.IGNORECASE,
)


def births(text: str, numbers: Iterable[Run]) -> Iterator[tuple[int, int]]:
    """Find full dates on which somebody may have been born: said so, or of an adult's years."""
    text = with_figures(text)
    for match in DATE.finditer(text):
        before = text[max(0, match.start() - _PLACE) : match.start()]
        after = text[match.end() : match.end() + _PLACE]
        year = FULL_YEAR.search(match.group())
        told = _BORN.search(before) or _BORN.search(after)
        dotted = match.group().count(".") == len("..")
        counts = year is None and not dotted and COUNTS.match(after)
        adult = _of_an_adult(match.group(), year) and not (counts or _OF_A_LAW.search(before))
        if told or adult:
            yield match.span()
    for match in _YEAR_FIRST.finditer(text):
        around = text[max(0, match.start() - _PLACE) : match.end() + _PLACE]
        if _BORN.search(around):
            yield match.span()
    yield from (match.span() for match in _JOINED.finditer(text))
    yield from births_apart(text)
    yield from _in_figures(text, numbers)


def _in_figures(text: str, numbers: Iterable[Run]) -> Iterator[tuple[int, int]]:
    """Find a day that is told as a number, in figures or words, right after that it is one."""
    for run in numbers:
        start, end = run[0].start, run[-1].end
        figures = sum(len(piece.digits) for piece in run)
        halves = len(run) == len(("1402", "1965")) and _DAY_AND_MONTH.fullmatch(run[0].digits)
        told = len(run) == 1 or halves or any(piece.spelled for piece in run)
        if told and figures in TOLD and _is_said(text, start, end):
            yield start, end


def _is_said(text: str, start: int, end: int) -> bool:
    """Tell whether right before or after a number stands that it is a day of birth."""
    before = _SAID.search(text, max(0, start - _PLACE), start)
    return before is not None or _SAID_AFTER.match(text, end) is not None


def _of_an_adult(date: str, year: re.Match[str] | None) -> bool:
    """Tell whether a date has a year in which somebody may have been born; one in words always."""
    if year is not None:
        return int(year[0]) in ADULT_YEARS
    return IN_WORDS.search(date) is not None or _LAST_CENTURY.search(date) is not None
