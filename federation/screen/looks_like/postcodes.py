"""Full postcodes of Britain, Ireland, the Netherlands and Romania."""

import re
from collections.abc import Iterator

_UK_AREA = (
    r"(?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE"
    r"|K[ATWY]|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]"
    r"|UB|W[ACDFNRSV]?|YO|ZE)"
)
_UK = re.compile(
    rf"(?<![A-Za-z0-9]){_UK_AREA}[0-9][0-9A-HJKMNPR-Y]?[ .,-]{{0,2}}[0-9][ABD-HJLNP-UW-Z]{{2}}(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_UK_SPACED = re.compile(
    r"(?<![A-Za-z0-9])[A-Z](?: [A-Z])?(?: [0-9]){1,2} {1,2}[0-9] [A-Z] [A-Z](?![A-Za-z0-9])"
)
_NL = re.compile(r"(?<![\w.,€£$-])[1-9][0-9]{3}[ .-]?(?!SA|SD|SS)[A-Z]{2}(?![\w-])")
_NL_SMALL = re.compile(
    r"(?<![\w.,€£$-])[1-9][0-9]{3}(?!sa|sd|ss|th|st|nd|rd|km|kg|mg|ml|cm|mm|am|pm|er|de|le|ul|ro|eu)"
    r"[a-z]{2}(?![\w-])"
)
WORDS_OF_TWO = frozenset(
    """
    am an as at be by do go he hi if in is it me my no of oh ok on or ox pm so to up us we vs re
    al da de dr ds en er ga ik ja je nu om op te tv uf uw ze zo zn km kg mg ml cm mm th st nd rd uu ca
    la le lu ai ar au cu di ea ei el eu ia il le li lă ma mă mi ne ni pe sa se si te ti ti un va vi vă un lei eu ro
    gb mb nl uk ie pp px pa pw hz kb pl pc nr
    """.split()
)
"""Words and units after a count of four digits, in three languages."""
NO_LETTERS = frozenset(
    "EU UK US NL RO GB IE AM PM TV BC AD MB KB GB HR BV NV OF EN IN OP TE UU UUR".split()
)
_IE = re.compile(
    r"(?<![A-Za-z0-9])(?:[AC-FHKNPRTV-Y][0-9]{2}|D6W) ?(?=[A-Z]{0,3}[0-9])[0-9AC-FHKNPRTV-Y]{4}(?![A-Za-z0-9])"
)
_IE_SMALL = re.compile(
    r"(?<![A-Za-z0-9])(?:[ac-fhknprtv-y][0-9]{2}|d6w) ?(?=[a-z]{0,3}[0-9])(?=[0-9]{0,3}[a-z])[0-9a-z]{4}(?![A-Za-z0-9])"
)
_NL_APART = re.compile(r"(?<![\w.,€£$:-])[1-9][0-9]{3} (?P<letters>[a-z]{2}|[A-Z][a-z])(?![\w'’-])")
_RO = re.compile(
    r"\b(?i:st[ăa]|locuie[șş]te|locuiesc|adresa|pe|la|din|[îi]n|bloc(?:ul)?|str(?:ada)?|sector(?:ul)?\s[1-6]|jud|cod|cp|zip|st[ăa]\sla\scodul|bucure[șş]ti"
    r"|cluj(?:-napoca)?|ia[șş]i|timi[șş]oara|bra[șş]ov|constan[țţ]a)[,:.]?\s(?P<code>0[1-7][0-9]{4}|[1-9][0-9]{5}(?=,|\.?\Z|\s(?:bucure|cluj|ia[șs]i|timi|bra[șs]|const|sibiu|oradea|arad|bac|gala|crai)))(?!\w|[.,]?[0-9]| ?(?:lei|euro|ron|€))"
)
_RO_TOWN = re.compile(r"(?<![\w.,€£$/-])[0-9]{6}(?=,? (?!RON|Lei|Eur)[A-ZȘȚÎ][a-zăâîșț]{2,})")
_CUED = re.compile(
    r"\b(?:post\s?code|postcode|zip(?:\s?code)?|eircode|pc|cod(?:ul)?\s?po[sșş]tal|c\.?p\.?)\b[^\w]{0,3}(?:\w{1,6}\W{1,2}){0,3}?"
    r"(?P<code>[1-9][0-9]{3}[ -]?[A-Za-z]{2}|[0-9]{6}|[0-9]{3} [0-9]{3}|[A-Za-z][0-9][0-9Ww] ?[0-9A-Za-z]{4}|[A-Za-z]{1,2}[0-9][0-9A-Za-z]? ?[0-9][A-Za-z]{2})(?!\w)",
    re.IGNORECASE,
)


def postcodes(text: str) -> Iterator[tuple[int, int]]:
    """Find full postcodes; the first half alone tells a district and passes."""
    for pattern in (_UK, _UK_SPACED, _IE, _IE_SMALL, _NL_SMALL, _RO_TOWN):
        yield from (match.span() for match in pattern.finditer(text))
    for match in _NL.finditer(text):
        if match.group()[-2:] not in NO_LETTERS:
            yield match.span()
    for match in _NL_APART.finditer(text):
        if match["letters"].lower() not in WORDS_OF_TWO:
            yield match.span()
    for pattern in (_CUED, _RO):
        yield from (match.span("code") for match in pattern.finditer(text))
