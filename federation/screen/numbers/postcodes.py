"""Full postcodes of Britain, Ireland, the Netherlands, Romania and Moldova."""

import re
from collections.abc import Iterable, Iterator, Sequence

from federation.screen.numbers.romanian_postcodes import romanian_postcodes
from federation.screen.numbers.split_postcodes import split_postcodes
from federation.screen.numbers.told import Run
from federation.screen.numbers.words_of_two import NO_LETTERS, WORDS_OF_TWO

_UK_AREA = (
    r"(?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE"
    r"|K[ATWY]|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]"
    r"|UB|W[ACDFNRSV]?|YO|ZE)"
)
_UK = re.compile(
    rf"(?:(?<![A-Za-z0-9])|(?<=postcode)|(?<=\bpc)){_UK_AREA}(?:[0-9][0-9A-HJKMNPR-Y]?[ .,/_\n·|:-]{{0,3}}|(?-i: [0-9]{{1,2}} (?=[0-9][A-Z])))"
    r"[0-9] ?[ABD-HJLNP-UW-Z]{2}(?:(?![A-Za-z0-9])|(?=UK\b))",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"[A-Z]{1,2}\w{1,2} (?:1st|2nd|3rd|[04-9]th)")
"""Half a postcode, and which floor or time it was."""
_NO_HALF = re.compile(r"[A-Z]{1,2}[0-9]{2,3} (?P<word>[a-z]{2})")
"""A form or a road and a word: SA100 by."""
_OF_A_PRINTER = re.compile(r"[A-Z]{1,2}[0-9]{3,4}[a-z]{2}")
_SPOKEN = r"(?:[0-9]{1,2}|zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty)"
_UK_TOLD = re.compile(
    rf"(?<![A-Za-z0-9])[A-Za-z] ?[A-Za-z]? ?{_SPOKEN}(?: {_SPOKEN})?,? {_SPOKEN} [A-Z] ?[A-Z](?![A-Za-z0-9])"
)
_UK_SAID = re.compile(
    rf"(?<![A-Za-z0-9]){_UK_AREA} {_SPOKEN}(?: {_SPOKEN})?,? {_SPOKEN} (?P<ends>[a-z] ?[a-z])(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_UK_HALF_SAID = re.compile(
    rf"(?<![A-Za-z0-9]){_UK_AREA} ?[0-9][0-9A-HJKMNPR-Y]?,? (?:zero|oh|one|two|three|four|five|six|seven|eight|nine) (?P<ends>[a-z] [a-z]|[a-z]{{2}})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_UK_SPACED = re.compile(
    r"(?<![A-Za-z0-9])[A-Z](?:[ .-][A-Z])?(?:[ .-][0-9]){1,2}(?:[ .-][A-Z])?[ .-]{1,3}[0-9][ .-][A-Z][ .-][A-Z](?![A-Za-z0-9])"
)
_NL = re.compile(
    r"(?<![\w.,€£$-])(?:NL[ -]?)?[1-9][0-9]{3}[ ._/·|\n-]{0,2}(?!SA|SD|SS)[A-Z]{2}(?!\w|-(?![0-9]))"
)
_NL_LOOSE = re.compile(
    r"(?<![\w.,€£$-])(?!19|20)[1-9][0-9]{3}(?: ?[-,:] ?)(?!SA|SD|SS)(?P<letters>[A-Z]{2})(?![\w-])"
)
"""Not after a year, where two capitals are a country or an office."""
_NL_SMALL = re.compile(
    r"(?<![\w.,€£$-])[1-9][0-9]{3}[-._]?(?!sa|sd|ss|th|st|nd|rd|km|kg|mg|ml|cm|mm|am|pm|er|de|le|ul|ro|eu|nl)"
    r"[a-z]{2}(?!\w|-(?![0-9]))"
)
_NL_SPACED = re.compile(
    r"(?<![\w.,])[1-9](?:(?:[ -][0-9]){3}[ -]{1,2}[A-Z][ -]?[A-Z]|[0-9]{3}[ -]{1,2}(?:[A-Z][ .-]{1,2}[A-Z]|[a-z] [a-z](?! [a-z]\b))|[0-9]{3}[A-Z][ .-][A-Z]|[0-9] [0-9]{2} ?(?!EU|AM|PM)[A-Z]{2})(?![\w-])"
)
_TWO_LETTERS = re.compile(r",? [A-Z] ?[A-Z](?!\w)")
_NO_ENDS = WORDS_OF_TWO | {letters.lower() for letters in NO_LETTERS}
_IE = re.compile(
    r"(?<![A-Za-z0-9])(?:[AC-FHKNPRTV-Y][0-9]{2}|D6W)[ -]?(?=[A-Z]{0,3}[0-9])[0-9AC-FHKNPRTV-Y]{4}(?![A-Za-z0-9])"
)
_IE_SMALL = re.compile(
    r"(?<![A-Za-z0-9])(?:[ac-fhknprtv-y][0-9]{2}|d6w) ?(?=[a-z]{0,3}[0-9])(?=[0-9]{0,3}[a-z])[0-9a-z]{4}(?![A-Za-z0-9])"
)
_NL_APART = re.compile(r"(?<![\w.,€£$:-])[1-9][0-9]{3} (?P<letters>[a-z]{2}|[A-Z][a-z])(?![\w'’-])")
_MD = re.compile(r"(?<![\w-])MD-?[1-9][0-9]{3}(?![\w-])")
_RO = re.compile(
    r"(?<![\w.,/€£$+-])(?<!€ )(?<!£ )(?!116)(?:RO[ -]?)?(?P<code>0[1-7][0-9]{4}|[1-9][0-9]{5}|(?:0[1-7]|[1-9][0-9])[0-9](?:(?: ?- ?| )[0-9]{3}(?=\Z|,? (?:[A-ZȘȚÎ][a-zăâîșț]{2}|sector)|\)|, )|[.][0-9]{3}(?=,? [A-ZȘȚÎ][a-zăâîșț]{2}|\s*(?:\Z|[\n;)]))))(?!\w|[.,:/-]?[0-9]|[.,]?000\b)"
)
_RO_TOWN = re.compile(
    r"\)?,? sector(?:ul)? [1-6]\b|\)?,? (?!RON|Lei|Eur|De\b)(?:jude[țt]ul |jud\.? |mun\.? |ora[șs] )?[A-ZȘȚÎ][a-zăâîșț]{2,}"
)
_RO_PLACE = re.compile(
    r"(?:\b(?:st[ăa]|locui\w*|adres[aăe]|bloc(?:ul)?|bl|sc|ap|et|nr|str(?:ada|\.)?|bd|b-dul|bulevardul|aleea|calea|sector(?:ul)?|jud(?:e[tțţ]ul)?|comuna|sat(?:ul)?|ora[sșş]ul?|mun(?:icipiul)?|cod(?:ul)?|cp|zip|bucure[sșş]ti"
    r"|cluj(?:-napoca)?|ia[sșş]i|timi[sșş]oara|bra[sșş]ov|constan[tțţ]a|craiova|gala[tțţ]i|ploie[sșş]ti|oradea|br[ăa]ila|arad|pite[sșş]ti|sibiu|bac[ăa]u|t[âa]rgu\W\w+|baia mare|buz[ăa]u|boto[sșş]ani|satu mare|suceava|foc[sșş]ani|tulcea|bistri[tțţ]a|re[sșş]i[tțţ]a|alba iulia|deva|hunedoara|giurgiu|slatina|c[ăa]l[ăa]ra[sșş]i|zal[ăa]u|vaslui)\b[^!?\n]{0,25}"
    r"|[0-9]\w?, |\b(?:pe|la|din|[îi]n)\s(?-i:[A-ZȘȚÎ][a-zăâîșț]{2,15},?\s)?)\Z",
    re.IGNORECASE,
)
_NOUGHT = re.compile(
    r"(?<![\w.,/€£$+-])0[1-7](?:[0-9] ?[-. ] ?[0-9]{3}| [0-9]{4})(?![\w]|[ .,-]?[0-9])"
)
"""No count begins with a nought."""
FARTHEST = 60
_RO_STREET = re.compile(
    r"\b(?:str|strada|bd|b-dul|bulevardul|aleea|calea|bl|sc|ap|jud|jude[tțţ]ul)\b[^!?\n]{0,40}\Z",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\s?(?:[.,;)!?](?!\d)|\Z|\n)")
_COUNTS = re.compile(
    r" ?(?:de|lei|ron|euro|€|km|persoane|oameni|locuitori|vizit\w*|mesaje|ori|ore|\w+i)\b",
    re.IGNORECASE,
)
_ROUND = "000"
_CUED = re.compile(
    r"\b(?:post\s?code|postcode|zip(?:\s?code)?|eircode|pc|cod(?:ul)?\s?po[sșş]tal|c\.?p\.?|cod(?:ul)?)\b[^\w]{0,3}(?:\w{1,6}\W{1,2}){0,3}?"
    r"(?P<code>[1-9][0-9]{3}(?:[ -]|, )?[A-Za-z]{2}|[1-9][0-9]{3} ?[A-Za-z]\. ?[A-Za-z]\.?|[0-9]{6}|[0-9](?: [0-9]){5}|[0-9]{2}[ .-][0-9]{2}[ .-][0-9]{2}|[0-9]{3} ?[ .,/-] ?[0-9]{3}|[A-Za-z][0-9][0-9Ww] ?[0-9A-Za-z]{4}|[A-Za-z]{1,2}[0-9][0-9A-Za-z]? ?[0-9][A-Za-z]{2})(?!\w)",
    re.IGNORECASE,
)

_CUED_AFTER = re.compile(
    r"(?<![\w.,-])(?P<code>[0-9]{6}|[1-9][0-9]{3} ?[A-Za-z]{2})\s(?:is|e|este)\s(?:her|his|my|the|haar|zijn|mijn|de)?\s?(?:post|cod)",
    re.IGNORECASE,
)

_CUE = re.compile(
    r"\b(?:post\s?co\w*|zip(?:\s?code)?|eircode|cod(?:ul)?(?:\s(?:ei|lui))?(?:\s?po[sșş]tal)?)\b\W{0,3}(?:(?:is|e|este|ei|lui|her|his|haar|of|van|the)\b\W{0,3}){0,3}(?:[A-Za-z] ?[A-Za-z]? )?\Z",
    re.IGNORECASE,
)
_NO_POST = re.compile(
    r"(?:\bcod(?:ul)?\W{1,2}(?:de\W{1,2})?(?:acces|pin|comand\w*|bare|sms|verificare|reducere|activare|ie[șs]ire)|\b(?:error|fout\w*|eroare|err|pin)|\b(?:cod(?:ul)?|nr\.?|num[ăa]r(?:ul)?)\s(?:de\s)?(?:prod\w*|promo\w*|u[sșş]\w*|artic\w*|lot\w*|inventar\w*|raport\w*|licita\w*|tichet\w*|s[ăa]l\w*|factur\w*|proiect\w*|curs\w*|hot[ăa]r\w*|pagin\w*|vizual\w*|particip\w*|qr|wifi|wi-fi|interfon\w*)|\btichet\snr)\b[^.!?\n]{0,20}\Z",
    re.IGNORECASE,
)
"""Codes of machines and doors."""
FEWEST = 2
"""Figures of a British postcode."""


def postcodes(text: str, numbers: Sequence[Run]) -> Iterator[tuple[int, int]]:
    """Find full postcodes; the first half alone tells a district and passes."""
    for pattern in (_UK_SPACED, _UK_TOLD, _IE, _IE_SMALL, _NL_SMALL, _NL_SPACED, _MD):
        yield from (match.span() for match in pattern.finditer(text))
    yield from _british(text)
    for match in _NL.finditer(text):
        apart = match.group()[-len(" AB")].isspace()
        if not apart or match.group()[-2:] not in NO_LETTERS:
            yield match.span()
    for match in _NL_LOOSE.finditer(text):
        if match["letters"] not in NO_LETTERS and match["letters"].lower() not in WORDS_OF_TWO:
            yield match.span()
    for match in _NL_APART.finditer(text):
        if match["letters"].lower() not in WORDS_OF_TWO:
            yield match.span()
    yield from split_postcodes(text, _NO_ENDS, NO_LETTERS)
    for cued in (_CUED, _CUED_AFTER):
        yield from (match.span("code") for match in cued.finditer(text) if _is_post(text, match))
    yield from _romanian(text)
    yield from _with_nought(text)
    yield from romanian_postcodes(text, numbers)
    yield from _told(text, numbers)


def _is_post(text: str, match: re.Match[str]) -> bool:
    """Tell a postcode from another code, and from a count and a word after it."""
    code = match["code"]
    word = code[-len(" ab") :].lower()
    if word[0] == " " and word[1:] in WORDS_OF_TWO and code[-1].islower():
        return False
    return not _NO_POST.search(text, max(0, match.start() - 1), match.start("code"))


def _british(text: str) -> Iterator[tuple[int, int]]:
    """Find both halves together, in figures or in words."""
    for match in _UK.finditer(text):
        half = _NO_HALF.fullmatch(match.group())
        half_word = half is not None and half["word"] in WORDS_OF_TWO
        model = _OF_A_PRINTER.fullmatch(match.group())
        if not (_ORDINAL.fullmatch(match.group()) or half_word or model):
            yield match.span()
    for said in (_UK_SAID, _UK_HALF_SAID):
        for match in said.finditer(text):
            if match["ends"].lower() not in WORDS_OF_TWO:
                yield match.span()


def _romanian(text: str) -> Iterator[tuple[int, int]]:
    """Find six figures beside a town or at the end of an address."""
    for match in _RO.finditer(text):
        placed = _RO_PLACE.search(text, max(0, match.start() - FARTHEST), match.start())
        ends = _CLAUSE.match(text, match.end()) or not _COUNTS.match(text, match.end())
        town = _RO_TOWN.match(text, match.end())
        if _NO_POST.search(text, max(0, match.start() - FARTHEST), match.start()):
            continue
        if "." in match["code"] and not town:
            placed = _RO_STREET.search(text, max(0, match.start() - FARTHEST), match.start())
        if town or (placed and ends and not match["code"].endswith(_ROUND)):
            yield match.span("code")


def _with_nought(text: str) -> Iterator[tuple[int, int]]:
    """Find a divided postcode of Bucharest or its neighbours after a place."""
    for match in _NOUGHT.finditer(text):
        if _RO_PLACE.search(text, max(0, match.start() - FARTHEST), match.start()):
            yield match.span()


def _told(text: str, numbers: Iterable[Run]) -> Iterator[tuple[int, int]]:
    """Find a postcode whose figures are told in words, right after that it is one."""
    for run in numbers:
        start = run[0].start
        told = any(piece.spelled for piece in run)
        figures = sum(len(piece.digits) for piece in run)
        dutch = _TWO_LETTERS.match(text, run[-1].end)
        if told and figures == len("1012") and dutch:
            yield start, dutch.end()
        elif told and figures >= FEWEST and _CUE.search(text, max(0, start - FARTHEST), start):
            yield start, run[-1].end
