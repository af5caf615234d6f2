"""Where a reader stands in all of a partner's feeds, in one word: what a poll asks, and no more.

The word is `list.sequences.recalls`: the name of the list that the reader was given, how far it has
come in each feed of it, in its order, and a name of all the recalls that it has applied.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from federation.partners.rules.canonical import canonical
from federation.partners.rules.encoding import text_of

LONGEST = 4000
"""Characters; who reads more feeds than this holds asks for each of them."""
_NAME = 16
_WORD = re.compile(r"([A-Za-z0-9_-]{16})\.([0-9]{1,16}(?:-[0-9]{1,16})*)\.([A-Za-z0-9_-]{16})")


class Standing(NamedTuple):
    """A reader's word, taken apart."""

    name: str
    sequences: list[int]
    recalls: str


def list_name(listed: Mapping[str, Any]) -> str:
    """Name a list of feeds with what surrounds it: another list, epoch or grant, another name."""
    return text_of(sha256(canonical(listed)).digest())[:_NAME]


def recalls_name(hashes: Iterable[str]) -> str:
    """Name the recalls of all feeds, given by feed in the list's order."""
    return text_of(sha256(".".join(hashes).encode()).digest())[:_NAME]


def told(name: str, places: Sequence[tuple[int, str]]) -> str | None:
    """Say where we stand: sequence and recalls of each feed; None where it would be too long."""
    if not places:
        return None
    sequences = "-".join(str(seq) for seq, _ in places)
    word = f"{name}.{sequences}.{recalls_name(recalls for _, recalls in places)}"
    return word if len(word) <= LONGEST else None


def heard(word: str) -> Standing | None:
    """Take a reader's word apart; None where it is none, and the reader gets the whole list."""
    found = _WORD.fullmatch(word) if len(word) <= LONGEST else None
    if found is None:
        return None
    name, sequences, recalls = found.groups()
    return Standing(name, [int(one) for one in sequences.split("-")], recalls)
