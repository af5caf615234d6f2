"""What is shown where an answer has no wording in a language, or only an old one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Fallback = Literal["hide", "fall-back", "warn"]
FALLBACKS: dict[Fallback, str] = {
    "hide": "do not offer the answer in that language",
    "fall-back": "offer it in the language it was written in",
    "warn": "offer an old translation too, with a warning",
}
USUAL: Fallback = "warn"
USUAL_SEGMENTS = 3
MOST_SEGMENTS = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """What a project has set for its answers, and the languages of its people.

    `own` holds by item what was chosen for one answer.
    """

    fallback: Fallback = USUAL
    sms_segments: int = USUAL_SEGMENTS
    languages: tuple[str, ...] = ()
    own: Mapping[str, Fallback] = field(default_factory=dict)

    @property
    def some_hidden(self) -> bool:
        """Tell whether any single answer is hidden where a language lacks."""
        return "hide" in self.own.values()


def language_shown(
    wanted: str, source: str, *, stale: bool, safety: bool, fallback: Fallback
) -> str:
    """Choose between a wording in the wanted language, which may be old, and the source's.

    Where safety depends on it an old translation is never used; the source stands in its place.
    """
    if stale and (safety or fallback != "warn"):
        return source
    return wanted
