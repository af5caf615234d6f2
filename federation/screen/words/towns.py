"""Towns and regions of our countries, which whoever has not heard of them takes for somebody."""

import unicodedata
from functools import cache

from federation.screen.words.known_names import LISTS


def is_a_town(words: str) -> bool:
    """Tell whether words are a town or a region, and nobody's name on any of our lists."""
    return folded(words) in _towns()


@cache
def _towns() -> frozenset[str]:
    lines = (LISTS / "towns.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(folded(line) for line in lines if not line.startswith("#"))


def folded(words: str) -> str:
    """Write words without capitals and marks, as somebody in a hurry does: Râmnicu-Vâlcea."""
    parts = unicodedata.normalize("NFD", words.casefold().replace("-", " "))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
