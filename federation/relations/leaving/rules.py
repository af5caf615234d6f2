"""The signed word of a node that it ends a relationship; it needs no token, and proves itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from federation.feeds.rules.heads import CLOCKS_DIFFER, Count, Epoch
from federation.partners.errors import BadSignature
from federation.partners.rules.canonical import admit
from federation.partners.rules.document import NodeId
from federation.partners.rules.encoding import bytes_of, json_of
from federation.partners.rules.signatures import Jwk, verified

PURPOSE = "netreach-leave+jws"
COMPACT_PARTS = 3
MOST_GIVEN_BACK = 1000
MOST_FEEDS = 500
MOST_HANDED = 20
LONGEST_HEAD = 2000
Moment = Annotated[datetime, Meta(tz=True)]
LastHead = Annotated[str, Meta(max_length=LONGEST_HEAD)]


class Heard(Struct, frozen=True, kw_only=True):
    """How far the leaver has read a feed of the other; the chain's hash there proves it."""

    feed: UUID
    epoch: Epoch
    seq: Count
    hash: str


class Leave(Struct, frozen=True, kw_only=True):
    """Who ends it with whom, and when; claims on sessions from `claims_until` on are over.

    Without that moment all claims stay until their sessions; `given_back` are those that were
    given back one by one and may not have been heard of. `said` are the last heads of the leaver's
    feeds, `heard` is how far it has read those of the other. `handed` is what both have signed of
    pools that the leaver has handed to the other.
    """

    node: NodeId
    to: NodeId
    at: Moment
    claims_until: Moment | None = None
    given_back: Annotated[list[UUID], Meta(max_length=MOST_GIVEN_BACK)] = []
    said: Annotated[list[LastHead], Meta(max_length=MOST_FEEDS)] = []
    heard: Annotated[list[Heard], Meta(max_length=MOST_FEEDS)] = []
    handed: Annotated[list[dict[str, str]], Meta(max_length=MOST_HANDED)] = []


def named_in(statement: str) -> str:
    """Give the node in whose name a statement speaks; nothing is believed yet."""
    parts = statement.split(".")
    if len(parts) != COMPACT_PARTS:
        raise BadSignature
    try:
        return msgspec.convert(admit(bytes_of(parts[1])), Leave).node
    except (ValueError, msgspec.ValidationError) as error:
        raise BadSignature from error


def read_leave(statement: str, keys: Sequence[Jwk], *, to: str, now: datetime) -> Leave:
    """Believe a partner's own word, signed with a transport key in force, for this node, by now."""
    leave = msgspec.convert(admit(verified(statement, keys, PURPOSE)), Leave)
    if leave.to != to or leave.at - now > CLOCKS_DIFFER:
        raise BadSignature
    return leave


class _OfFeed(Struct):
    feed: UUID


def feed_named_in(head: str) -> UUID | None:
    """Give the feed of which a head speaks; nothing is believed yet."""
    parts = head.split(".")
    try:
        return json_of(bytes_of(parts[1]), _OfFeed).feed
    except (IndexError, ValueError, msgspec.MsgspecError):
        return None
