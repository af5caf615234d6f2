"""What has been said in our feeds as they are now, beside how far one partner has read it."""

from sqlalchemy import ColumnElement, FromClause, and_, false, func

from federation.feeds.models import Feed, FeedEvent, FeedReader


def said_beside_read(node_id: str) -> tuple[FromClause, ColumnElement[bool]]:
    """Give the events of the feeds' present epochs, and whether this partner has confirmed each.

    Whoever has confirmed nothing in an epoch has read none of its events.
    """
    present = and_(Feed.id == FeedEvent.feed_id, Feed.epoch == FeedEvent.epoch)
    of_partner = and_(
        FeedReader.feed_id == Feed.id,
        FeedReader.epoch == Feed.epoch,
        FeedReader.node_id == node_id,
    )
    said = FeedEvent.__table__.join(Feed, present).outerjoin(FeedReader, of_partner)
    return said, func.coalesce(FeedEvent.seq <= FeedReader.seq, false())
