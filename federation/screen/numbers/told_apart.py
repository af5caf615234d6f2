"""Mobile numbers whose parts stand apart: with any words between them, or the end before the start."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from federation.screen.numbers.told import Piece, Run

_MOBILE = re.compile(
    r"0(?:7[0-9]{9}|6[1-58][0-9]{7}|7[0-9]{8}|8[35-79][0-9]{7}|4[5-9][0-9]{7,8})"
    r"|(?:00)?(?:447[0-9]{9}|316[1-58][0-9]{7}|407[0-9]{8}|3538[35-79][0-9]{7}|324[5-9][0-9]{7})"
)
"""In the five countries, and from abroad."""
_STARTS = re.compile(
    r"\b(?:start\w*|begin\w*|beginning|first|front|eerst\w*|voor(?:aan|kant)?|[îi]ncep\w*|prim\w*|[îi]nceput\w*|fa[țt][ăa])\b",
    re.IGNORECASE,
)
_ENDING = re.compile(
    r"\b(?:end\w*|last|back|eind\w*|laatst\w*|achter\w*|final\w*|sf[âa]r[șs]it\w*|ultim\w*|coad[ăa]|spate)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:part|bit|half|piece|deel|stuk|helft|partea|bucata|jum[ăa]tatea)\s?[12](?=\W)",
    re.IGNORECASE,
)
"""Which part it is, and no figure of the number."""
_BACKWARDS = re.compile(
    r"\b(?:backwards?|reverse\w*|back\sto\sfront|wrong\sway\sround|achterstevoren|van\sachter\snaar\svoren|omgekeerd\w*|andersom|invers\w*"
    r"|de\sla\scoad[ăa]|pe\sdos|[îi]ntors)\b",
    re.IGNORECASE,
)
_COUNTRY = re.compile(
    r"\b(?:country\scode|code|landcode|landnummer|prefix\w*(?:\sde\s[țt]ar[ăa])?)\W{1,3}\Z",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"(?<![\w.,])0[67][0-9](?:[ .-]?[0-9xX?*_]){7,8}(?!\w)")
"""A mobile number of which a figure or two are left out."""
_SIGN = re.compile(r"[xX?*_]")
_SAID = re.compile(
    r"\b(?:ring|call|text|phone|mobile|number|whatsapp|bel|app|tel|mobiel\w*|nummer|gsm|nr|sun[ăa]\w*|mobil|num[ăa]rul|telefon\w*)\b[^.!?\n]{0,15}\Z",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_ENDS = re.compile(r"(?<!\.)[.!?]\s+[A-ZȘȚÎĂÂ]|\n\n|[£€$%]|[0-9]")
"""Where another sentence begins, or another number stands that is none of these."""
_WORDY = re.compile(r"[^\W\d_]{2}")
FARTHEST = 40
MOST_PIECES = 14
FEWEST_WITH_WORDS = 3
"""Figures of the first part, where words follow it: who tells a number stops after the network's."""
MOST_WITH_WORDS = 3
"""How often words may stand between its parts."""
FRONT = 7
LONGEST = 14
MOST_HIDDEN = 2
NEAR = 30


def told_apart(text: str, numbers: Iterable[Run]) -> Iterator[tuple[int, int]]:
    """Find mobile numbers whose parts together are one, whatever stands between them."""
    pieces = [piece for run in numbers for piece in run]
    if _PART.search(text):
        text = _PART.sub(lambda part: part[0][:-1] + " ", text)
        pieces = [piece for piece in pieces if not text[piece.start : piece.end].isspace()]
    turned = _STARTS.search(text) is not None
    at = 0
    while at < len(pieces):
        last = _onward(text, pieces, at) or (_turned(text, pieces, at) if turned else 0)
        if last:
            yield pieces[at].start, pieces[last].end
        at = last + 1 if last else at + 1
    yield from _backwards(text, pieces)
    for match in _HIDDEN.finditer(text):
        if 0 < len(_SIGN.findall(match[0])) <= MOST_HIDDEN:
            yield match.span()


def _onward(text: str, pieces: Sequence[Piece], at: int) -> int:
    """Give the last piece of a number that starts here, or nought."""
    start = pieces[at].start
    abroad = pieces[at].plus or _COUNTRY.search(text, max(0, start - NEAR), start)
    if not (abroad or pieces[at].digits[0] == "0"):
        return 0
    digits, found = "", []
    for last in range(at, min(at + MOST_PIECES, len(pieces))):
        if last > at and not _may_go_on(text, pieces[last - 1], pieces[last]):
            break
        digits += pieces[last].digits
        if len(digits) > LONGEST:
            break
        if last > at and _MOBILE.fullmatch(digits):
            found.append(last)
    return next((last for last in found[::-1] if _is_one(text, pieces[at : last + 1])), 0)


def _may_go_on(text: str, before: Piece, piece: Piece) -> bool:
    between = text[before.end : piece.start]
    other = piece.plus and between.strip().lower() != "plus"
    return len(between) <= FARTHEST and not (other or _ENDS.search(between))


def _is_one(text: str, parts: Sequence[Piece]) -> bool:
    """Tell the parts of a number from days, years and hours that add up to one."""
    gaps = [at for at in range(1, len(parts)) if _wordy(text, parts[at - 1], parts[at])]
    first = sum(len(part.digits) for part in parts[: gaps[0] if gaps else None])
    if gaps and (len(gaps) > MOST_WITH_WORDS or first < FEWEST_WITH_WORDS):
        return False
    if gaps and any(_YEAR.fullmatch(part.digits) for part in parts):
        return False
    said = _SAID.search(text, max(0, parts[0].start - FARTHEST), parts[0].start) is not None
    pairs = all(len(part.digits) <= len("24") and not part.spelled for part in parts)
    return said or not pairs


def _wordy(text: str, before: Piece, piece: Piece) -> bool:
    return _WORDY.search(text, before.end, piece.start) is not None


def _turned(text: str, pieces: Sequence[Piece], at: int) -> int:
    """Give the last piece of a number whose end is told before its start, or nought."""
    ends = ""
    for start in range(at + 1, min(at + MOST_PIECES, len(pieces))):
        ends += pieces[start - 1].digits
        if len(ends) > FRONT or not _may_go_on(text, pieces[start - 1], pieces[start]):
            return 0
        last = _start_of(text, pieces, start, ends)
        if last:
            return last
    return 0


def _start_of(text: str, pieces: Sequence[Piece], start: int, ends: str) -> int:
    """Give the last piece of the start, if a word says that it is told after the end."""
    between = text[pieces[start - 1].end : pieces[start].start]
    says, ended = _STARTS.search(between), _ENDING.search(between)
    if pieces[start].digits[0] != "0" or not (says or ended):
        return 0
    begins = ""
    for last in range(start, min(start + MOST_PIECES, len(pieces))):
        begins += pieces[last].digits
        after = text[pieces[last].end : pieces[last].end + NEAR]
        if _MOBILE.fullmatch(begins + ends) and (says or _STARTS.search(after)):
            return last
    return 0


def _backwards(text: str, pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Find a number whose last figure is told first."""
    for word in _BACKWARDS.finditer(text):
        near = [
            piece
            for piece in pieces
            if word.start() - FARTHEST <= piece.start and piece.end <= word.end() + FARTHEST
        ]
        apart = [at for at, (one, two) in enumerate(pairwise(near), 1) if _wordy(text, one, two)]
        for start, end in pairwise([0, *apart, len(near)]):
            digits = "".join(piece.digits for piece in near[start:end])
            if _MOBILE.fullmatch(digits[::-1]):
                yield near[start].start, near[end - 1].end
