"""A poll in one look: who asks by which token, what it may read, and how far it is in each feed."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    DateTime,
    LargeBinary,
    SQLColumnExpression,
    and_,
    any_,
    bindparam,
    collate,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.types import Text

from database.rows import written
from federation.access.rules import secret_hash
from federation.feeds.models import Feed, FeedReader, FeedRecall
from federation.feeds.queries import IN_ORDER, MAY_READ
from federation.feeds.rules.standing import Standing, recalls_name
from federation.handing.queries import signed_of
from federation.partners.models import Partner, PartnerToken
from federation.partners.rules.encoding import text_of
from federation.partners.rules.handshake import SPEAKING


class Line(NamedTuple):
    """A feed that the partner may read, its recalls by name, and what the partner has confirmed."""

    id: UUID
    kind: str
    subject: str
    epoch: str
    seq: int
    recalls: str
    confirmed: tuple[str, int, str] | None


class Asking(NamedTuple):
    """A partner that is signed in, all that the list of its feeds is made of, and its feeds."""

    node_id: str
    granted: list[str]
    withheld: list[str]
    signed: list[dict[str, str]]
    lines: list[Line]

    def stands_at_the_end(self, standing: Standing) -> bool:
        """Tell whether a reader has everything, and whether it is written down that it has."""
        recalls = [line.recalls for line in self.lines]
        return (
            standing.sequences == [line.seq for line in self.lines]
            and standing.recalls == recalls_name(recalls)
            and all(line.confirmed == (line.epoch, line.seq, line.recalls) for line in self.lines)
        )


def _digest_of_recalls() -> SQLColumnExpression[Any]:
    """State as SQL what names a feed's recalls, in the order of their text everywhere."""
    nothing = literal(b"", LargeBinary)
    in_order = aggregate_order_by(nothing, collate(FeedRecall.statement, "C"))
    together = func.coalesce(func.string_agg(FeedRecall.digest, in_order), nothing)
    return (
        select(func.encode(func.sha256(together), "hex"))
        .where(FeedRecall.feed_id == Feed.id)
        .scalar_subquery()
    )


def _lines() -> SQLColumnExpression[Any]:
    line = func.jsonb_build_array(
        *(Feed.id, Feed.kind, Feed.subject, Feed.epoch, Feed.seq, _digest_of_recalls()),
        *(FeedReader.epoch, FeedReader.seq, FeedReader.recalls_hash),
    )
    return func.jsonb_agg(aggregate_order_by(line, *IN_ORDER)).filter(Feed.id.is_not(None))


_READS = and_(FeedReader.feed_id == Feed.id, FeedReader.node_id == Partner.node_id)
ASKING = written(
    select(Partner.node_id, Partner.we_grant, Partner.withheld, signed_of(), _lines())
    .select_from(Partner)
    .join(PartnerToken, PartnerToken.node_id == Partner.node_id)
    .outerjoin(Feed, MAY_READ)
    .outerjoin(FeedReader, _READS)
    .where(
        PartnerToken.secret_hash == bindparam("hash", type_=LargeBinary),
        PartnerToken.expires_at > bindparam("now", type_=DateTime(timezone=True)),
        Partner.state == any_(bindparam("speaking", type_=ARRAY(Text()))),
    )
    .group_by(Partner.node_id)
)


async def asking(engine: AsyncEngine, token: str, now: datetime) -> Asking | None:
    """Tell who asks, from the database each time; None where the token opens nothing."""
    given = {"hash": secret_hash(token), "now": now, "speaking": list(SPEAKING)}
    for node_id, granted, withheld, signed, lines in await ASKING.rows(engine, **given):
        shown = [statements for term in signed for statements in term]
        return Asking(node_id, granted, withheld, shown, [_line(*one) for one in lines or ()])
    return None


def _line(feed_id: str, *said: Any) -> Line:
    kind, subject, epoch, seq, recalls, *confirmed = said
    known = None if confirmed[0] is None else tuple(confirmed)
    name = text_of(bytes.fromhex(recalls))
    return Line(UUID(feed_id), kind, subject, epoch, seq, name, known)
