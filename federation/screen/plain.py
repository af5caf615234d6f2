"""A text as a person reads it: without invisible signs, in plain letters, each with its place."""

import re
import unicodedata
from dataclasses import dataclass

DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe58\ufe63\uff0d", "-"))
LOOKALIKES = str.maketrans("аеорсухіјАВЕКМНОРСТУХ", "aeopcyxijABEKMHOPCTYX")
"""Cyrillic letters that nobody tells from Latin ones."""
COMMAS = str.maketrans("ŞşŢţ", "ȘșȚț")
"""Letters of Romanian as they are typed for want of the right ones; our lists have those."""

SAME = DASHES | LOOKALIKES | COMMAS
OUR_TEXTS = re.compile("urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z-])")
"""By these texts name one another; one in eight has figures like a telephone number's."""


@dataclass(frozen=True, slots=True)
class Plain:
    """The readable signs of a text; `places[n]` is where the n-th stands in the original."""

    text: str
    places: list[int]

    def start(self, at: int) -> int:
        """Give where a sign stands in the original text."""
        return self.places[at]

    def end(self, at: int) -> int:
        """Give where what comes before a sign ends in the original text."""
        return self.places[at - 1] + 1


def plain(text: str) -> Plain:
    """Read a text; full-width, circled and bold digits are digits, and nothing invisible counts.

    Names of our own texts are left out.
    """
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if sign.isascii():
            shown = sign
        elif unicodedata.category(sign) in {"Cf", "Mn", "Me", "Cc"}:
            continue
        else:
            shown = unicodedata.normalize("NFKC", sign).translate(SAME)
            shown = shown if len(shown) == 1 else sign
            shown = str(unicodedata.decimal(shown)) if shown.isdecimal() else shown
        signs.append(" " if shown.isspace() and shown != "\n" else shown)
        places.append(place)
    return Plain(OUR_TEXTS.sub(lambda urn: "\n" * len(urn[0]), "".join(signs)), places)
