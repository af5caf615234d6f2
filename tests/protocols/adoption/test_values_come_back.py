"""A value that was given is changed by two people, also past a release that had no gap for it."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from protocols.adapting.actions import drop_change, give_values, take_version
from protocols.adapting.approval.actions import approve_change, ask_approval
from protocols.adoption.errors import ValuesNeedApproval
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.releases.models import Release
from tests.protocols.example_texts import NOW, Told, World, protocol, released, revised, take_up

PHONE = DraftPlaceholder("on_call", "07700 900000", type="phone")
OURS, OTHER = {"on_call": "0113 496 0000"}, {"on_call": "0113 496 0999"}
WITH_GAP = Told(parts=("Ring {{on_call}}.",), placeholders=[PHONE])


async def two(session: AsyncSession, projects: World) -> tuple[Release, Release]:
    first = await released(session, projects.north, protocol(Told()))
    return first, await revised(session, projects.north, first, WITH_GAP)


async def by_two(session: AsyncSession, projects: World, urn: str) -> None:
    asked = await ask_approval(session, projects.south.reviewer, urn, NOW)
    assert asked.asked_hash is not None
    seen = asked.asked_hash
    await approve_change(session, projects.south.coordinator, urn, seen=seen, now=NOW)


async def test_an_older_release_between_does_not_let_one_person_change_a_value(
    session: AsyncSession, projects: World
) -> None:
    first, second = await two(session, projects)
    await take_up(session, projects.south, second, values=OURS)

    older = await take_up(session, projects.south, first)
    assert older.values == {}
    with pytest.raises(ValuesNeedApproval):
        await take_up(session, projects.south, second, values=OTHER)

    newer = await take_up(session, projects.south, second)
    assert newer.values == OURS


async def test_what_two_people_changed_last_comes_back(
    session: AsyncSession, projects: World
) -> None:
    first, second = await two(session, projects)
    third = await revised(session, projects.north, second, Told())
    south = projects.south
    await take_up(session, south, second, values=OURS)
    await give_values(session, south.reviewer, first.urn, OTHER, NOW)
    await by_two(session, projects, first.urn)
    await take_version(
        session, south.reviewer, first.urn, number=third.number, decisions={}, now=NOW
    )
    await by_two(session, projects, first.urn)

    with pytest.raises(ValuesNeedApproval):
        await take_up(session, south, second, values=OURS)
    back = await take_up(session, south, second)

    assert back.values == OTHER


async def test_a_gap_that_workers_fill_now_keeps_no_newer_release_out(
    session: AsyncSession, projects: World
) -> None:
    first = await released(session, projects.north, protocol(WITH_GAP))
    theirs = DraftPlaceholder("on_call", "07700 900000", type="phone", filled_by="worker")
    told = Told(parts=("Ring {{on_call}}.",), placeholders=[theirs])
    second = await revised(session, projects.north, first, told)
    await take_up(session, projects.south, first, values=OURS)

    drafted = await take_version(
        session, projects.south.reviewer, first.urn, number=second.number, decisions={}, now=NOW
    )
    assert drafted.values == {}
    await drop_change(session, projects.south.reviewer, first.urn, NOW)
    adoption = await take_up(session, projects.south, second)

    assert adoption.values == {}
