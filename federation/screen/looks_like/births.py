"""Dates on which somebody may have been born, in figures and in words."""

import re
from collections.abc import Iterable, Iterator

from federation.screen.looks_like.told_numbers import LETTERS_FOR_DIGITS, Run

_MONTHS = r"(?:(?:jan|ian|feb|mar|maa|mrt|mrz|apr|avr|may|mei|mai|maj|jun|iun|jul|iul|aug|sep|okt|oct|nov|noi|noe|dec|dez)[a-zëăâî]{0,8})"
"""By how they begin, since tired people write the rest in many ways."""
_ROMAN = r"(?:I{1,3}|IV|VI{0,3}|IX|XI{0,2})"
_TEN = (
    r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|oh|hundred|thousand)"
)
_ONE = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_SPELLED_YEAR = (
    rf"(?:(?:nineteen|twenty|two\sthousand(?:\sand)?)[ -]{_TEN}?(?:[ -]?{_ONE})?|two\sthousand(?:\sand\s{_ONE})?"
    r"|(?:negentien|tweeduizend)[ -]?(?:honderd)?[ -]?(?:en)?\w{0,20}|(?:o\smie\snou[ăa]\ssute|dou[ăa]\smii)(?:\s\w{2,16}){0,3}|nou[ăa]s(?:pre)?zece\s\w{5,12}(?:\s[șşs]i\s\w{3,6})?)"
)
_SHORT_YEAR = (
    r"(?:(?:fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|(?:\w{3,6}[eë]n)?(?:vijftig|zestig|zeventig|tachtig|negentig)"
    r"|(?:cinci|[șşs]ai|[șşs]apte|opt|nou[ăa])zeci(?:\s[șşs]i\s\w{3,6})?)"
)
"""As one says the year in which somebody was born: ninety-four, tachtig."""
_YEAR = rf"(?:{_SHORT_YEAR}|(?:19|20)[0-9]{{2}}|['’]?[0-9]{{2}}|{_SPELLED_YEAR})"
_ENDING = r"(?:st|nd|rd|th|e|de|ste|-a|-lea)?"
_DAY = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth"
    r"|twenty[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirty[ -]first"
    r"|eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende|tiende|elfde|twaalfde|(?:der|veer|vijf|zes|zeven|ach|negen)t(?:t)?iende|(?:\w{3,5}[eë]n)?twintigste|(?:een[eë]n)?dertigste"
    r"|een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|(?:der|veer|vijf|zes|zeven|ach|negen)t(?:t)?ien|(?:\w{3,5}[eë]n)?twintig|(?:een[eë]n)?dertig"
    r"|[îi]nt[âa]i|unu|doi|trei|patru|cinci|[șşs]ase|[șşs]apte|opt|nou[ăa]|zece|(?:un|doi|trei|pai|cinci|[șşs]ai|[șşs]apte|opt|nou[ăa])s(?:pre)?zece"
    r"|dou[ăa]zeci(?:\s[șşs]i\s\w{3,6})?|treizeci(?:\s[șşs]i\sunu)?)"
)
_APART = r"[ ./,_|\\*•·-]{1,3}"
_FIGURES = r"(?:0?[1-9]|[12][0-9]|3[01])"
_OF = r"(?:(?:of|van|van de|van het|a|ale|lunii|luna|day of) ){0,2}"
_IN = r"[ .,/-]{0,2}(?:(?:of|in|van|uit|din|the|het|year|jaar|anul|anului) ){0,3}"
_DATE = re.compile(
    rf"(?<![\w.])(?:{_FIGURES}{_APART}(?:0?[1-9]|1[0-2]){_APART}['’]?(?:19|20)?[0-9]{{2}}"
    rf"|(?:0?[1-9]|1[0-2])/(?:1[3-9]|2[0-9]|3[01])/(?:19|20)?[0-9]{{2}}"
    rf"|(?:19|20)[0-9]{{2}}{_APART}(?:0?[1-9]|1[0-2]){_APART}{_FIGURES}"
    rf"|(?:0?[1-9]|1[0-2]){_APART}(?:1[3-9]|2[0-9]|3[01]){_APART}(?:19|20)[0-9]{{2}}"
    rf"|{_FIGURES}:(?:0?[1-9]|1[0-2]):(?:19|20)[0-9]{{2}}|(?:19|20)[0-9]{{2}}:(?:0[1-9]|1[0-2]):{_FIGURES}"
    rf"|(?:19|20)[0-9]{{2}}, {_FIGURES}{_ENDING} {_MONTHS}"
    rf"|(?:19|20)[0-9]{{2}}[ ,./-]{{1,2}}{_MONTHS}[ .,/-]{{1,2}}{_FIGURES}{_ENDING}"
    rf"|{_FIGURES}[ ./-]{{1,2}}(?-i:{_ROMAN})[ ./-]{{1,2}}(?:19|20)?[0-9]{{2}}"
    rf"|{_FIGURES}{_ENDING}[ .,/-]{{0,2}}{_OF}{_MONTHS}{_IN}[ ]?{_YEAR}"
    rf"|{_FIGURES}(?:st|nd|rd|th|e|de)? (?:of|van) (?:the |de )?(?:{_FIGURES}(?:st|nd|rd|th|e|de)?|{_DAY}) (?:of |van )?{_YEAR}"
    rf"|\b{_DAY}[ -]{_OF}{_MONTHS}{_IN}[ ]?{_YEAR}|\b{_DAY} (?:of|van) (?:the |de )?{_DAY}{_IN}[ ]?{_YEAR}"
    rf"|(?:zi(?:ua)?|day|dag) {_FIGURES},? (?:luna|month|maand) (?:[0-9]{{1,2}}|{_MONTHS}),? (?:anul|year|jaar) [0-9]{{2,4}}"
    rf"|{_MONTHS}[ .]{{1,2}}(?:the )?{_FIGURES}(?:st|nd|rd|th)?,?{_IN}[ ]?{_YEAR}|\b{_MONTHS} (?:the )?{_DAY},?{_IN}[ ]?{_YEAR})(?![\w%]|:[0-9])",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?<![^\W0-9])[OoIl](?=[0-9])|(?<=[0-9])[OoIl](?![^\W0-9])")
"""A letter in the place of a figure."""
_YEAR_FIRST = re.compile(
    r"(?<![\w.,/-])[5-9][0-9][-./](?:0[1-9]|1[0-2])[-./](?:0[1-9]|[12][0-9]|3[01])(?![\w/-])"
)
_JOINED = re.compile(
    r"(?<![\w.,/-])(?:(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19[3-9][0-9]|200[0-9]|2010)|(?:19[3-9][0-9]|200[0-9])(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))(?![\w/-])"
)
"""Eight figures that are a day in an adult's year, with nothing between."""
_LAST_CENTURY = re.compile(r"[ ./,'’_|\\*•-](?:[5-9][0-9])\Z")
"""A year that cannot be that of a meeting."""
_COUNTS = re.compile(
    r" (?!en\b|and\b|[sș]i\b|in\b|te\b|la\b|is\b|was\b|e\b|but\b)[a-zăâîșț]", re.IGNORECASE
)
"""What follows the sixty of `12 March 60 people`."""
_IN_WORDS = re.compile(rf"\b(?:{_SPELLED_YEAR}|{_SHORT_YEAR})\Z", re.IGNORECASE)
_BORN = re.compile(
    r"\b(?:born|birth\w*|brith\w*|d\.?\s?o\.?\s?b\b|bday|b-day|geboren|geboorte\w*|gebdat\w*|geb\b|g\.?d\.?\s?:|gd\b|verjaar\w*|jarig|n[aă]sc(?:ut[aă]?|\b)"
    r"|na[sșş]ter\w*|aniversar\w*|zi(?:ua)?\s(?:ei|lui|mea|de\sna[sșş]tere)|\bn\.\s?\Z|\bn\s(?:[îi]n|la|pe)\b|\bd\.?n\.?\b|data\sn\.|\bage\s?(?:proof|check)|turn(?:s|ed)\s\d\d|[îi]mpline[sșş]te|wordt\s\d\d|leeftijd)",
    re.IGNORECASE,
)
_SAID = re.compile(
    rf"{_BORN.pattern}\W{{0,3}}(?:(?:is|was|on|op|pe|la|e|este|ei|lui|her|haar|date|of|de|datum|the|in|[îi]n)\b\W{{0,3}}){{0,4}}\Z",
    re.IGNORECASE,
)
TOLD = range(5, 9)
_PLACE = 45
ADULT_YEARS = range(1930, 2011)
_FULL_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_OF_A_LAW = re.compile(
    r"\b(?:act|law|since|founded|started|opened|until|from|launched|wet|sinds|opgericht|vanaf|lege\w*|ordin\w*|ordonan[țt]\w*|hot[ăa]r[âa]re\w*|oug|fondat\w*"
    r"|începând|regulation|regulations|directive|report|version|dated|published)\b[^.!?]{0,25}\Z",
    re.IGNORECASE,
)


def births(text: str, numbers: Iterable[Run]) -> Iterator[tuple[int, int]]:
    """Find full dates on which somebody may have been born: said so, or of an adult's years."""
    text = _FIGURE.sub(lambda found: found.group().translate(LETTERS_FOR_DIGITS), text)
    for match in _DATE.finditer(text):
        before = text[max(0, match.start() - _PLACE) : match.start()]
        after = text[match.end() : match.end() + _PLACE]
        year = _FULL_YEAR.search(match.group())
        told = _BORN.search(before) or _BORN.search(after)
        counts = year is None and _COUNTS.match(after)
        adult = _of_an_adult(match.group(), year) and not (counts or _OF_A_LAW.search(before))
        if told or adult:
            yield match.span()
    for match in _YEAR_FIRST.finditer(text):
        around = text[max(0, match.start() - _PLACE) : match.end() + _PLACE]
        if _BORN.search(around):
            yield match.span()
    yield from (match.span() for match in _JOINED.finditer(text))
    yield from _in_figures(text, numbers)


def _in_figures(text: str, numbers: Iterable[Run]) -> Iterator[tuple[int, int]]:
    """Find a day that is told as a number, in figures or words, right after that it is one."""
    for run in numbers:
        start, end = run[0].start, run[-1].end
        figures = sum(len(piece.digits) for piece in run)
        told = len(run) == 1 or any(piece.spelled for piece in run)
        if told and figures in TOLD and _SAID.search(text, max(0, start - _PLACE), start):
            yield start, end


def _of_an_adult(date: str, year: re.Match[str] | None) -> bool:
    """Tell whether a date has a year in which somebody may have been born; one in words always."""
    if year is not None:
        return int(year[0]) in ADULT_YEARS
    return _IN_WORDS.search(date) is not None or _LAST_CENTURY.search(date) is not None
