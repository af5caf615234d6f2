"""Mobile numbers whose parts stand apart: with any words between them, or the end before the start."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from federation.screen.looks_like.told_numbers import Piece, Run

_MOBILE = re.compile(
    r"0(?:7[0-9]{9}|6[1-58][0-9]{7}|7[0-9]{8}|8[35-79][0-9]{7}|4[5-9][0-9]{7,8})"
    r"|(?:00)?(?:447[0-9]{9}|316[1-58][0-9]{7}|407[0-9]{8}|3538[35-79][0-9]{7}|324[5-9][0-9]{7})"
)
"""In the five countries, and from abroad."""
_STARTS = re.compile(
    r"\b(?:start\w*|begin\w*|beginning|first|front|eerst\w*|voor(?:aan|kant)?|[îi]ncep\w*|prim\w*|[îi]nceput\w*|fa[țt][ăa])\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:ring|call|text|phone|mobile|number|whatsapp|bel|app|tel|mobiel\w*|nummer|gsm|nr|sun[ăa]\w*|mobil|num[ăa]rul|telefon\w*)\b[^.!?\n]{0,15}\Z",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_ENDS = re.compile(r"[.!?]\s+[A-ZȘȚÎĂÂ]|\n\n|[£€$%]|[0-9]")
"""Where another sentence begins, or another number stands that is none of these."""
_WORDY = re.compile(r"[^\W\d_]{2}")
FARTHEST = 40
MOST_PIECES = 12
FEWEST_WITH_WORDS = 3
"""Figures of the first part, where words follow it: who tells a number stops after the network's."""
MOST_WITH_WORDS = 4
FRONT = 7
LONGEST = 14


def told_apart(text: str, numbers: Iterable[Run]) -> Iterator[tuple[int, int]]:
    """Find mobile numbers whose parts together are one, whatever stands between them."""
    pieces = [piece for run in numbers for piece in run]
    at = 0
    while at < len(pieces):
        last = _onward(text, pieces, at) or _turned(text, pieces, at)
        if last:
            yield pieces[at].start, pieces[last].end
        at = last + 1 if last else at + 1


def _onward(text: str, pieces: Sequence[Piece], at: int) -> int:
    """Give the last piece of a number that starts here, or nought."""
    if not (pieces[at].plus or pieces[at].digits[0] == "0"):
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
    return len(between) <= FARTHEST and not (piece.plus or _ENDS.search(between))


def _is_one(text: str, parts: Sequence[Piece]) -> bool:
    """Tell the parts of a number from days, years and hours that add up to one."""
    words = any(_WORDY.search(text[one.end : two.start]) for one, two in pairwise(parts))
    if words and (len(parts) > MOST_WITH_WORDS or len(parts[0].digits) < FEWEST_WITH_WORDS):
        return False
    if any(_YEAR.fullmatch(part.digits) for part in parts):
        return False
    said = _SAID.search(text, max(0, parts[0].start - FARTHEST), parts[0].start) is not None
    pairs = all(len(part.digits) <= len("24") and not part.spelled for part in parts)
    return said or not pairs


def _turned(text: str, pieces: Sequence[Piece], at: int) -> int:
    """Give the last piece of a number whose end is told before its start, or nought."""
    ends = ""
    for start in range(at + 1, min(at + MOST_WITH_WORDS, len(pieces))):
        ends += pieces[start - 1].digits
        between = text[pieces[start - 1].end : pieces[start].start]
        if not _may_go_on(text, pieces[start - 1], pieces[start]):
            return 0
        if len(ends) > FRONT or not _STARTS.search(between):
            continue
        begins = ""
        for last in range(start, min(start + MOST_WITH_WORDS, len(pieces))):
            begins += pieces[last].digits
            if begins[0] == "0" and _MOBILE.fullmatch(begins + ends):
                return last
    return 0
