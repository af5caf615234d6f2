"""What programs send and are answered about partners."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from api.peers.events import ERASES
from federation.partners.documents.rules import Dispute
from federation.partners.models import Partner
from federation.partners.rules import handshake
from federation.people.models import Role
from federation.permissions.rules import Asker
from federation.relations.crossed import rules

WORDS_NEEDED = {handshake.WORDS_TO_TYPE, handshake.WAITING_FOR_THEM}


class LinkBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A link that another project's partner administrator sent."""

    link: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class WordsBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The four words that were heard on the telephone, as one text."""

    words: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class DocumentBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Which document of a frozen partner is right: the one that was `known`, or the `other`."""

    document: Literal["known", "other"]


class InvitationAnswer(msgspec.Struct, frozen=True):
    """A link for one other node; it is told only here, and works once, within 48 hours."""

    link: str


class PartnerAnswer(msgspec.Struct, frozen=True):
    """A node that was met.

    `state` is `words-to-type` (you act next), `waiting-for-them`, `joined`, `frozen` (you act next:
    two documents of it do not fit together) or `ended`. `words` are
    the four to read out, for partner administrators while they are needed. `ended_there` says that
    the partner ended it.
    """

    node: str
    name: str
    base_url: str
    state: str
    words: list[str]
    we_grant: list[str]
    they_grant: list[str]
    last_heard_at: datetime | None
    ended_at: datetime | None
    ended_there: bool


class KindAnswer(msgspec.Struct, frozen=True):
    """How many events of a kind, and when the last was written."""

    kind: str
    events: int
    last: datetime


class SentAnswer(msgspec.Struct, frozen=True):
    """A feed of this node: what the partner has confirmed, and what it has not.

    `open` is false where it receives nothing new of it; `waiting_since` is when the oldest event
    that it has not confirmed was written. `erasures_unconfirmed` asks of it to erase something.
    """

    feed: str
    name: str
    open: bool
    confirmed: list[KindAnswer]
    confirmed_at: datetime | None
    waiting: int
    waiting_since: datetime | None
    recalls_unconfirmed: int
    erasures_unconfirmed: int


class SetAsideAnswer(msgspec.Struct, frozen=True):
    """Events that were not applied; `kept` until they can be, or refused with a code."""

    kind: str
    kept: bool
    code: str
    events: int
    last: datetime


class ReceivedAnswer(msgspec.Struct, frozen=True):
    """A feed of the partner: how far it was read; `trouble` is why it is not read now, or empty.

    `recalls_unread` says that its last head names withdrawals that were not read here.
    """

    feed: str
    name: str
    read: int
    behind: int
    checked_at: datetime | None
    trouble: str
    would_help: str
    set_aside: list[SetAsideAnswer]
    recalls_unread: bool


class ShownAnswer(msgspec.Struct, frozen=True):
    """What one document of a node says: number, address, fingerprints of its keys by role."""

    version: int
    base_url: str
    keys: dict[str, str]


class DisputeAnswer(msgspec.Struct, frozen=True):
    """Why a partner is frozen: `document-differs` or `document-older`, and both documents."""

    code: str
    text: str
    known: ShownAnswer
    other: ShownAnswer


class CrossedAnswer(msgspec.Struct, frozen=True):
    """One partner, and all that crossed: kinds, counts and times, never what was said.

    `attempts` to reach it have failed in a row.
    """

    partner: PartnerAnswer
    sent: list[SentAnswer]
    received: list[ReceivedAnswer]
    attempts: int
    dispute: DisputeAnswer | None


class DryRunAnswer(msgspec.Struct, frozen=True):
    """What the partner would receive at once; `has` where it receives that already."""

    kinds: list[KindAnswer]
    recalls: int
    has: bool


def partner_answer(asker: Asker, partner: Partner) -> PartnerAnswer:
    """Describe a node that was met; its words only to who types them."""
    needed = partner.state in WORDS_NEEDED and asker.has(Role.PARTNER_ADMINISTRATOR)
    return PartnerAnswer(
        node=partner.node_id,
        name=partner.name,
        base_url=partner.base_url,
        state=partner.state,
        words=partner.words if needed else [],
        we_grant=partner.we_grant,
        they_grant=partner.they_grant,
        last_heard_at=partner.last_heard_at,
        ended_at=partner.ended_at,
        ended_there=partner.ended_there,
    )


def dispute_answer(told: Dispute | None) -> DisputeAnswer | None:
    """Set two documents of a frozen partner side by side."""
    if told is None:
        return None
    known, other = ShownAnswer(*told.known), ShownAnswer(*told.other)
    return DisputeAnswer(told.code, told.sentence, known, other)


def kinds_answer(counts: list[rules.Count]) -> list[KindAnswer]:
    """Count events by kind."""
    return [KindAnswer(*count) for count in counts]


def sent_answer(one: rules.Sent) -> SentAnswer:
    """Describe a feed of this node."""
    told = {**one._asdict(), "confirmed": kinds_answer(one.confirmed)}
    del told["unconfirmed"]
    return SentAnswer(**told, erasures_unconfirmed=one.unconfirmed_of(ERASES))


def received_answer(one: rules.Received) -> ReceivedAnswer:
    """Describe a feed of the partner."""
    set_aside = [SetAsideAnswer(*aside) for aside in one.set_aside]
    return ReceivedAnswer(**{**one._asdict(), "set_aside": set_aside})
