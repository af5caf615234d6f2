"""Finds what could identify somebody in a text that people write to one another (guidance 3.4).

It errs on the side of finding: a text can be worded another way, a name that is out stays out.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from federation.screen.accounts.addresses import emails, urls
from federation.screen.accounts.handles import handles
from federation.screen.names.names import names
from federation.screen.numbers.births import births
from federation.screen.numbers.dictated import written
from federation.screen.numbers.homes import homes
from federation.screen.numbers.identities import identities
from federation.screen.numbers.phones import phones
from federation.screen.numbers.postcodes import postcodes
from federation.screen.numbers.slipped import without_slips
from federation.screen.numbers.told import Run, runs
from federation.screen.numbers.told_apart import told_apart
from federation.screen.plain import Plain, plain
from federation.screen.words.platforms import is_platform

WORDS = {
    "phone": "a telephone number",
    "email": "an e-mail address",
    "url": "an address on the web",
    "handle": "a user name",
    "name": "somebody's name",
    "postcode": "a full postcode",
    "date-of-birth": "a full date of birth",
    "id-number": "a number that belongs to one person",
    "address": "somebody's address",
}
"""What each kind of finding is called in a sentence."""

Finder = Callable[[str, list[Run]], Iterable[tuple[int, int]]]
AT_A_TIME = 20_000
SITE = len("Kik")
"""Shorter, it is an initial before it is a site."""
OVERLAP = 400
"""Longer than anything that is looked for, so that nothing falls between two pieces."""


class Finding(NamedTuple):
    """What was found and where, in characters; the end is excluded."""

    kind: str
    start: int
    end: int


def findings(text: str, language: str = "") -> list[Finding]:
    """List what could identify somebody, in order; of what overlaps only the longest.

    The language, where it is known, tells whose way of writing numbers comes first. A text of any
    length is searched to its end, in time that grows with its length.
    """
    return apart(_found(plain(text), language))


def apart(found: Iterable[Finding]) -> list[Finding]:
    """Put findings in order; of what overlaps only the longest is kept."""
    kept: list[Finding] = []
    for one in sorted({*found}, key=_first_and_longest):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.end - one.start > kept[-1].end - kept[-1].start:
            kept[-1] = one
    return kept


def _first_and_longest(one: Finding) -> tuple[int, int, bool, str]:
    """Order findings; a number that can be called is a telephone number before it is any other."""
    return one.start, one.start - one.end, one.kind == "id-number", one.kind


def _people(piece: str) -> Iterator[tuple[int, int]]:
    """Find names, of which those of apps and sites are none of somebody's."""
    for start, end in names(piece):
        if len(piece[start:end]) < SITE or not is_platform(piece[start:end].rstrip(".")):
            yield start, end


def _found(read: Plain, language: str) -> Iterator[Finding]:
    for begins in range(0, max(len(read.text), 1), AT_A_TIME - OVERLAP):
        piece = read.text[begins : begins + AT_A_TIME]
        numbers = list(runs(piece))
        for kind, find in _finders(language) if numbers else WITHOUT_NUMBERS:
            for start, end in find(piece, numbers):
                if end > start:
                    yield Finding(kind, read.start(begins + start), read.end(begins + end))
        for kind, start, end in _otherwise(piece, numbers, language) if numbers else ():
            yield Finding(kind, read.start(begins + start), read.end(begins + end))


WITHOUT_NUMBERS: tuple[tuple[str, Finder], ...] = (
    ("email", lambda piece, _: emails(piece)),
    ("url", lambda piece, _: urls(piece)),
    ("handle", lambda piece, _: handles(piece)),
    ("name", lambda piece, _: _people(piece)),
    ("date-of-birth", births),
)
"""What is found in letters as well as in figures."""


def _finders(language: str) -> tuple[tuple[str, Finder], ...]:
    return (
        *WITHOUT_NUMBERS,
        ("postcode", postcodes),
        ("id-number", identities),
        ("address", homes),
        ("phone", lambda piece, numbers: phones(piece, numbers, language)),
        ("phone", told_apart),
    )


def _otherwise(text: str, numbers: list[Run], language: str) -> Iterator[tuple[str, int, int]]:
    """Find what stands in a text as it was meant: without slips, and typed where it is dictated."""
    mended = without_slips(text)
    if mended != text:
        told = list(runs(mended))
        spans = chain(phones(mended, told, language), told_apart(mended, told))
        yield from (("phone", start, end) for start, end in spans)
        yield from _codes(mended, told)
    typed = written(text, numbers)
    if typed:
        for kind, start, end in _codes(typed.text, list(runs(typed.text))):
            yield kind, typed.start(start), typed.end(end)


def _codes(text: str, numbers: list[Run]) -> Iterator[tuple[str, int, int]]:
    for kind, find in (("postcode", postcodes), ("id-number", identities)):
        yield from ((kind, start, end) for start, end in find(text, numbers))
