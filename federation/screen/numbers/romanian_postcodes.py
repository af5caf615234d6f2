"""Six figures that are a Romanian postcode, however they are told, beside post, a place or a code."""

import re
from collections.abc import Iterable, Iterator, Sequence

from federation.screen.numbers.dictated import gap
from federation.screen.numbers.told import Piece, Run

_POST = re.compile(
    r"\b(?:cod(?:u|ul)?(?:\s(?:e|este|ei|lui))?|cod\w*\s?p\w*\.?|po[sșşş][tțţ]\w*|c\.?p\.?|zip|plic\w*|colet\w*|livr\w+|coresponden[tțţ]\w*|scris\w*|scrie|pachet\w*|easybox|adres\w*|trimi[ts]\w*)\b[^!?\n0-9]{0,34}\Z",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:zona|cartier\w*|locui\w*|st[ăa]|mutat\w*|com(?:una)?|sat(?:ul)?|ora[sșş]\w*|mun(?:icipiul)?|sect(?:or)?(?:ul)?|jud\w*|bl|ap|sc|str(?:ada)?|bd|aleea|calea|ro|rom[âa]nia|bucure[sșş]ti|cluj(?:-napoca)?|ia[sșş]i|timi[sșş]oara|bra[sșş]ov|constan[tțţ]a|craiova|gala[tțţ]i|ploie[sșş]ti|oradea|sibiu|bac[ăa]u|arad)\b[^!?\n]{0,24}\Z",
    re.IGNORECASE,
)
_TOWN = re.compile(
    r"\)?,? (?:bucure[sșş]ti|cluj|ia[sșş]i|timi[sșş]oara|bra[sșş]ov|constan[tțţ]a|craiova|gala[tțţ]i|ploie[sșş]ti|oradea|sibiu|bac[ăa]u|arad|pe plic|(?:e|este) (?:la ea|cod\w*)|\(?cod\w* po[sș]tal)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:cod(?:ul)?|nr\.?|num[ăa]r(?:ul)?|id)\s(?:de\s|la\s)?(?!po|lui\b|ei\b|e\b|este\b|p\b|nou\b|vechi\b|[ăa]la\b|acela\b|al\b|complet\b|bucur|cluj|ia[sș]i|timi)[^\W\d_]{3,}[^!?\n]{0,20}\Z|\b(?:eroare|pin|acces|lege|art|total|tichet|lot|awb|isbn)\b[^!?\n]{0,24}\Z",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r" ?(?:de |lei|ron|euro|€|%|km|vizual\w*|acces[ăa]r\w*|mesaje|contacte|persoane|oameni|prezervative|pliante|locuitori|ori\b|ore\b|apeluri)",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?:0?[1-9]|[12][0-9]|3[01])[-./ ](?:0?[1-9]|1[0-2])[-./ ][0-9]{2}")
THOUSANDS = "de mii"
SIX, MOST_TOLD = len("400158"), len("40000158")
MOST_PIECES = 6
NEAR = 60
ROUND = "000"


def romanian_postcodes(text: str, numbers: Iterable[Run]) -> Iterator[tuple[int, int]]:
    """Find six figures in a row, in parts or in words."""
    pieces = [piece for run in numbers for piece in run]
    for at in range(len(pieces)):
        for last in range(at, min(at + MOST_PIECES, len(pieces))):
            if last > at and not _joined(text, pieces[last - 1], pieces[last]):
                break
            parts = pieces[at : last + 1]
            if _is_one(text, parts):
                yield parts[0].start, parts[-1].end
                break


def _joined(text: str, before: Piece, piece: Piece) -> bool:
    between = text[before.end : piece.start]
    if between.strip().lower() == THOUSANDS:
        return True
    read = gap(between)
    return read is not None and not read.letters


def _is_one(text: str, parts: Sequence[Piece]) -> bool:
    """Tell whether parts are a postcode, by how many figures they have and what is beside them."""
    start, end = parts[0].start, parts[-1].end
    digits = "".join(part.digits for part in parts)
    told = any(part.spelled for part in parts)
    thousands = told and THOUSANDS in text[start:end].lower()
    whole = len(digits) == SIX or (told and SIX <= len(digits) <= MOST_TOLD) or thousands
    if (
        not whole
        or digits.endswith(ROUND)
        or text[start - 1 : start] in {"+", "€", "£", "$", "-", "/"}
    ):
        return False
    window = max(0, start - NEAR)
    if _OTHER.search(text, window, start) or _COUNTS.match(text, end) or _goes_on(text, end):
        return False
    if _POST.search(text, window, start):
        return True
    plain = len(parts) == 1 or [len(part.digits) for part in parts] == [3, 3] or told
    placed = _PLACE.search(text, window, start) or _TOWN.match(text, end)
    dated = _DAY.fullmatch(text[start:end]) is not None
    return plain and placed is not None and not dated


def _goes_on(text: str, end: int) -> bool:
    return re.match(r"[ .,]?[0-9]|[\w/-]", text[end : end + 2]) is not None
