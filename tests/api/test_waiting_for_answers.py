"""A request waits for a host's answer on one connection that all requests share."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.answers import Answers
from database.ids import new_id
from database.session import door
from rota.claims.wake import wake

SOON = 5.0


@pytest.fixture
async def answers(committing_engine: AsyncEngine) -> AsyncIterator[Answers]:
    answers = Answers(committing_engine)
    yield answers
    await answers.close()


async def test_whoever_waits_for_a_claim_hears_of_it_and_nobody_else(
    committing_engine: AsyncEngine, answers: Answers
) -> None:
    claim, other = new_id(), new_id()
    await asyncio.gather(answers.listen(), answers.listen())
    with (
        answers.waiting_for(claim) as first,
        answers.waiting_for(claim) as second,
        answers.waiting_for(other) as third,
    ):
        async with door(committing_engine) as session:
            await wake(session, claim)
            assert not first.is_set()
        await asyncio.wait_for(asyncio.gather(first.wait(), second.wait()), SOON)
        assert not third.is_set()


async def test_a_lost_connection_is_opened_again(
    committing_engine: AsyncEngine, answers: Answers
) -> None:
    await answers.listen()
    async with door(committing_engine) as session:
        ended = await session.scalars(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        assert list(ended) == [True]
    claim = new_id()
    async with asyncio.timeout(SOON):
        heard = False
        while not heard:
            await answers.listen()
            with answers.waiting_for(claim) as answered:
                async with door(committing_engine) as session:
                    await wake(session, claim)
                try:
                    await asyncio.wait_for(answered.wait(), 0.2)
                    heard = True
                except TimeoutError:
                    continue


async def test_a_closed_listener_takes_its_connection_with_it(
    committing_engine: AsyncEngine, answers: Answers
) -> None:
    await answers.listen()
    await answers.close()
    await answers.close()
    async with door(committing_engine) as session:
        await wake(session, new_id())
    await answers.listen()
