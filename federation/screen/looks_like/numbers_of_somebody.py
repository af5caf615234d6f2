"""Full postcodes, dates of birth and numbers that a state or bank gave to one person."""

import re
from collections.abc import Iterator

_UK_AREA = (
    r"(?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE"
    r"|K[ATWY]|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]"
    r"|UB|W[ACDFNRSV]?|YO|ZE)"
)
_UK = re.compile(
    rf"(?<![A-Za-z0-9]){_UK_AREA}[0-9][0-9A-HJKMNPR-Y]?[ .-]{{0,2}}[0-9][ABD-HJLNP-UW-Z]{{2}}(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_UK_SPACED = re.compile(
    r"(?<![A-Za-z0-9])[A-Z](?: [A-Z])?(?: [0-9]){1,2} {1,2}[0-9] [A-Z] [A-Z](?![A-Za-z0-9])"
)
_NL = re.compile(r"(?<![\w.,€£$-])[1-9][0-9]{3} ?(?!SA|SD|SS)[A-Z]{2}(?![\w-])")
_NL_SMALL = re.compile(
    r"(?<![\w.,€£$-])[1-9][0-9]{3}(?!sa|sd|ss|th|st|nd|rd|km|kg|mg|ml|cm|mm|am|pm|er|de|le|ul|ro|eu)"
    r"[a-z]{2}(?![\w-])"
)
NO_LETTERS = frozenset(
    "EU UK US NL RO GB IE AM PM TV BC AD MB KB GB HR BV NV OF EN IN OP TE UU UUR".split()
)
_IE = re.compile(
    r"(?<![A-Za-z0-9])(?:[AC-FHKNPRTV-Y][0-9]{2}|D6W) ?(?=[A-Z]{0,3}[0-9])[0-9AC-FHKNPRTV-Y]{4}(?![A-Za-z0-9])"
)
_CUED = re.compile(
    r"\b(?:post\s?code|postcode|zip|eircode|cod(?:ul)? po[sșş]tal)\b[^\w]{0,3}(?:\w{1,6}\W{1,2}){0,2}?"
    r"(?P<code>[1-9][0-9]{3} ?[A-Za-z]{2}|[0-9]{6}|[A-Za-z]{1,2}[0-9][0-9A-Za-z]? ?[0-9][A-Za-z]{2})(?!\w)",
    re.IGNORECASE,
)

_MONTHS = (
    r"(?:jan(?:uary|uari|uarie)?|ian(?:uarie)?|feb(?:ruary|ruari|ruarie)?|mar(?:ch|tie)?|maart|mrt|apr(?:il|ilie)?"
    r"|may|mei|mai|june?|juni|iun(?:ie)?|july?|juli|iul(?:ie)?|aug(?:ust|ustus)?|sept?(?:ember|embrie)?"
    r"|o[ck]t(?:ober|tober|ombrie|obrie)?|oct(?:ombrie)?|nov(?:ember)?|noi(?:embrie)?|dec(?:ember|embrie)?)"
)
_YEAR = r"(?:(?:19|20)[0-9]{2}|['’]?[0-9]{2})"
_DATE = re.compile(
    rf"(?<![\w.])(?:(?:0?[1-9]|[12][0-9]|3[01])[ ./-]{{1,2}}(?:0?[1-9]|1[0-2])[ ./-]{{1,2}}{_YEAR}"
    rf"|(?:19|20)[0-9]{{2}}[./-](?:0?[1-9]|1[0-2])[./-](?:0?[1-9]|[12][0-9]|3[01])"
    rf"|(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th|e)?[ .-]{{0,2}}(?:of )?{_MONTHS}[ .,-]{{1,2}}{_YEAR}"
    rf"|{_MONTHS}[ .]{{1,2}}(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?,? {_YEAR})(?![\w%])",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(?:born|birth\w*|d\.?\s?o\.?\s?b\b|bday|b-day|geboren|geboorte\w*|geb\b|verjaar\w*|jarig|n[aă]scut[aă]?"
    r"|na[sșş]ter\w*|aniversar\w*|data\snasterii)",
    re.IGNORECASE,
)
_PLACE = 45
ADULT_YEARS = range(1930, 2011)
_FULL_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_OF_A_LAW = re.compile(
    r"\b(?:act|law|since|founded|started|opened|until|from|launched|wet|sinds|opgericht|vanaf|lege\w*|din|fondat\w*"
    r"|începând|regulation|regulations|directive|report|version|dated|published)\b[^.!?]{0,25}\Z",
    re.IGNORECASE,
)

_NINO = re.compile(
    r"(?<![A-Za-z0-9])[A-CEGHJ-TW-Z][A-CEGHJ-NP-TW-Z][ -]?(?:[0-9][ -]?){6}[A-D](?![A-Za-z0-9])",
    re.IGNORECASE,
)
_CNP = re.compile(
    r"(?<![0-9])[1-8][0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{6}(?![0-9])"
)
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])"
)
_NUMBERED = re.compile(
    r"\b(?:bsn|burgerservicenummer|cnp|nhs (?:number|no)|passport(?: number| no)?|paspoort(?:nummer)?"
    r"|national insurance(?: number)?|ni number|seria|buletin)\b\W{0,3}(?:(?:is|nr|no|number|e|este)\W{1,2}){0,2}"
    r"(?P<id>(?=[A-Z]{0,3} ?[0-9])[A-Z0-9][A-Z0-9 ]{5,14}[A-Z0-9])(?!\w)",
    re.IGNORECASE,
)


def postcodes(text: str) -> Iterator[tuple[int, int]]:
    """Find full postcodes; the first half alone tells a district and passes."""
    for pattern in (_UK, _UK_SPACED, _IE, _NL_SMALL):
        yield from (match.span() for match in pattern.finditer(text))
    for match in _NL.finditer(text):
        if match.group()[-2:] not in NO_LETTERS:
            yield match.span()
    yield from (match.span("code") for match in _CUED.finditer(text))


def births(text: str) -> Iterator[tuple[int, int]]:
    """Find full dates on which somebody may have been born: said so, or of an adult's years."""
    for match in _DATE.finditer(text):
        before = text[max(0, match.start() - _PLACE) : match.start()]
        after = text[match.end() : match.end() + _PLACE]
        year = _FULL_YEAR.search(match.group())
        told = _BORN.search(before) or _BORN.search(after)
        adult = year is not None and int(year[0]) in ADULT_YEARS and not _OF_A_LAW.search(before)
        if told or adult:
            yield match.span()


def identities(text: str) -> Iterator[tuple[int, int]]:
    """Find numbers by which a state or a bank knows one person."""
    for pattern in (_NINO, _CNP, _IBAN):
        yield from (match.span() for match in pattern.finditer(text))
    yield from (match.span("id") for match in _NUMBERED.finditer(text))
