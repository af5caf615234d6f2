"""The signed head of a page: it vouches for every event up to its end, and for being current."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from federation.feeds.errors import Ahead, Fork, Frozen, Gap, Rollback, WrongHead
from federation.feeds.rules.chain import WireEvent, follow
from federation.partners.errors import BadSignature, NotCanonical
from federation.partners.rules.canonical import admit
from federation.partners.rules.encoding import bytes_of, text_of
from federation.partners.rules.signatures import Jwk, verified

PURPOSE = "netreach-head+jws"
HEAD_LIVES = timedelta(hours=24)
CLOCKS_DIFFER = timedelta(minutes=5)
"""So much later than our clock a head, or the beginning of an epoch, may be; what is said to be
later still would keep out all that is honest until then."""
Epoch = Annotated[str, Meta(pattern=r"\A[0-9a-f-]{36}\Z")]
Count = Annotated[int, Meta(ge=0)]


class Head(Struct, frozen=True, kw_only=True):
    """What the publisher signs: `hash` after event `seq`, where this page ends; `last` of all."""

    feed: str
    epoch: Epoch
    seq: Count
    hash: str
    last: Count
    recalls_hash: str
    at: datetime
    expires: datetime


class Place(Struct, frozen=True, kw_only=True):
    """How far a reader has come in a feed."""

    feed: str
    epoch: str
    seq: int
    hash: bytes


class Page(Struct, frozen=True, kw_only=True):
    """One answer: recalls (null where the reader has them already), head, events."""

    head: str
    recalls: list[str] | None
    events: list[WireEvent]


def recalls_hash(statements: Iterable[str]) -> str:
    """Name a set of recalls, whatever their order."""
    return name_of_recalls(hashlib.sha256(one.encode()).digest() for one in sorted(statements))


def name_of_recalls(digests: Iterable[bytes]) -> str:
    """Name a set of recalls by the digests of its statements, in the order of the statements."""
    return text_of(hashlib.sha256(b"".join(digests)).digest())


def read_head(statement: str, keys: Sequence[Jwk], place: Place, *, now: datetime) -> Head:
    """Believe a head if the pinned head key signed it, for this feed, and it has not expired."""
    try:
        head = msgspec.convert(admit(verified(statement, keys, PURPOSE)), Head)
    except (BadSignature, NotCanonical, msgspec.ValidationError) as error:
        raise WrongHead(head=statement) from error
    if head.feed != place.feed or head.seq > head.last:
        raise WrongHead(head=statement)
    if now >= head.expires or head.expires - head.at > HEAD_LIVES:
        raise Frozen(head=statement)
    if head.at - now > CLOCKS_DIFFER or begins_ahead(head.epoch, now):
        raise Ahead(head=statement)
    if head.epoch < place.epoch:
        # epochs are time-ordered ids: an earlier one is a replay of what a restore left behind
        raise Rollback(head=statement)
    return head


def signer_of(statement: str) -> str:
    """Name the key that signed a head which was verified before it was kept."""
    return msgspec.json.decode(bytes_of(statement.split(".", maxsplit=1)[0]), type=_Signed).kid


class _Signed(Struct):
    kid: str


def begins_ahead(epoch: str, now: datetime) -> bool:
    """Tell whether an epoch is from the future: as ids of version 7, epochs begin with their time.

    They are compared as text, as everywhere, so that no other form of text is above this either.
    """
    latest = f"{int((now + CLOCKS_DIFFER).timestamp() * 1000):012x}"
    return epoch[:13] > f"{latest[:8]}-{latest[8:]}"


def prove(page: Page, head: Head, place: Place) -> Place:
    """Check that the page leads from where we are to what was signed; give the place after it."""
    if head.epoch != place.epoch:
        raise Fork(head=page.head)
    if head.last < place.seq:
        raise Rollback(head=page.head)
    try:
        seq, reached = follow(place.hash, epoch=place.epoch, seq=place.seq, events=page.events)
    except (Gap, Fork) as error:
        raise type(error)(head=page.head) from error
    if seq < head.seq or (seq == place.seq and head.last > seq):
        raise Gap(head=page.head)
    if seq > head.seq or text_of(reached) != head.hash:
        raise Fork(head=page.head)
    return Place(feed=place.feed, epoch=place.epoch, seq=seq, hash=reached)


def recalls_of(page: Page, head: Head, known: str) -> list[str] | None:
    """Give the complete set of recalls, if it is not the one that we have applied already."""
    if head.recalls_hash == known:
        return None
    if page.recalls is None or recalls_hash(page.recalls) != head.recalls_hash:
        raise WrongHead("The recalls are not those that the partner signed.", head=page.head)
    return page.recalls
