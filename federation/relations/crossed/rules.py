"""What crossed between two nodes: kinds, counts and times, never what was said."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from federation.feeds.errors import (
    Ahead,
    FeedTrouble,
    Fork,
    Frozen,
    Gap,
    Rollback,
    TooManyRecalls,
    TooMuchSetAside,
    TooMuchTakenIn,
    WrongHead,
)

WOULD_HELP: Mapping[str, str] = {
    Gap.code: "It is read again as soon as nothing is missing. If it stays, tell their operator.",
    Rollback.code: (
        "Ask whether their node was put back from a backup. If so, their operator has to use "
        "netreach-server restore, which begins the feed anew."
    ),
    Fork.code: (
        "Call them: either their node was copied, or somebody speaks in their name. If nobody can "
        "explain it, end it here and connect anew."
    ),
    Ahead.code: (
        "Compare the clocks of both nodes. If both are right, somebody else may speak in their "
        "name: call them."
    ),
    Frozen.code: "Ask their operator to look at the clock of their node.",
    WrongHead.code: (
        "Their keys may just be changing, then it heals by itself. If it stays for an hour, "
        "call them."
    ),
    TooMuchSetAside.code: "Withdrawals are still applied. Your operator can update this node.",
    TooMuchTakenIn.code: (
        "Withdrawals are still applied. Call them and ask what they send so much of. If there is a "
        "good reason, take in as much again with the button below; if nobody can explain it, end "
        "it here."
    ),
    FeedTrouble.code: "Tell their operator; it is tried again by itself.",
}
"""By the code of what is wrong with a feed."""


class Count(NamedTuple):
    """How many events of one kind, and when the last one was written."""

    kind: str
    events: int
    last: datetime


class Sent(NamedTuple):
    """One feed of this node: what a partner has confirmed of it, and what is on its way.

    `waiting_since` is when the oldest unconfirmed event was written. `unconfirmed` counts by kind
    what it has not confirmed, also where it receives nothing new any more.
    """

    feed: str
    name: str
    open: bool
    confirmed: list[Count]
    confirmed_at: datetime | None
    waiting: int
    waiting_since: datetime | None
    recalls_unconfirmed: int
    unconfirmed: list[Count]

    @property
    def never_read(self) -> int:
        """Count what it had not read when it was closed."""
        return 0 if self.open else sum(one.events for one in self.unconfirmed)

    def unconfirmed_of(self, kinds: Collection[str]) -> int:
        """Count what of some kinds it has not confirmed."""
        return sum(one.events for one in self.unconfirmed if one.kind in kinds)


class SetAside(NamedTuple):
    """Events of one kind that were not applied, with the code that says why."""

    kind: str
    kept: bool
    code: str
    events: int
    last: datetime


class Received(NamedTuple):
    """One feed of a partner: how far it was read, when it was last current, and what is wrong.

    `recalls_unread` says that its last head names other withdrawals than those applied here.
    """

    feed: str
    name: str
    read: int
    behind: int
    checked_at: datetime | None
    trouble: str
    would_help: str
    set_aside: list[SetAside]
    recalls_unread: bool


class Crossed(NamedTuple):
    """All that two nodes have told one another."""

    sent: list[Sent]
    received: list[Received]

    @property
    def being_read(self) -> tuple[int, int] | None:
        """Tell how much is read, and of how much, while there is something left to read."""
        going_on = [one for one in self.received if not one.trouble]
        read, behind = sum(one.read for one in going_on), sum(one.behind for one in going_on)
        return (read, read + behind) if behind else None

    @property
    def too_much_taken_in(self) -> bool:
        """Tell whether a feed waits until somebody has said that it may go on."""
        return any(
            one.trouble == TooMuchTakenIn.code
            or any(aside.code == TooManyRecalls.code for aside in one.set_aside)
            for one in self.received
        )


class DryRun(NamedTuple):
    """What a partner would receive at once by one tick; `has` says that it may read it already."""

    counts: list[Count]
    recalls: int
    has: bool


def would_help(code: str | None) -> str:
    """Say what to do about a feed that is not read; nothing where nothing is wrong."""
    return WOULD_HELP.get(code, WOULD_HELP[FeedTrouble.code]) if code else ""
