"""What contacts are about: a list that the pool's host states, of matters and never of people."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.models import AuditEntry
from federation.errors import NotAllowed
from federation.pools.errors import WrongTopics
from federation.pools.models import Pool
from federation.pools.topics import set_topics, written_topic
from tests.federation.pools.test_pools_and_handles import said
from tests.rota.world import NOW, ExamplePool, a_pool, a_project, a_worker


@pytest.fixture
async def pool(session: AsyncSession) -> ExamplePool:
    return await a_pool(session, await a_project(session))


async def test_topics_are_stated_to_members_once_for_each_change(
    session: AsyncSession, pool: ExamplePool
) -> None:
    before = len(await said(session, str(pool.id), "pool.stated"))
    for topics in (["tax", "housing", "tax"], ["housing", "tax"]):
        await set_topics(session, pool.coordinator, pool.id, topics, NOW)
    stated = await said(session, str(pool.id), "pool.stated")
    assert [one["topics"] for one in stated[before:]] == [["housing", "tax"]]
    assert (await session.get_one(Pool, pool.id)).topics == ["housing", "tax"]
    entries = await session.scalars(
        select(AuditEntry.facts).where(
            AuditEntry.verb == "set-topics", AuditEntry.subject_id == pool.id
        )
    )
    assert entries.all() == [{"topics": 2}]


@pytest.mark.parametrize(
    ("topics", "codes"),
    [
        (["Tax"], ["topic-words"]),
        (["tax-"], ["topic-words"]),
        (["x" * 61], ["topic-words"]),
        (["tax", "07700-900123"], ["topic-personal"]),
        ([f"topic-{number}" for number in range(41)], ["too-many-topics"]),
    ],
)
async def test_what_is_no_topic_is_refused(
    session: AsyncSession, pool: ExamplePool, topics: list[str], codes: list[str]
) -> None:
    with pytest.raises(WrongTopics) as refused:
        await set_topics(session, pool.coordinator, pool.id, topics, NOW)
    assert (refused.value.code, [each.code for each in refused.value.reasons]) == (
        "wrong-topics",
        codes,
    )
    assert (await session.get_one(Pool, pool.id)).topics == []


async def test_only_who_plans_the_pool_sets_them(session: AsyncSession, pool: ExamplePool) -> None:
    worker = await a_worker(session, pool.id, pool.coordinator)
    with pytest.raises(NotAllowed):
        await set_topics(session, worker.asker, pool.id, ["tax"], NOW)


def test_words_become_what_is_counted() -> None:
    assert written_topic("  Money and   benefits ") == "money-and-benefits"
