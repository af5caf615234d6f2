"""Words that may stand on a screen that others see."""

import unicodedata

LONGEST = 80
DEFAULT_TITLE = "Shift"
DEFAULT_NAME = "Plan"
DEFAULT_LABEL = "Calendar"


def plain_line(text: str, otherwise: str, longest: int = LONGEST) -> str:
    """Keep one line without control characters, of a length that every calendar can show."""
    kept = "".join(" " if unicodedata.category(each) in {"Cc", "Cs"} else each for each in text)
    return " ".join(kept.split())[:longest].strip() or otherwise
