"""What contacts are about, as a pool's members count it; its host states the list to them."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import Reason
from federation.permissions.rules import Asker
from federation.pools.announce import announce_pool
from federation.pools.errors import WrongTopics
from federation.pools.models import Pool
from federation.pools.queries import pool_planned_by
from federation.screen.rules import WORDS, findings

MOST_TOPICS, LONGEST_TOPIC = 40, 60
TOO_MANY = "At most %(number)s topics."
WORDS_ONLY = (
    "Topic %(number)s: a few words of letters without accents, at most %(limit)s characters."
)
PERSONAL = "Topic %(number)s looks like %(what)s."
TOPIC = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.ASCII)


async def set_topics(
    session: AsyncSession, asker: Asker, pool_id: UUID, topics: Sequence[str], now: datetime
) -> Pool:
    """Say what contacts may be about; an empty list leaves it to netreach.

    What was counted under a topic that goes stays counted.
    """
    pool = await pool_planned_by(session, asker, pool_id)
    wrong = tuple(_wrong(topics))
    if wrong:
        raise WrongTopics(reasons=wrong)
    listed = sorted(set(topics))
    if pool.topics == listed:
        return pool
    pool.topics = listed
    await session.flush()
    await record(
        session,
        actor=asker.person_id,
        verb="set-topics",
        subject="pool",
        subject_id=pool_id,
        now=now,
        facts={"topics": len(listed)},
    )
    await announce_pool(session, pool_id, now)
    return pool


def written_topic(words: str) -> str:
    """Write a topic as it is counted: `Money and benefits` becomes `money-and-benefits`."""
    return "-".join(words.lower().split())


def _wrong(topics: Sequence[str]) -> Iterator[Reason]:
    if len(topics) > MOST_TOPICS:
        yield Reason("too-many-topics", TOO_MANY % {"number": MOST_TOPICS})
        return
    for number, topic in enumerate(topics, 1):
        if len(topic) > LONGEST_TOPIC or not TOPIC.fullmatch(topic):
            yield Reason("topic-words", WORDS_ONLY % {"number": number, "limit": LONGEST_TOPIC})
        for one in findings(topic.replace("-", " "))[:1]:
            yield Reason("topic-personal", PERSONAL % {"number": number, "what": WORDS[one.kind]})
