"""Texts that should have been looked at again by now."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class LateReview:
    """A text of a project's own, or another's in which it has parts of its own.

    `since` is the last day on which a review was in time, `who` the owner in the project.
    """

    item: str
    title: str
    since: date
    own_parts: bool
    who: str | None
