"""What is said of a pool and its projects fits into what their partners read, or is refused."""

import math
from dataclasses import replace
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import Refusal
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.pools.actions import add_channel, join_pool, make_pool
from federation.pools.drafts import ChannelDraft, Share
from federation.pools.errors import (
    ChannelUnfit,
    EnoughChannels,
    PoolUnfit,
    ShareUnfit,
    WrongMessageLanguages,
)
from federation.pools.from_partners import StatedPool
from federation.pools.settings import set_publication
from federation.projects.actions import add_project
from federation.projects.errors import ProjectUnfit
from tests.federation.pools.test_pools_and_handles import DRAFT, refused, said
from tests.rota.world import NOW, SHARE, a_person, a_pool, a_project


@pytest.fixture
async def coordinator(session: AsyncSession) -> Asker:
    return await a_project(session)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (PoolUnfit, {"name": " "}),
        (PoolUnfit, {"name": "x" * 201}),
        (PoolUnfit, {"supervisor_sessions_at_once": 0}),
        (PoolUnfit, {"supervisor_sessions_at_once": 51}),
        *(
            (ShareUnfit, {"share": share})
            for wrong in (-1, 10_001, math.nan, math.inf)
            for share in (Share(wrong, 6), Share(12, wrong))
        ),
    ],
)
async def test_a_pool_of_which_members_could_read_nothing_is_not_founded(
    session: AsyncSession, coordinator: Asker, kind: type[Refusal], wrong: dict[str, Any]
) -> None:
    pool = await a_pool(session, await a_project(session))
    facts: dict[str, Any] = {"slug": "new", "name": "New", "zone": "Europe/London", "share": SHARE}
    await refused(session, kind, make_pool(session, coordinator, NOW, **facts | wrong))
    if "share" in wrong:
        await refused(session, kind, join_pool(session, coordinator, pool.id, wrong["share"], NOW))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"minimum_workers": 0},
        {"minimum_workers": 11},
        {"minimum_supervisors": -1},
        {"minimum_supervisors": 11},
        {"trainings": ["x" * 201]},
        {"trainings": [" "]},
        {"trainings": [f"training {number}" for number in range(51)]},
    ],
)
async def test_a_channel_of_which_members_could_read_nothing_is_not_added(
    session: AsyncSession, coordinator: Asker, wrong: dict[str, Any]
) -> None:
    pool = await a_pool(session, coordinator)
    draft = replace(DRAFT, **wrong)
    await refused(session, ChannelUnfit, add_channel(session, coordinator, pool.id, draft, NOW))


@pytest.mark.parametrize(
    "wrong",
    [["Dutch people"], ["en-" + "-".join(["abcdefgh"] * 4)], [f"aa-{n}" for n in range(21)]],
)
async def test_messages_are_answered_in_few_languages_and_each_is_one(
    session: AsyncSession, coordinator: Asker, wrong: list[str]
) -> None:
    pool = await a_pool(session, coordinator)
    await refused(
        session,
        WrongMessageLanguages,
        set_publication(session, coordinator, pool.id, NOW, planned=False, message_languages=wrong),
    )


async def test_the_largest_pool_that_there_can_be_is_read_by_its_members(
    session: AsyncSession,
) -> None:
    many = [f"{number:02}{'x' * 198}" for number in range(50)]
    project_id = await add_project(
        session,
        OPERATOR,
        slug=f"large-{uuid4().hex}",
        name=many[0],
        region=many[0],
        jurisdiction=many[0],
        zone="Europe/London",
        languages=[f"aa-{number:02}" for number in range(50)],
        now=NOW,
    )
    coordinator = await a_person(session, project_id, "coordinator")
    facts: dict[str, Any] = {"name": many[0], "zone": "Europe/London", "share": Share(10_000, 0.5)}
    pool = await make_pool(session, coordinator, NOW, slug=f"large-{uuid4().hex}", **facts)
    tags = [f"en-abcdefgh-abcdefgh-abcdef{number}" for number in range(10, 30)]
    await set_publication(session, coordinator, pool.id, NOW, planned=True, message_languages=tags)
    drafts = [
        ChannelDraft(
            f"channel-{number}", many[0], "session", 10, 10, many[: 1 + 49 * (number == 0)]
        )
        for number in range(50)
    ]
    for draft in drafts:
        await add_channel(session, coordinator, pool.id, draft, NOW)

    stated = msgspec.convert((await said(session, str(pool.id), "pool.stated"))[-1], StatedPool)
    assert (len(stated.channels), stated.message_languages) == (50, tags)
    await refused(session, EnoughChannels, add_channel(session, coordinator, pool.id, DRAFT, NOW))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"region": "x" * 201},
        {"jurisdiction": ""},
        {"languages": ["English"]},
        {"languages": ["en"] * 51},
    ],
)
async def test_a_project_of_which_partners_could_read_nothing_is_not_set_up(
    session: AsyncSession, wrong: dict[str, Any]
) -> None:
    facts: dict[str, Any] = {
        "slug": "unfit",
        "name": "Unfit",
        "region": "Region",
        "jurisdiction": "ireland",
        "zone": "Europe/Dublin",
        "languages": ["en"],
    }
    await refused(session, ProjectUnfit, add_project(session, OPERATOR, **facts | wrong, now=NOW))
