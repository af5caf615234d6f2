"""What is said with a name in it and means nobody: sayings, and houses called after somebody."""

import re
import unicodedata
from functools import cache

from federation.screen.words.known_names import lines_of

LONGEST = 40
"""Characters; no saying is longer."""
_OF_LINES = str.maketrans("\u2019-", "' ")


def nobody_is_meant(text: str, start: int, end: int) -> bool:
    """Tell whether what stands there is a part of such a saying, or of a house's name."""
    begins = max(0, start - LONGEST)
    said = _without_signs(text[begins : end + LONGEST])
    return any(
        match.start() <= start - begins and end - begins <= match.end()
        for match in _sayings().finditer(said)
    )


@cache
def _sayings() -> re.Pattern[str]:
    lines = (*lines_of("sayings"), *lines_of("public_life"))
    known = "|".join(sorted((re.escape(_without_signs(line)) for line in lines), reverse=True))
    return re.compile(rf"(?<!\w)(?:{known})(?!\w)")


def _without_signs(text: str) -> str:
    """Write small letters without signs above them, each in its place: Babeș-Bolyai."""
    return "".join(map(_bare, text.translate(_OF_LINES)))


def _bare(sign: str) -> str:
    bare = unicodedata.normalize("NFD", sign)[0].lower()
    return bare if len(bare) == 1 else sign
