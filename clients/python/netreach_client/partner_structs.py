"""What a node answers about partners. Unknown fields are ignored, as everywhere."""

import msgspec

from netreach_client.structs import Instant


class Partner(msgspec.Struct, frozen=True):
    """A node that was met; `state` says who acts next, `words` are the four to read out."""

    node: str
    name: str
    base_url: str
    state: str
    words: list[str] = []
    we_grant: list[str] = []
    they_grant: list[str] = []
    last_heard_at: Instant | None = None
    ended_at: Instant | None = None
    ended_there: bool = False


class KindCount(msgspec.Struct, frozen=True):
    """How many messages of one kind, and when the last was written."""

    kind: str
    events: int
    last: Instant


class SentFeed(msgspec.Struct, frozen=True):
    """One feed of your node: what the partner has confirmed, and what it has not."""

    feed: str
    name: str
    open: bool
    confirmed: list[KindCount]
    waiting: int
    recalls_unconfirmed: int
    confirmed_at: Instant | None = None
    waiting_since: Instant | None = None
    erasures_unconfirmed: int = 0


class SetAside(msgspec.Struct, frozen=True):
    """Messages that were not applied: kept until they can be, or refused with a code."""

    kind: str
    kept: bool
    code: str
    events: int
    last: Instant


class ReceivedFeed(msgspec.Struct, frozen=True):
    """One feed of the partner: how far it was read, and why it is not read now."""

    feed: str
    name: str
    read: int
    behind: int
    trouble: str
    would_help: str
    set_aside: list[SetAside]
    checked_at: Instant | None = None
    recalls_unread: bool = False


class ShownDocument(msgspec.Struct, frozen=True):
    """What one document of a node says: number, address, fingerprints of its keys by role."""

    version: int
    base_url: str
    keys: dict[str, str]


class Dispute(msgspec.Struct, frozen=True):
    """Why a partner is frozen: two documents of it do not fit together."""

    code: str
    text: str
    known: ShownDocument
    other: ShownDocument


class Crossed(msgspec.Struct, frozen=True):
    """One partner and what crossed: kinds, counts and times, never what was said."""

    partner: Partner
    sent: list[SentFeed]
    received: list[ReceivedFeed]
    attempts: int = 0
    dispute: Dispute | None = None


class DryRun(msgspec.Struct, frozen=True):
    """What a partner would receive at once; `has` where it receives that already."""

    kinds: list[KindCount]
    recalls: int
    has: bool


class Invitation(msgspec.Struct, frozen=True):
    """A link for one other node, told this once."""

    link: str
