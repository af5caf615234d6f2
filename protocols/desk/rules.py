"""What lies on the writers' desk, as values: where each text stands and what there is to decide."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from protocols.comments.rules import Comment
from protocols.history.rules.differences import Differences
from protocols.history.rules.saved import Saved
from protocols.history.rules.written import Written
from protocols.items.rules.states import State
from protocols.lived_reviews.rules import Reviewed
from protocols.screening.rules import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One text in the list; `yours` says that the next step is one that the asker could take."""

    id: UUID
    title: str
    kind: Literal["protocol", "answer"]
    protocol_kind: str | None
    state: State
    yours: bool
    owner_id: UUID | None
    owner: str | None
    review_by: date
    overdue: bool
    languages: list[str]
    stale_languages: list[str]
    open_comments: int
    number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDesk:
    """A text as those who work on it see it.

    `since` is the saved state that was released last, to which `differences` compares;
    `number` is the number that a release would get now; `found` is what holds it back.
    """

    line: Line
    version: int
    written: Written
    wrote: bool
    since: Saved | None
    differences: Differences
    comments: list[Comment]
    lived_reviews: list[Reviewed]
    found: list[Found]
    next_number: str
