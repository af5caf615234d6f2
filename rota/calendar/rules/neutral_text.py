"""Words that may stand on a screen that others see."""

import unicodedata

LONGEST = 80
DEFAULT_TITLE = "Shift"
DEFAULT_NAME = "Plan"
DEFAULT_LABEL = "Calendar"
TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Characters that turn the direction of writing, and the mark that begins some files."""


def plain_line(text: str, otherwise: str, longest: int = LONGEST) -> str:
    """Keep one line without control characters, of a length that every calendar can show."""
    kept = "".join(" " if _hidden(each) else each for each in text)
    return " ".join(kept.split())[:longest].strip() or otherwise


def _hidden(each: str) -> bool:
    """Tell what no screen shows but some program obeys: line ends, turns of direction, marks."""
    return unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} or each in TURNS
