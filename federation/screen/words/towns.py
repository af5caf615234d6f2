"""Towns, districts and regions of our countries, taken for somebody by who never heard of them."""

import unicodedata
from functools import cache

from federation.screen.words.known_names import lines_of


def is_a_town(words: str) -> bool:
    """Tell whether words are a town, a district of one or a region, and rarely somebody's name."""
    return folded(words) in _towns()


@cache
def _towns() -> frozenset[str]:
    return frozenset(map(folded, (*lines_of("towns"), *lines_of("districts"))))


def folded(words: str) -> str:
    """Write words without capitals and marks, as somebody in a hurry does: Râmnicu-Vâlcea."""
    parts = unicodedata.normalize("NFD", words.casefold().replace("-", " "))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
