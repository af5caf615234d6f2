"""Digits of a text that belong together, in figures and in words, as one number is told."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from federation.screen.numbers.number_words import (
    BELOW_A_HUNDRED,
    BETWEEN_PARTS,
    HUNDREDS,
    JOINING,
    PLURALS,
    PLUS,
    REPEATING,
    SPELLED,
    TIMES,
)

CLOSE = 2
HUNDRED = "honderd"
LETTERS_FOR_DIGITS = str.maketrans("OoIl", "0011")

_TOKEN = re.compile(
    r"(?P<digits>(?<![^\W_])(?=[OoIl]{0,4}[0-9])[0-9OoIl]{2,18}(?![^\W_])|[0-9]+)"
    r"|(?P<word>[^\W\d_]+)"
)
_BETWEEN = re.compile(r"[ \n]{0,3}[-./()\[\]_,;*·•~=|\\xX]{0,3}[ \n]{0,2}[-./()·]{0,1}[ \n]?\Z")
_WORDY = re.compile(r"[^\W\d_]{2}")
_WORDS = re.compile(r"[^\W\d_]+")
ONES = [word for word, digits in SPELLED.items() if len(digits) == 1 and len(word) > len("een")]
ALIKE = 0.74
FARTHEST = 40
"""How many signs may stand between two parts of one number."""
_LOOSE = re.compile(r"[,;]")
_PLUS = re.compile(r"(?<![0-9])\+\(?\Z|(?<![0-9])(?<![0-9] )\+[ (]{1,2}\Z")
"""Not the one of a sum."""
NOT_ONE = re.compile(
    r"""
    [£€$]\ ?[0-9]{1,9}(?:[.,][0-9]{3}(?![0-9])|\ (?!0)[0-9]{3}(?![0-9]))*(?:[.,][0-9]{1,2}(?![0-9]))? | [0-9][0-9.,]{0,12}\ ?(?:[£€$](?!\ ?[0-9])|%|euro?s?\b|lei\b|ron\b|gbp\b
        |pounds?\b|pond\b|quid\b|p\b|pence\b|bani\b|cent\b)
    | (?<![0-9])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9])
    | \b(?<![0-9][-./ ])(?:[01]?[0-9]|2[0-4])\ ?-\ ?(?:[01]?[0-9]|2[0-4])\ ?(?:en|and|[sșş]i|&|,|;|/|\|)\ ?
        (?:[01]?[0-9]|2[0-4])\ ?-\ ?(?:[01]?[0-9]|2[0-4])\b
    | \b(?:[01]?[0-9]|2[0-3])\.[0-5][0-9]\ ?(?:-|to|tot|until|till|and|en|până\ la|pana\ la|la)\ ?
        (?:[01]?[0-9]|2[0-3])\.[0-5][0-9]\b
    | \b(?:[01]?[0-9]|2[0-3])\.[0-5][0-9]\ ?(?:uur|u|h|am|pm|ora)\b
    | \b(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-[0-3][0-9]\b(?![-./]?[0-9]) | \b(?<![0-9][-./])[0-3]?[0-9][./-][01]?[0-9][./-](?:19|20)[0-9]{2}\b(?![-./]?[0-9])
    | \b97[89][-\ ]?[0-9](?:[-\ ]?[0-9]){8}[-\ ]?[0-9X]\b
    | \b1(?:800|850|890)(?:[ -]?[0-9]){6}\b
    | (?<![0-9])(?<![0-9][ -])(?:14[ -]0[0-9]{2,3}|140[0-9]{2})\b(?![ -]?[0-9])
    | \b116[ .-]?[0-9]{3}\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Prices, times, dates, numbers of books, Irish freephone lines, those of Dutch town halls, and the six-digit help lines that are the same in all of Europe."""


_MEANINGS = {
    **dict.fromkeys(JOINING, ("joining", "")),
    **dict.fromkeys(PLUS, ("plus", "")),
    **dict.fromkeys(REPEATING, ("repeating", "")),
    **{word: ("plural", digit) for word, digit in PLURALS.items()},
    **{word: ("times", str(times)) for word, times in TIMES.items()},
    **{word: ("spelled", digits) for word, digits in SPELLED.items()},
    "o": ("spelled", "0"),
    "oo": ("digits", "00"),
    "ooo": ("digits", "000"),
}
"""What a word is in a number, and its digits."""


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


Run = Sequence[Piece]
"""The pieces of one number."""


def runs(text: str) -> Iterator[Run]:
    """Gather the pieces that stand so close together that they are one number."""
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
    if piece.plus:
        return False
    if len(between) > len(" ) - (0 ") or _WORDY.search(between):
        return _said_in_parts(between)
    if before.spelled or piece.spelled:
        return between.strip(" \n-,.;/()").lower() in {"", *JOINING}
    if between == ";":
        return True
    if _LOOSE.search(between):
        return len(before.digits) == len(piece.digits) == 1
    return _BETWEEN.match(between) is not None


def _said_in_parts(between: str) -> bool:
    """Tell whether only the words stand there that join two parts of one number."""
    words = _WORDS.findall(between) if len(between) <= FARTHEST else []
    if [word.lower() for word in words] == ["of"]:
        return False  # in Dutch it means or
    return bool(words) and all(word.lower() in BETWEEN_PARTS for word in words)


def _pieces(text: str) -> Iterator[Piece]:
    atoms = _without_slips(text, list(_atoms(text)))
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


def _without_slips(text: str, atoms: list[Atom]) -> list[Atom]:
    """Read a word between two told figures that is nearly one: fiev."""
    for at in range(1, len(atoms) - 1):
        before, atom, after = atoms[at - 1 : at + 2]
        near = atom.start - before.end <= CLOSE >= after.start - atom.end
        if atom.kind == "other" and near and before.kind == after.kind == "spelled":
            close = get_close_matches(text[atom.start : atom.end].lower(), ONES, 1, ALIKE)
            if close:
                atoms[at] = Atom("spelled", SPELLED[close[0]], atom.start, atom.end)
    return atoms


def _word(word: str) -> tuple[str, str]:
    known = _MEANINGS.get(word.lower())
    if known is None and HUNDRED in word.lower():
        digits = _hundreds_in_one(word.lower())
        return ("spelled", digits) if digits else ("other", "")
    return known or ("other", "")


def _hundreds_in_one(word: str) -> str:
    """Read `vijfendertighonderdtwaalf`, as four figures are said in Dutch."""
    before, _, after = word.partition(HUNDRED)
    rest = BELOW_A_HUNDRED.get(after.removeprefix("en"), "") if after else HUNDREDS
    first = BELOW_A_HUNDRED.get(before, "")
    return first + rest if rest and first[:1] not in {"", "0"} else ""


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
    again = _repeated(atoms, at)
    if again is not None:
        times, at, atom = int(atom.value), again, atoms[again]
    plus = plus or _PLUS.search(text, max(0, start - 5), start) is not None
    spelled = atom.kind != "digits" or times > 1
    digits = atom.value * times if len(atom.value) == 1 else atom.value
    hundred = _hundreds(atoms, at) if spelled and times == 1 else None
    if hundred is not None:
        value, last = hundred
        return Piece(value, start, atoms[last].end, plus, spelled), last + 1
    tens = _tens(text, atoms, at) if times == 1 and atom.kind == "spelled" else None
    if tens is not None:
        return Piece(atoms[tens].value[0] + digits, start, atoms[tens].end, plus, spelled), tens + 1
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


def _tens(text: str, atoms: Sequence[Atom], at: int) -> int | None:
    """Find the twenty of `vier en twintig`, where somebody writes it apart."""
    if len(atoms[at].value) != 1 or atoms[at].value == "0" or not _near(atoms, at + 2):
        return None
    joined = text[atoms[at + 1].start : atoms[at + 1].end].lower() in {"en", "ën"}
    ten = atoms[at + 2]
    word = text[ten.start : ten.end].lower()
    return at + 2 if joined and ten.kind == "spelled" and word.endswith("tig") else None


def _repeated(atoms: Sequence[Atom], at: int) -> int | None:
    """Find the digit that stands several times: `two sevens`, `twee keer zeven`."""
    if atoms[at].value not in {"2", "3", "4", "5", "6"} or not _near(atoms, at + 1):
        return None
    if atoms[at + 1].kind == "plural":
        return at + 1
    if atoms[at + 1].kind != "repeating" or not _near(atoms, at + 2):
        return None
    told = atoms[at + 2].kind in {"digits", "spelled"} and len(atoms[at + 2].value) == 1
    return at + 2 if told else None


def _hundreds(atoms: Sequence[Atom], at: int) -> tuple[str, int] | None:
    """Read `two hundred and thirty-four`, `două sute treizeci și patru`; None if it is none."""
    value, last = atoms[at].value, at
    if len(value) == 1 and _near(atoms, at + 1):
        # in Romanian one hundred is `o sută`, and o is a nought elsewhere
        value, last = value.replace("0", "1") + atoms[at + 1].value, at + 1
    if len(value) != len("200") or not value.endswith(HUNDREDS):
        return None
    joined = _near(atoms, last + 1) and atoms[last + 1].kind == "joining"
    rest = last + 1 + joined
    if not _near(atoms, rest) or atoms[rest].kind != "spelled" or atoms[rest].value == HUNDREDS:
        return value, last
    told = atoms[rest].value
    if len(told) == 1:
        return (value[:2] + told, rest) if joined else (value, last)
    ones = _ones(atoms, rest) if told[1] == "0" and told[0] != "1" else None
    if len(told) == len("34") and ones is not None:
        return value[0] + told[0] + atoms[ones].value, ones
    return (value[0] + told, rest) if len(told) == len("34") else (value, last)


def _near(atoms: Sequence[Atom], at: int) -> bool:
    """Tell whether a word stands right after the one before."""
    return at < len(atoms) and atoms[at].start - atoms[at - 1].end <= CLOSE
