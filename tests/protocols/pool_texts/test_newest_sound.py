"""What is named and offered of a text is the newest release that can be worked by."""

from sqlalchemy.ext.asyncio import AsyncSession

from protocols.overview.queries import texts_to_take_up
from protocols.pool_texts.queries import newest_on_pool
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from tests.protocols.example_texts import Told, World, protocol, released, revised, withdraw
from tests.protocols.pool_texts.test_pool_text_rules import ask, put_in_force, reviewed


async def numbers(session: AsyncSession, projects: World) -> tuple[list[str], list[str]]:
    """Give the versions on the pool's page, and those that South is offered."""
    on_pool = await newest_on_pool(session, projects.pool)
    offered = await texts_to_take_up(session, projects.south.coordinator, "")
    return [one.number for one in on_pool], [one.number for one in offered]


async def two_releases(session: AsyncSession, projects: World) -> tuple[Release, Release]:
    first = await released(session, projects.north, protocol(Told()))
    await put_in_force(session, projects, first)
    return first, await revised(session, projects.north, first, Told(parts=("Three of you.",)))


async def test_a_withdrawn_release_is_not_put_forward(
    session: AsyncSession, projects: World
) -> None:
    first, second = await two_releases(session, projects)
    assert await numbers(session, projects) == (["2.0.0"], ["2.0.0"])

    await withdraw(session, projects.north, second, holds_number=first.number)
    assert await numbers(session, projects) == (["1.0.0"], ["1.0.0"])

    await withdraw(session, projects.north, first, holds_texts={"en": "Close the chat."})
    assert await numbers(session, projects) == (["2.0.0"], [])


async def test_a_withdrawn_part_leaves_a_release_to_be_worked_by(
    session: AsyncSession, projects: World
) -> None:
    _, second = await two_releases(session, projects)
    [part] = read_manifest(second.manifest).blocks

    await withdraw(session, projects.north, second, block=part.id, holds_texts={"en": "Stop."})

    assert await numbers(session, projects) == (["2.0.0"], ["2.0.0"])


async def test_where_a_pool_asks_for_a_review_the_newest_that_had_one_is_put_forward(
    session: AsyncSession, projects: World
) -> None:
    first = await reviewed(session, projects)
    await ask(session, projects)
    await put_in_force(session, projects, first)

    await revised(session, projects.north, first, Told(parts=("Three of you.",)))

    assert await numbers(session, projects) == (["1.0.0"], ["1.0.0"])
