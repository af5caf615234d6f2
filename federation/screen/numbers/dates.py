"""Full dates, in figures and in words: a day, its month and its year."""

import re
from collections.abc import Iterator

from federation.screen.numbers.days import (
    DAY,
    FIGURES,
    MONTHS,
    ROMAN,
    SHORT_YEAR,
    SPELLED_YEAR,
)
from federation.screen.numbers.told import LETTERS_FOR_DIGITS

_YEAR = rf"(?:{SHORT_YEAR}|(?:19|20)[0-9]{{2}}|['’]?[0-9]{{2}}|{SPELLED_YEAR})"
_ENDING = r"(?:st|nd|rd|th|e|de|ste|-a|-lea)?"
_APART = r"[ ./,_|\\*•·-]{1,3}"
_OF = r"(?:(?:of|van|van de|van het|a|ale|lunii|luna|day of) ){0,2}"
_IN = r"[ .,/-]{0,2}(?:(?:of|in|van|uit|din|the|het|year|jaar|anul|anului) ){0,3}"
DATE = re.compile(
    rf"(?<![\w.])(?:{FIGURES}{_APART}(?:0?[1-9]|1[0-2]){_APART}['’]?(?:19|20)?[0-9]{{2}}"
    rf"|(?:0?[1-9]|1[0-2])/(?:1[3-9]|2[0-9]|3[01])/(?:19|20)?[0-9]{{2}}"
    rf"|(?:19|20)[0-9]{{2}}{_APART}(?:0?[1-9]|1[0-2]){_APART}{FIGURES}"
    rf"|(?:0?[1-9]|1[0-2]){_APART}(?:1[3-9]|2[0-9]|3[01]){_APART}(?:19|20)[0-9]{{2}}"
    rf"|{FIGURES}:(?:0?[1-9]|1[0-2]):(?:19|20)[0-9]{{2}}|(?:19|20)[0-9]{{2}}:(?:0[1-9]|1[0-2]):{FIGURES}"
    rf"|(?:19|20)[0-9]{{2}}, {FIGURES}{_ENDING} {MONTHS}"
    rf"|(?:19|20)[0-9]{{2}}[ ,./-]{{1,2}}{MONTHS}[ .,/-]{{1,2}}{FIGURES}{_ENDING}"
    rf"|{FIGURES}[ ./-]{{1,2}}(?-i:{ROMAN})[ ./-]{{1,2}}(?:19|20)?[0-9]{{2}}"
    rf"|{FIGURES}{_ENDING}[ .,/-]{{0,2}}{_OF}{MONTHS}{_IN}[ ]?{_YEAR}"
    rf"|{FIGURES}(?:st|nd|rd|th|e|de)? (?:of|van) (?:the |de )?(?:{FIGURES}(?:st|nd|rd|th|e|de)?|{DAY}),? (?:of |van )?{_YEAR}|{FIGURES} a lunii a [0-9]{{1,2}}-a,? {_YEAR}"
    rf"|\b{DAY}[ -]{_OF}{MONTHS}{_IN}[ ]?{_YEAR}|\b{DAY} (?:of|van) (?:the |de )?{DAY}{_IN}[ ]?{_YEAR}"
    rf"|(?:zi(?:ua)?|day|dag)\W{{1,2}}{FIGURES}\W{{1,3}}(?:luna|month|maand)\W{{1,2}}(?:[0-9]{{1,2}}|{MONTHS})\W{{1,3}}(?:anul|year|jaar)\W{{1,2}}[0-9]{{2,4}}"
    rf"|{MONTHS}[ .]{{1,2}}(?:the )?{FIGURES}(?![0-9])(?:st|nd|rd|th)?,?{_IN}[ ]?{_YEAR}|\b{MONTHS} (?:the )?{DAY},?{_IN}[ ]?{_YEAR})(?![\w%]|[:.][0-9])",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?<![^\W0-9])[OoIl](?=[0-9])|(?<=[0-9])[OoIl](?![^\W0-9])")
"""A letter in the place of a figure."""
COUNTS = re.compile(
    r" (?!en\b|and\b|[sș]i\b|in\b|te\b|la\b|is\b|was\b|e\b|but\b)[a-zăâîșț]", re.IGNORECASE
)
"""What follows the sixty of `12 March 60 people`."""
IN_WORDS = re.compile(rf"\b(?:{SPELLED_YEAR}|{SHORT_YEAR})\Z", re.IGNORECASE)
FULL_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_SAME_SIGNS = re.compile(r"[0-9]{1,2}([-./])[0-9]{1,2}\1[0-9]{2}")
"""What is no count of three things: one sign, twice."""
_JOINED = re.compile(
    r"(?<![\w.,/-])(?:(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])20[0-9]{2}"
    r"|20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))(?![\w/-])"
)
_TIME = re.compile(r"(?<=[0-9])[Tt_](?=[0-9]{1,2}(?:[.:h][0-9]{2}|[0-9]{2})(?![0-9]))")
"""Between a day and its time, as computers write them (RFC 3339, section 5.6)."""
_VERSION = re.compile(r"\b(?:version|versie|versiunea?|release|v\.?)\s?\Z", re.IGNORECASE)
_BEFORE = 12


def with_figures(text: str) -> str:
    """Write figures for the letters in their place, such as O for 0; no sign moves."""
    return _FIGURE.sub(lambda found: found.group().translate(LETTERS_FOR_DIGITS), text)


def full_dates(text: str) -> Iterator[tuple[int, int]]:
    """Find every full date, whosever and whatever it is of."""
    text = _TIME.sub(" ", with_figures(text))
    for match in DATE.finditer(text):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        if _is_full(match[0], text[match.end() :]) and not _VERSION.search(before):
            yield match.span()
    yield from (match.span() for match in _JOINED.finditer(text))


def _is_full(date: str, after: str) -> bool:
    """Tell a date whose year is beyond doubt from a day and a number of something."""
    if FULL_YEAR.search(date) or _SAME_SIGNS.fullmatch(date):
        return True
    named = re.search(MONTHS, date, re.IGNORECASE) or IN_WORDS.search(date)
    return named is not None and COUNTS.match(after) is None
