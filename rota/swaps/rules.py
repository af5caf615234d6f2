"""What two people have to agree on before seats change hands; who may sit where is asked elsewhere.

Both halves of the one rule (`worker_may`, `seat_may`) are asked of both sides in addition, as if
the seat that each gives were gone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from federation.errors import Reason
from rota.bookings.rules import WORKER_SEATS

LONGEST_OFFER = timedelta(days=14)
OTHER_SIDE = Reason(
    "other-side-cannot", "The other person cannot take the seat that you would give."
)
"""All that one side learns of the other: why somebody cannot is their own business."""
CONSENT_FIRST = Reason(
    "consent-first",
    "In this pool your coordinator has to agree before you take another seat. "
    "Ask them to do this for you.",
)
"""Who gains a seat needs a yes; a coordinator who does it for them has given it."""
MOVED = Reason(
    "shift-moved", "The time of this shift has changed since. Please look at the offer again."
)


class Times(NamedTuple):
    """When a shift starts and ends."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """What an offer asks for: nothing, any seat, or one of these at the times they had."""

    one_way: bool
    wanted: Mapping[UUID, Times]
    times: Times
    """When the offered seat's shift is now."""


@dataclass(frozen=True, slots=True)
class Given:
    """A seat that the other side would give in return."""

    seat_id: UUID
    times: Times


def lasts_until(briefing: datetime, now: datetime) -> datetime:
    """Say how long an offer stands: a fortnight, at most until the briefing."""
    return min(now + LONGEST_OFFER, briefing)


def agreed(terms: Terms, given: Given | None, seen: datetime | None) -> tuple[Reason, ...]:
    """Give every reason why this answer does not fit the offer; none means that it does.

    `seen` is when the offered shift started for whoever answers, if they say.
    """
    return (*_moved(terms, seen), *_in_return(terms, given))


def _moved(terms: Terms, seen: datetime | None) -> Iterator[Reason]:
    if seen is not None and seen != terms.times.starts:
        yield MOVED


def _in_return(terms: Terms, given: Given | None) -> Iterator[Reason]:
    if given is None:
        if not terms.one_way:
            yield Reason(
                "nothing-to-swap", "This seat is offered for another one. Say which you would give."
            )
        return
    if terms.one_way:
        yield Reason("nothing-wanted", "This seat is given away; nothing is wanted in return.")
    elif terms.wanted and given.seat_id not in terms.wanted:
        yield Reason("not-wanted", "The offer asks for another seat than this one.")
    elif terms.wanted and terms.wanted[given.seat_id] != given.times:
        yield MOVED


def fits(role: str, roles: frozenset[str]) -> bool:
    """Tell whether somebody with these roles could sit on such a seat at all."""
    return ("worker" if role in WORKER_SEATS else "supervisor") in roles
