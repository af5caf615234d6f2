"""The host's half of the one rule: may this handle sit there, and when is a shift open.

Two workers online together for live chat, an on-call supervisor reachable (guidance 3.1, 4.3).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from federation.errors import Reason
from rota.bookings.rules import most_at_once

COUNTED = frozenset({"lead", "second"})
ROLE_MISSING = {
    "worker": "This seat is for a worker.",
    "supervisor": "This seat is for a supervisor.",
}
LAST_SEAT = "The last seat is kept for somebody who speaks %(languages)s."
ON_CALL = "On call for %(number)s other sessions at that time."


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody on a shift: on which seat, and what they speak."""

    role: str
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Staffing:
    """What a shift needs, and who holds or is proposed for its other seats."""

    starts: datetime
    ends: datetime
    cancelled: bool
    languages: Sequence[str]
    minimum_workers: int
    minimum_supervisors: int
    worker_seats: int
    sitting: Sequence[Sitting]


@dataclass(frozen=True, slots=True)
class Candidate:
    """What home has told the host about a handle, and what the host's own rota says of it."""

    roles: frozenset[str]
    languages: frozenset[str]
    retired: bool
    sits_here_already: bool
    on_call: Sequence[tuple[datetime, datetime]]
    lacks_account: bool = False
    """The channel's tool needs an account, and its owner has made none for this handle."""
    others_wait: bool = False


def is_open(staffing: Staffing) -> bool:
    """Tell whether the confirmed people make the minimum and speak every language of the shift."""
    workers = [one for one in staffing.sitting if one.role in COUNTED]
    supervisors = sum(one.role == "supervisor" for one in staffing.sitting)
    spoken = frozenset().union(*(one.languages for one in workers))
    return (
        not staffing.cancelled
        and len(workers) >= staffing.minimum_workers
        and supervisors >= staffing.minimum_supervisors
        and spoken.issuperset(staffing.languages)
    )


def seat_may(
    role: str, staffing: Staffing, candidate: Candidate, on_call_at_once: int, now: datetime
) -> tuple[Reason, ...]:
    """Give every reason why this handle may not sit there; none means yes."""
    return (
        *_shift(staffing, now),
        *_candidate(role, candidate),
        *_language(role, staffing, candidate),
        *_on_call(role, staffing, candidate, on_call_at_once),
    )


def seat_stays(
    role: str, staffing: Staffing, candidate: Candidate, on_call_at_once: int, now: datetime
) -> tuple[Reason, ...]:
    """Give every reason why somebody may not stay on a seat whose shift was moved.

    Languages are no reason: who sits there already keeps no seat from anybody.
    """
    return (
        *_shift(staffing, now),
        *_candidate(role, candidate),
        *_on_call(role, staffing, candidate, on_call_at_once),
    )


def _shift(staffing: Staffing, now: datetime) -> Iterator[Reason]:
    if staffing.cancelled:
        yield Reason("shift-cancelled", "This shift has been cancelled.")
    if staffing.starts <= now:
        yield Reason("already-started", "This shift has already started.")


def _candidate(role: str, candidate: Candidate) -> Iterator[Reason]:
    needed = "supervisor" if role == "supervisor" else "worker"
    if candidate.retired:
        yield Reason("has-left", "This handle is no longer part of the pool.")
    elif needed not in candidate.roles:
        yield Reason("role-missing", ROLE_MISSING[needed])
    if candidate.lacks_account:
        yield Reason(
            "account-missing",
            "This channel's tool needs an account under this handle. "
            "The pool's coordinator can have one made.",
        )
    if candidate.sits_here_already:
        yield Reason("on-this-shift-already", "One person sits on a shift once.")
    if candidate.others_wait:
        yield Reason(
            "others-wait", "Others wait for this seat and are asked first. You can wait as well."
        )


def _language(role: str, staffing: Staffing, candidate: Candidate) -> Iterator[Reason]:
    if role not in COUNTED:
        return
    workers = [one for one in staffing.sitting if one.role in COUNTED]
    free_after = staffing.worker_seats - len(workers) - 1
    spoken = candidate.languages.union(*(one.languages for one in workers))
    missing = sorted(set(staffing.languages) - spoken)
    if missing and free_after <= 0:
        yield Reason("language-missing", LAST_SEAT % {"languages": ", ".join(missing)})


def _on_call(role: str, staffing: Staffing, candidate: Candidate, allowed: int) -> Iterator[Reason]:
    if role != "supervisor":
        return
    at_once = most_at_once(candidate.on_call, staffing.starts, staffing.ends)
    if at_once >= allowed:
        yield Reason("on-call-full", ON_CALL % {"number": at_once})
