"""Puts `{{placeholder}}` back where a text carries a project's own value, and asks where it doubts.

What is shorter than three characters could be anything; from four on a value is also found inside a
word. What the owner's own words say as well is nothing local, but may be meant either way.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple
from unicodedata import normalize

from protocols.releases.rules import Manifest

Why = Literal["several-places", "also-theirs", "short", "spelling"]
SHORTEST = 3
ANYWHERE = 4
_FIELD = re.compile(r"(\{\{[a-z][a-z0-9_]*\}\})")
_NUMBER = re.compile(r"(\+?\(?)([0-9](?:[\s().\-/]*[0-9]){5,})(\)?)")


class Doubt(NamedTuple):
    """Where a text may carry a value, in characters, the end excluded; a person says what holds."""

    start: int
    end: int
    names: tuple[str, ...]
    why: Why


class Restored(NamedTuple):
    """A text with its places put back, and where somebody has to look."""

    text: str
    doubts: tuple[Doubt, ...]


class _Found(NamedTuple):
    start: int
    end: int
    names: tuple[str, ...]
    why: Why | None


class OwnValues:
    """A project's values for one text, ready to be looked for; longest first."""

    def __init__(self, values: Mapping[str, str], theirs: Collection[str]) -> None:
        """Take what the owner's own words say, so that what is not local is told apart."""
        names: dict[str, list[str]] = {}
        for name, value in sorted(values.items()):
            if value.strip():
                names.setdefault(value.strip(), []).append(name)
        self._known = [
            (value, tuple(named), _pattern(value), _said(_pattern(value), theirs))
            for value, named in sorted(names.items(), key=lambda one: -len(one[0]))
        ]

    def restore(self, text: str) -> Restored:
        """Put places back where that is no guess; what is one is left, and named."""
        said, doubts, at = "", [], 0
        for one in self._found(text):
            said += text[at : one.start]
            words = text[one.start : one.end] if one.why else "{{" + one.names[0] + "}}"
            if one.why:
                doubts.append(Doubt(len(said), len(said) + len(words), one.names, one.why))
            said, at = said + words, one.end
        return Restored(said + text[at:], tuple(doubts))

    def left_in(self, text: str) -> list[Doubt]:
        """Find the values that a text still carries and that the owner does not know."""
        return [
            Doubt(one.start, one.end, one.names, one.why or "spelling")
            for one in self._found(text)
            if one.why not in {"also-theirs", "short"}
        ]

    def _found(self, text: str) -> Iterator[_Found]:
        """Look in what stands between the places, and count from the beginning of the text."""
        at = 0
        for piece in _FIELD.split(text):
            if not _FIELD.fullmatch(piece):
                for one in _as_one(_outermost(self._candidates(piece))):
                    yield one._replace(start=at + one.start, end=at + one.end)
            at += len(piece)

    def _candidates(self, text: str) -> Iterator[_Found]:
        for value, names, pattern, theirs in self._known:
            for match in pattern.finditer(text):
                found = _Found(match.start(), match.end(), names, None)
                why: Why | None = None
                if match.group() != value or not _is_whole(text, found):
                    why = "spelling"
                if len(value) < SHORTEST:
                    why = "short"
                if theirs:
                    why = "also-theirs"
                if len(names) > 1:
                    why = why or "several-places"
                yield found._replace(why=why)


def words_of_owner(manifest: Manifest) -> list[str]:
    """Give everything that a release says itself, without its places."""
    lines = [
        line
        for wording in manifest.variants.values()
        for line in (
            *(wording.title, wording.question or ""),
            *wording.keywords,
            *wording.texts.values(),
        )
    ]
    return [_FIELD.sub("\n", line) for line in lines]


def _outermost(found: Iterable[_Found]) -> Iterator[_Found]:
    """Choose the longest of what lies within one another, from the left to the right."""
    furthest = 0
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if one.end > furthest:
            furthest = one.end
            yield one


def _as_one(found: Iterable[_Found]) -> list[_Found]:
    """Take values that overlap for one doubt: which of them was meant nobody can know."""
    joined: list[_Found] = []
    for one in found:
        if joined and one.start < joined[-1].end:
            names = tuple(sorted({*joined[-1].names, *one.names}))
            joined[-1] = _Found(joined[-1].start, one.end, names, "several-places")
        else:
            joined.append(one)
    return joined


def _is_whole(text: str, found: _Found) -> bool:
    """Tell whether a word begins and ends where the value does."""
    edges = ((found.start - 1, found.start), (found.end - 1, found.end))
    return not any(
        left >= 0 and right < len(text) and _in_word(text[left]) and _in_word(text[right])
        for left, right in edges
    )


def _in_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _said(pattern: re.Pattern[str], theirs: Collection[str]) -> bool:
    return any(pattern.search(line) for line in theirs)


def _pattern(value: str) -> re.Pattern[str]:
    """Find a value in capitals or not, however it is encoded, broken or, in digits, spaced."""
    if number := _NUMBER.fullmatch(value):
        before, digits, after = number.groups()
        wanted = r"[\s().\-/]*".join(one for one in digits if one.isdigit())
        wanted = f"(?:{re.escape(before)})?{wanted}(?:{re.escape(after)})?"
    else:
        wanted = "".join(_sign(one) for one in normalize("NFC", value))
    if len(value) < ANYWHERE:
        wanted = rf"(?<!\w){wanted}(?!\w)"
    return re.compile(wanted, re.IGNORECASE)


def _sign(one: str) -> str:
    if one.isspace():
        return r"\s+"
    parted = normalize("NFD", one)
    return re.escape(one) if parted == one else f"(?:{re.escape(one)}|{re.escape(parted)})"
