"""Telephone numbers in every form that somebody might give one in, and no others.

Lines that belong to nobody pass: freephone, premium and emergency numbers are published to be rung.
"""

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberType

from federation.screen.looks_like.number_words import JOINING, PLUS, SPELLED, TIMES

REGIONS = {
    "en": ("GB", "IE"),
    "nl": ("NL", "BE"),
    "ro": ("RO", "MD"),
}
EVERYWHERE = ("GB", "NL", "RO", "IE", "BE", "DE", "FR", "ES", "PL", "BG", "IT", "MD", "PT", "HU")
OF_NOBODY = {
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
}
BRITISH_MOBILE = re.compile(r"(?:44)?7[0-9]{9}")
"""Also those of films and examples, which no register knows."""
MOBILES = {("6", 9): "NL", ("7", 9): "RO", ("8", 9): "IE"}
"""By first digit and length: a mobile number whose leading nought was left out."""
CODES = ("44", "31", "40", "353", "32", "49", "33", "34", "48", "359")
PUBLISHED = ("0800", "0808", "0900", "0906", "0909")
"""Freephone and premium lines, in all three countries."""
SHORTEST, LONGEST, LONGEST_NATIONAL, SHORTEST_PUBLISHED = 9, 15, 11, 7
LONGEST_CODE = 3
LOCAL = range(6, 9)
MOST_PIECES = 16
CLOSE = 2
LETTERS_FOR_DIGITS = str.maketrans("OoIl", "0011")

_TOKEN = re.compile(
    r"(?P<digits>(?=[OoIl]{0,4}[0-9][OoIl]{0,4}[0-9])[0-9OoIl]{4,18}(?![^\W_])|[0-9]+)"
    r"|(?P<word>[^\W\d_]+)"
)
_BETWEEN = re.compile(r"[ \n]{0,3}[-./()_,;*·|\\]{0,2}[ \n]{0,2}[-./()·]{0,1}[ \n]?\Z")
_LOOSE = re.compile(r"[,;]")
_PLUS = re.compile(r"\+[ (]{0,2}\Z")
_CUE = re.compile(
    r"\b(?:ring|call|text|phone|tel|mobile|number|whatsapp|nummer|bel|app|telefoon|mobiel|numar"
    r"|numărul?|telefon|suna|sună|mobil)\w{0,6}\W{0,3}"
    r"(?:(?:me|us|her|him|them|on|is|at|my|back|now|no|op|naar|ons|haar|hem|via|la|este|e|nr|pe)"
    r"\W{1,3}){0,4}\Z",
    re.IGNORECASE,
)
NOT_ONE = re.compile(
    r"""
    [£€$]\ ?[0-9][0-9., ]{0,12}[0-9]? | [0-9][0-9.,]{0,12}\ ?(?:[£€$%]|euro?s?\b|lei\b|ron\b|gbp\b
        |pounds?\b|pond\b|quid\b|p\b|pence\b|bani\b|cent\b)
    | [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?
    | \b(?:[01]?[0-9]|2[0-3])\.[0-5][0-9]\ ?(?:-|to|tot|until|till|and|en|până\ la|pana\ la|la)\ ?
        (?:[01]?[0-9]|2[0-3])\.[0-5][0-9]\b
    | \b(?:[01]?[0-9]|2[0-3])\.[0-5][0-9]\ ?(?:uur|u|h|am|pm|ora)\b
    | \b[0-9]{4}-[0-9]{2}-[0-9]{2}\b | \b[0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)[0-9]{2}\b
    | \b116[ ]?[0-9]{3}\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Prices, times, dates, and the six-digit help lines that are the same in all of Europe."""


class Piece(NamedTuple):
    """Some digits of a text; `plus` where a plus stands before them, `spelled` where in words."""

    digits: str
    start: int
    end: int
    plus: bool
    spelled: bool


class Atom(NamedTuple):
    """A word or some digits, and what they mean in a number."""

    kind: str
    value: str
    start: int
    end: int


def phones(text: str, language: str = "") -> Iterator[tuple[int, int]]:
    """Find where numbers stand that could ring at somebody's."""
    regions = REGIONS.get(language.split("-", maxsplit=1)[0], ())
    order = (*regions, *(region for region in EVERYWHERE if region not in regions))
    for run in _runs(text):
        yield from _in_run(text, run, order)


def _runs(text: str) -> Iterator[list[Piece]]:
    run: list[Piece] = []
    for piece in _pieces(text):
        if run and not _goes_on(text, run[-1], piece):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _goes_on(text: str, before: Piece, piece: Piece) -> bool:
    between = text[before.end : piece.start]
    if len(between) > len(" ) - (0 "):
        return False
    if piece.plus:
        return False
    if before.spelled or piece.spelled:
        return between.strip(" \n-,.;/()").lower() in {"", *JOINING}
    if _LOOSE.search(between):
        return len(before.digits) == len(piece.digits) == 1
    return _BETWEEN.match(between) is not None


def _pieces(text: str) -> Iterator[Piece]:
    atoms = list(_atoms(text))
    at = 0
    while at < len(atoms):
        piece, at = _piece(text, atoms, at)
        if piece is not None:
            yield piece


def _atoms(text: str) -> Iterator[Atom]:
    """Read words and digits, leaving out prices, times and dates."""
    others = [found.span() for found in NOT_ONE.finditer(text)]
    other = 0
    for found in _TOKEN.finditer(text):
        while other < len(others) and others[other][1] <= found.start():
            other += 1
        if other < len(others) and others[other][0] < found.end():
            yield Atom("other", "", *found.span())
        elif found["word"] is None:
            yield Atom("digits", found["digits"].translate(LETTERS_FOR_DIGITS), *found.span())
        else:
            yield Atom(*_word(found["word"]), *found.span())


def _word(word: str) -> tuple[str, str]:
    lower = word.lower()
    if lower in SPELLED:
        return "spelled", SPELLED[lower]
    if lower == "o":
        return "spelled", "0"
    if lower in TIMES:
        return "times", str(TIMES[lower])
    if lower in JOINING:
        return "joining", ""
    return ("plus", "") if lower in PLUS else ("other", "")


def _piece(text: str, atoms: Sequence[Atom], at: int) -> tuple[Piece | None, int]:
    """Read one piece: `double seven`, `forty-five`, `plus 44` or plain digits."""
    first = atoms[at]
    plus = first.kind == "plus"
    times = 1
    start = None
    while atoms[at].kind in {"plus", "times"}:
        if atoms[at].kind == "times":
            times = int(atoms[at].value)
            start = atoms[at].start if start is None else start
        at += 1
        if at == len(atoms) or atoms[at].start - atoms[at - 1].end > CLOSE:
            return None, at
    atom = atoms[at]
    if atom.kind not in {"digits", "spelled"}:
        return None, at + 1
    start = atom.start if start is None else start
    plus = plus or _PLUS.search(text, max(0, start - 3), start) is not None
    spelled = atom.kind == "spelled" or times > 1
    digits = atom.value * times if len(atom.value) == 1 else atom.value
    ones = _ones(atoms, at) if spelled and digits[-1] == "0" and digits[0] in "23456789" else None
    if ones is not None:
        both = digits[0] + atoms[ones].value
        return Piece(both, start, atoms[ones].end, plus, spelled), ones + 1
    return Piece(digits, start, atom.end, plus, spelled), at + 1


def _ones(atoms: Sequence[Atom], at: int) -> int | None:
    """Find the five of `forty-five` and of `patruzeci și cinci`."""
    if len(atoms[at].value) != len("40"):
        return None
    after = at + 1
    if after < len(atoms) and atoms[after].kind == "joining":
        after += 1
    if after == len(atoms) or atoms[after].kind != "spelled":
        return None
    near = atoms[after].start - atoms[after - 1].end <= CLOSE
    return after if near and len(atoms[after].value) == 1 and atoms[after].value != "0" else None


class Verdict(Enum):
    """What some digits are."""

    SURE = 1
    """Somebody's number."""
    MAYBE = 2
    """Digits as somebody's number has them, though no such number is known."""
    OF_NOBODY = 3
    """A line that is published to be rung."""


def _in_run(text: str, run: Sequence[Piece], order: Sequence[str]) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(run):
        count, somebodys = _longest(text, run[at : at + MOST_PIECES], order)
        if somebodys:
            start = run[at].start - (text[max(0, run[at].start - 1)] == "(")
            if run[at].plus:
                start = _with_plus(text, start)
            yield start, run[at + count - 1].end
        at += count or 1


def _with_plus(text: str, start: int) -> int:
    before = text[max(0, start - 7) : start].lower()
    found = max(before.rfind("+"), before.rfind("plus"))
    return start - len(before) + found if found >= 0 else start


def _longest(text: str, pieces: Sequence[Piece], order: Sequence[str]) -> tuple[int, bool]:
    """Give how many pieces make one number, and whether it is somebody's.

    A number that there is goes before one that could be.
    """
    digits = ""
    counts = dict.fromkeys(Verdict, 0)
    for count, piece in enumerate(pieces, 1):
        # the (0) of +44 (0)7700 is not dialled from abroad
        trunk = pieces[0].plus and digits and len(digits) <= LONGEST_CODE
        digits += piece.digits.removeprefix("0") if trunk else piece.digits
        if len(digits) > LONGEST + 1:
            break
        verdict = _judged(digits, order, plus=pieces[0].plus)
        if verdict:
            counts[verdict] = count
    if counts[Verdict.SURE]:
        return counts[Verdict.SURE], True
    if counts[Verdict.OF_NOBODY]:
        return counts[Verdict.OF_NOBODY], False
    count = counts[Verdict.MAYBE] or _local(text, pieces)
    return count, bool(count)


def _judged(digits: str, order: Sequence[str], *, plus: bool) -> Verdict | None:
    if plus or digits.startswith("00"):
        return _international(digits if plus else digits[2:])
    if digits.startswith("0"):
        return _national(digits, order)
    if BRITISH_MOBILE.fullmatch(digits):
        return Verdict.SURE
    region = MOBILES.get((digits[0], len(digits)))
    if region and _kind(digits, region) in {
        PhoneNumberType.MOBILE,
        PhoneNumberType.PERSONAL_NUMBER,
    }:
        return Verdict.SURE
    abroad = len(digits) in {11, 12} and digits.startswith(CODES)
    if abroad and _kind(f"+{digits}", None) == PhoneNumberType.MOBILE:
        return Verdict.SURE
    return None


def _international(digits: str) -> Verdict | None:
    if not SHORTEST - 1 <= len(digits) <= LONGEST or digits[0] == "0":
        return None
    kind = _kind(f"+{digits}", None)
    if kind is not None:
        return Verdict.OF_NOBODY if kind in OF_NOBODY else Verdict.SURE
    return Verdict.MAYBE if len(digits) > SHORTEST else None


def _national(digits: str, order: Sequence[str]) -> Verdict | None:
    if digits.startswith(PUBLISHED) and len(digits) <= LONGEST_NATIONAL:
        return Verdict.OF_NOBODY if len(digits) >= SHORTEST_PUBLISHED else None
    if not SHORTEST <= len(digits) <= LONGEST_NATIONAL:
        return None
    kinds = (_kind(digits, region) for region in order)
    kind = next((kind for kind in kinds if kind is not None), None)
    if kind in OF_NOBODY:
        return Verdict.OF_NOBODY
    return Verdict.MAYBE if kind is None else Verdict.SURE


def _kind(number: str, region: str | None) -> int | None:
    """Give which kind of number this is; None where there is no such number."""
    try:
        read = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(read):
        return None
    return phonenumbers.number_type(read)


def _local(text: str, pieces: Sequence[Piece]) -> int:
    """Find a number without its town's code, where the words before say that it is one."""
    digits = ""
    for count, piece in enumerate(pieces[:4], 1):
        if len(piece.digits) == 1 and not piece.spelled:
            return 0
        digits += piece.digits
        ends = count == len(pieces) or len(digits + pieces[count].digits) > LOCAL.stop
        if ends and len(digits) in LOCAL and digits[:3] not in {"116", "080", "090"}:
            before = text[max(0, pieces[0].start - 50) : pieces[0].start]
            return count if _CUE.search(before) else 0
    return 0
