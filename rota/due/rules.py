"""What is due in a project, and for how long it stands among what is to be done.

Trainings expire, since staff are refreshed (guidance 4.3); messages are answered by a time that the
public was told, and every text has a review date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from protocols.late_reviews.rules import LateReview
from rota.passport.rules import REMINDED_BEFORE

ENDS_WITHIN = max(REMINDED_BEFORE)
"""As soon as people are told that a training ends, it stands here as well."""
ENDED_SHOWN = timedelta(days=30)
"""So long a training that nothing asks for is still shown after it ended."""
WORK_SHOWN = timedelta(days=14)
"""Whether messages of a month ago were answered nobody can tell any more."""


@dataclass(frozen=True, slots=True)
class EndingTraining:
    """A training of one of a project's people that ends soon or has ended, and was not renewed.

    `asked_for` says that a pool of theirs asks for it: without it they cannot take seats there.
    """

    id: UUID
    person_id: UUID
    who: str
    name: str
    expires: date
    ended: bool
    asked_for: bool


@dataclass(frozen=True, slots=True)
class LateWork:
    """Messages to be answered, or work in a window, of which nobody has said that it is done."""

    shift_id: UUID
    kind: str
    channel: str
    pool: str
    pool_slug: str
    due: datetime
    zone: str
    who: str | None

    @property
    def clock(self) -> datetime:
        """The moment on the clock of the people who planned it."""
        return self.due.astimezone(ZoneInfo(self.zone))

    @property
    def since(self) -> date:
        """The day from which it is late."""
        return self.clock.date()


@dataclass(frozen=True, slots=True)
class DueCounts:
    """How much is due in a project, for a page that leads to the lists.

    `after_restore` is what was left to look at when the node was restored from a backup.
    """

    trainings: int
    work: int
    reviews: int
    after_restore: int

    @property
    def any(self) -> bool:
        """Tell whether the lists have anything on them."""
        return self.trainings + self.work + self.reviews > 0


def oldest_first(
    work: Sequence[LateWork], reviews: Sequence[LateReview]
) -> list[LateWork | LateReview]:
    """Make one list of all that is late, what waits longest first."""
    late: list[LateWork | LateReview] = [*work, *reviews]
    return sorted(late, key=_order)


def _order(one: LateWork | LateReview) -> tuple[date, time, str]:
    """Put reviews, which are due on a day, before what was due at some time of it."""
    if isinstance(one, LateReview):
        return one.since, time(), one.title.casefold()
    return one.since, one.clock.time(), one.channel
