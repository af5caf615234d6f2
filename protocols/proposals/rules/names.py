"""Finds what a project's own people are called, so that it does not leave with what is said."""

import re
from collections.abc import Collection, Iterator
from unicodedata import normalize

SHORTEST_NAME = 3
SHORTEST_WITHOUT_CASE = 2
"""In scripts without capitals, such as Chinese, two signs are a name, and no space parts words."""
SOMEBODY = "this is what somebody of your project is called."
_ORDINARY = """
april art august bill chance chase dawn dean drew faith frank grace grant guy hope jack joy june
lance mark may miles nick pat penny rich rob rose rusty sue summer will
"""
ORDINARY = frozenset(_ORDINARY.split())
"""Names that are words as well: only written with a capital do they tell of somebody."""


class OwnPeople:
    """What a project's people are called: by name, whole or in part, and by handle, as a whole.

    A word of a handle alone tells of nobody: all handles are made of the same few.
    """

    def __init__(self, names: Collection[str], handles: Collection[str] = ()) -> None:
        words = {word for name in names for word in name.split() if _is_name(word)}
        callings = {*names, *words, *handles, *map(_without_number, handles)}
        folded = {_folded(one.strip()) for one in callings}
        self._callings = sorted(one for one in folded if _is_long_enough(one))

    def named_in(self, text: str, theirs: Collection[str] = ()) -> list[tuple[int, int]]:
        """Find people in a text, in characters; whom the owner's own words name is not hidden."""
        said = _folded(text)
        found: list[tuple[int, int]] = []
        for calling in self._callings:
            # most names are in no text: only for the others is it worth to look closely
            hits = list(_spans(calling, text, said)) if calling in said else []
            if hits and not any(_has(calling, line) for line in theirs):
                found += hits
        return found


def _spans(calling: str, text: str, said: str) -> Iterator[tuple[int, int]]:
    plain = normalize("NFC", text)
    for match in _pattern(calling).finditer(said):
        # where folding changed the length, the case can no longer be looked up
        written = plain[match.start() : match.end()] if len(plain) == len(said) else ""
        if calling not in ORDINARY or not written.islower():
            yield match.span()


def _has(calling: str, line: str) -> bool:
    return _pattern(calling).search(_folded(line)) is not None


def _pattern(calling: str) -> re.Pattern[str]:
    wanted = re.escape(calling)
    return re.compile(rf"(?<!\w){wanted}(?!\w)" if _has_case(calling) else wanted)


def _folded(text: str) -> str:
    return normalize("NFC", normalize("NFC", text).casefold())


def _has_case(text: str) -> bool:
    return text.upper() != text.lower()


def _is_long_enough(calling: str) -> bool:
    return len(calling) >= (SHORTEST_NAME if _has_case(calling) else SHORTEST_WITHOUT_CASE)


def _is_name(word: str) -> bool:
    return any(map(str.isalpha, word)) and not word[:1].islower()


def _without_number(handle: str) -> str:
    return " ".join(word for word in handle.split() if not word.isdigit())
