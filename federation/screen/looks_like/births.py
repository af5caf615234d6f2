"""Dates on which somebody may have been born, in figures and in words."""

import re
from collections.abc import Iterator

_MONTHS = (
    r"(?:jan(?:uary|uari|uarie)?|ian(?:uarie)?|feb(?:ruary|ruari|ruarie)?|mar(?:ch|tie)?|maart|mrt|apr(?:il|ilie)?"
    r"|may|mei|mai|june?|juni|iun(?:ie)?|july?|juli|iul(?:ie)?|aug(?:ust|ustus)?|sept?(?:ember|embrie)?"
    r"|o[ck]t(?:ober|tober|ombrie|obrie|omber)?|oct(?:ombrie)?|nov(?:ember)?|noi(?:embrie)?|noem(?:brie)?|dec(?:ember|embrie)?)"
)
_TEN = (
    r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|oh|hundred|thousand)"
)
_ONE = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_SPELLED_YEAR = (
    rf"(?:(?:nineteen|twenty|two\sthousand(?:\sand)?)[ -]{_TEN}?(?:[ -]?{_ONE})?|two\sthousand(?:\sand\s{_ONE})?"
    r"|(?:negentien|tweeduizend)[ -]?(?:honderd)?[ -]?(?:en)?\w{0,20}|(?:o\smie\snou[ăa]\ssute|dou[ăa]\smii)(?:\s\w{2,16}){0,3})"
)
_YEAR = rf"(?:(?:19|20)[0-9]{{2}}|['’]?[0-9]{{2}}|{_SPELLED_YEAR})"
_ENDING = r"(?:st|nd|rd|th|e|de|ste|-a|-lea)?"
_DAY = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth"
    r"|twenty[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirty[ -]first"
    r"|eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende|tiende|elfde|twaalfde|(?:der|veer|vijf|zes|zeven|ach|negen)t(?:t)?iende|(?:\w{3,5}[eë]n)?twintigste|(?:een[eë]n)?dertigste"
    r"|een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|(?:der|veer|vijf|zes|zeven|ach|negen)t(?:t)?ien|(?:\w{3,5}[eë]n)?twintig|(?:een[eë]n)?dertig"
    r"|[îi]nt[âa]i|unu|doi|trei|patru|cinci|[șşs]ase|[șşs]apte|opt|nou[ăa]|zece|(?:un|doi|trei|pai|cinci|[șşs]ai|[șşs]apte|opt|nou[ăa])s(?:pre)?zece"
    r"|dou[ăa]zeci(?:\s[șşs]i\s\w{3,6})?|treizeci(?:\s[șşs]i\sunu)?)"
)
_DATE = re.compile(
    rf"(?<![\w.])(?:(?:0?[1-9]|[12][0-9]|3[01])[ ./,-]{{1,3}}(?:0?[1-9]|1[0-2])[ ./,-]{{1,3}}(?:19|20)?[0-9]{{2}}"
    rf"|(?:19|20)[0-9]{{2}}[./-](?:0?[1-9]|1[0-2])[./-](?:0?[1-9]|[12][0-9]|3[01])"
    rf"|(?:0?[1-9]|[12][0-9]|3[01]){_ENDING}[ .-]{{0,2}}(?:(?:of|van) )?{_MONTHS}[ .,/-]{{1,2}}(?:of )?{_YEAR}"
    rf"|\b{_DAY}[ -](?:(?:of|van) )?{_MONTHS},?[ ]{_YEAR}"
    rf"|{_MONTHS}[ .]{{1,2}}(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?,? {_YEAR}|\b{_MONTHS} (?:the )?{_DAY},? {_YEAR})(?![\w%])",
    re.IGNORECASE,
)
_LAST_CENTURY = re.compile(r"[ ./,'’-](?:[5-9][0-9])\Z")
"""A year that cannot be that of a meeting."""
_IN_WORDS = re.compile(rf"\b{_SPELLED_YEAR}\Z", re.IGNORECASE)
_BORN = re.compile(
    r"\b(?:born|birth\w*|d\.?\s?o\.?\s?b\b|bday|b-day|geboren|geboorte\w*|geb\b|g\.?d\.?\s?:|verjaar\w*|jarig|n[aă]sc(?:ut[aă]?|\b)"
    r"|na[sșş]ter\w*|aniversar\w*|zi(?:ua)?\s(?:ei|lui|mea|de\sna[sșş]tere)|\bn\.\s?\Z|\bn\s(?:[îi]n|la|pe)\b|\bd\.?n\.?\s?:|\bage\s?(?:proof|check)|turn(?:s|ed)\s\d\d|[îi]mpline[sșş]te|wordt\s\d\d|leeftijd)",
    re.IGNORECASE,
)
_PLACE = 45
ADULT_YEARS = range(1930, 2011)
_FULL_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_OF_A_LAW = re.compile(
    r"\b(?:act|law|since|founded|started|opened|until|from|launched|wet|sinds|opgericht|vanaf|lege\w*|ordin\w*|ordonan[țt]\w*|hot[ăa]r[âa]re\w*|oug|fondat\w*"
    r"|începând|regulation|regulations|directive|report|version|dated|published)\b[^.!?]{0,25}\Z",
    re.IGNORECASE,
)


def births(text: str) -> Iterator[tuple[int, int]]:
    """Find full dates on which somebody may have been born: said so, or of an adult's years."""
    for match in _DATE.finditer(text):
        before = text[max(0, match.start() - _PLACE) : match.start()]
        after = text[match.end() : match.end() + _PLACE]
        year = _FULL_YEAR.search(match.group())
        told = _BORN.search(before) or _BORN.search(after)
        adult = _of_an_adult(match.group(), year) and not _OF_A_LAW.search(before)
        if told or adult:
            yield match.span()


def _of_an_adult(date: str, year: re.Match[str] | None) -> bool:
    """Tell whether a date has a year in which somebody may have been born; one in words always."""
    if year is not None:
        return int(year[0]) in ADULT_YEARS
    return _IN_WORDS.search(date) is not None or _LAST_CENTURY.search(date) is not None
