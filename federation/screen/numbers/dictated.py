"""A text as somebody would have typed what is dictated in it: `LS seven, three double Q` is LS73QQ.

Letters by themselves or by names, figures in words and halves that a word joins become one word, so
that what is told is found by the rules for what is written.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from federation.screen.numbers.number_words import BETWEEN_PARTS, JOINING, TIMES
from federation.screen.numbers.told import Piece, Run
from federation.screen.numbers.words_of_two import NO_LETTERS, WORDS_OF_TWO
from federation.screen.plain import Plain

_NAMES = """
    alfa alpha bravo charlie delta echo foxtrot golf hotel india juliet juliett juliette kilo lima mike november
    oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu
    anton bernard cornelis dirk eduard ferdinand gerard hendrik izaak isaac isaak johan karel lodewijk maria nico
    otto pieter quotiënt quotient rudolf richard simon theodoor utrecht willem xantippe ypsilon zaandam zacharias
""".split()
"""By which letters are told on the telephone: each begins with its own."""
_JOINS = (
    BETWEEN_PARTS
    | {
        "letters",
        "letter",
        "litere",
        "literele",
        "plus",
        "începe",
        "incepe",
        "început",
        "final",
        "urmă",
    }
) - set("is are it its e este zijn number nummer numarul numărul a of in op the de het".split())
_SPELT = re.compile(
    r"(?<!\w)([A-Z])( (?:for|as in|like|as|van|als(?: in)?|uit|de la|ca [îi]n|from) \1[a-zë]{2,12})(?!\w)",
    re.IGNORECASE,
)
"""B for Bravo."""
_WEAK = JOINING | set("is are it its e este zijn was op in the de het with met cu la".split())
"""What joins two parts only beside another word that does: the rest is."""
_MONTH = "november"
_TOKEN = re.compile(r"[^\W\d_]+|[^\s\w]+|[_]|\s+")
_SEPARATES = re.compile(r"\x01+|[-./,()·:_+…*;\"'’]{1,4}")
FARTHEST = 60
ELLIPSIS = "..."
CAPITALS = 5
MOST_LETTERS = 6
MARK = "\x01"
"""Stands where a name told which letter is meant."""
MARKS = f"(+…{MARK}"
VOWELS = "aeiou"
FEWEST = 3
POSTCODE = len("SW1A1AA")
SIX = len("400158")
"""Of plain figures only a Romanian postcode is told in two halves."""


class Gap(NamedTuple):
    """The letters between two figures; `told` where only somebody who dictates writes it so."""

    letters: str
    told: bool


def written(text: str, numbers: Iterable[Run]) -> Plain | None:
    """Give the text with everything dictated as one word each; None where nothing is."""
    text = _SPELT.sub(lambda found: found[1] + MARK * len(found[2]), text)
    signs: list[str] = []
    places: list[int] = []
    done = 0
    for start, end, value in _dictations(text, [piece for run in numbers for piece in run]):
        if start < done:
            continue
        signs += [text[done:start], value]
        places += range(done, start)
        places += [start + at * (end - 1 - start) // (len(value) - 1) for at in range(len(value))]
        done = end
    if not done:
        return None
    signs = [part.replace(MARK, " ") for part in (*signs, text[done:])]
    return Plain("".join(signs), [*places, *range(done, len(text))])


def _dictations(text: str, pieces: Sequence[Piece]) -> Iterator[tuple[int, int, str]]:
    at = 0
    while at < len(pieces):
        value, told, last = pieces[at].digits, pieces[at].spelled, at
        while last + 1 < len(pieces):
            between = gap(text[pieces[last].end : pieces[last + 1].start])
            if between is None or _begins_anew(text, pieces, last, between):
                break
            last += 1
            value += between.letters + pieces[last].digits
            told = told or between.told or pieces[last].spelled
        start, before, said = _letters_before(text, pieces[at].start)
        end, after, joined = _letters_after(text, pieces[last].end)
        if before and text[pieces[at].start : pieces[at].end].lower() == "o":
            value = "O" + value[1:]
        value = before + value + after
        spelled = any(piece.spelled for piece in pieces[at : last + 1])
        code = spelled or said or (bool(after) and len(value) <= POSTCODE) or len(value) == SIX
        abroad = pieces[at].plus
        if not abroad and (told or said or joined) and len(value) > FEWEST and code:
            yield start, end, value
        at = last + 1


def _begins_anew(text: str, pieces: Sequence[Piece], last: int, read: Gap) -> bool:
    """Tell a flat or a house before a comma from the beginning of what is dictated."""
    before, after = pieces[last], pieces[last + 1]
    comma = text[before.end : after.start].lstrip(" ").startswith((",", "\n", ";"))
    short = not before.spelled and len(before.digits) < FEWEST
    return comma and short and (bool(read.letters) or after.spelled or len(after.digits) > FEWEST)


def gap(between: str) -> Gap | None:
    """Read what stands between two figures; None if it is more than letters."""
    if len(between) > FARTHEST:
        return None
    letters, told, times, weak = "", False, 1, False
    for token in _TOKEN.findall(between):
        low = token.lower()
        if token.isspace() or _SEPARATES.fullmatch(token):
            told = (
                told
                or token[0] in f"+…{MARK}"
                or token.startswith(ELLIPSIS)
                or between.startswith(" (")
            )
        elif low in TIMES:
            times = TIMES[low]
        elif low in _WEAK and not token.isupper():
            weak = weak or low not in JOINING
        else:
            letter = _letter(token)
            if letter is None and low not in _JOINS:
                return None
            told = told or letter is None or times > 1 or low in _NAMES
            letters += (letter or "") * times
            times = 1
    alone = (weak and not told) or between.strip().lower() in {_MONTH, "x"}
    return Gap(letters, told) if len(letters) <= MOST_LETTERS and not alone else None


def _letter(token: str) -> str | None:
    """Give what a token spells: itself, or the first of a name that stands for a letter."""
    low = token.lower()
    if low in _NAMES:
        return token[0].upper()
    if not token.isalpha():
        return None
    if len(token) == 1 or (token.isupper() and len(token) <= CAPITALS):
        return token.upper() if token.isascii() else None
    two = len(token) == len("ab") and token.isascii() and low not in WORDS_OF_TWO
    return token.upper() if two else None


def _letters_before(text: str, at: int) -> tuple[int, str, bool]:
    """Give where letters begin that stand before a figure, and what they are."""
    start, letters, told = at, "", False
    tokens = list(_TOKEN.finditer(text, max(0, at - FARTHEST), at))
    for place, token in reversed([*enumerate(tokens)]):
        if token[0].isspace() or token[0] in "-." or token[0][0] == MARK:
            told = told or token[0][0] == MARK
            continue
        letter = _letter(token[0])
        # the whole of a word that reaches into the window, and no word of one letter
        whole = place > 0 or token.start() == 0
        further = tokens[max(0, place - len(" u"))][0]
        lone = len(further) > 1 or not further.isalpha()
        alone = token[0] in VOWELS and not letters and lone
        dated = token[0].lower() == _MONTH and not letters
        if letter is None or not whole or alone or dated or len(letters + letter) > MOST_LETTERS:
            break
        start, letters = token.start(), letter + letters
        told = told or token[0].lower() in _NAMES
    return start, letters, told


def _letters_after(text: str, at: int) -> tuple[int, str, bool]:
    """Give where letters end that stand after a figure, what they are, and whether a word joins them."""
    end, letters, told, joined, times = at, "", False, False, 1
    for word, last, marked in _words_after(text, at):
        low, letter = word.lower(), _letter(word)
        joined = joined or (marked and not letters)
        if low in TIMES:
            times = TIMES[low]
        elif letter is None and _stands_between(low, letters):
            joined = joined or low in _JOINS
        elif letter is None or _is_too_much(word, letter, letters):
            break
        else:
            told = told or joined or times > 1 or low in _NAMES
            letters += letter * times
            end, times = last, 1
    vowel = len(letters) == 1 and text[end - 1] in VOWELS
    return (end, letters, told) if letters and not vowel else (at, "", False)


def _words_after(text: str, at: int) -> Iterator[tuple[str, int, bool]]:
    """Walk the words after a figure: each with where it ends and whether a mark stood before it."""
    last, marked = at, False
    for token in _TOKEN.finditer(text, at, at + FARTHEST):
        cut = token.end() == at + FARTHEST < len(text)
        if token.start() > last or cut:
            return
        last = token.end()
        if token[0].isspace() or _SEPARATES.fullmatch(token[0]):
            marked = marked or token[0][0] in MARKS or token[0].startswith(ELLIPSIS)
        else:
            yield token[0], last, marked


def _stands_between(low: str, letters: str) -> bool:
    """Tell whether a word joins letters to figures, or a letter to the next."""
    if letters:
        return len(letters) == 1 and low in _WEAK
    return low in _JOINS or low in _WEAK - JOINING


def _is_too_much(word: str, letter: str, letters: str) -> bool:
    """Tell a town or an office behind a code from the rest of the code."""
    town = word.lower() in _NAMES and len(letters) > 1
    return town or letter in NO_LETTERS or len(letters + letter) > MOST_LETTERS
