"""Whatever a line does to any request of a pull, the next pull makes all good."""

from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from api.peers.client import PartnerRefusedError, PartnerUnreachableError
from tests.api.peers.nodes import RunningNode, join, running
from tests.api.peers.test_pulling_feeds import heard, note_in, pull_now, say, trouble
from tests.conftest import own_name
from tests.federation.chaos.line import QUICK, Fate, Line, a_line
from tests.postgres import copy_of

REQUESTS = ("the sign-in", "the list", "the first page", "the second page")
EVENTS_OF_A_PAGE = 100
Shaky = tuple[RunningNode, RunningNode, Line]


@pytest.fixture(scope="module")
async def shaky(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Shaky]:
    """Give North, which speaks behind a line, South, which listens, and the line."""
    folder = tmp_path_factory.mktemp("shaky")
    async with (
        copy_of(server_url, template, own_name(template)) as north_url,
        copy_of(server_url, template, own_name(template)) as south_url,
        a_line() as line,
        running(north_url, folder / "north", "North", address=line.address) as north,
        running(south_url, folder / "south", "South") as south,
    ):
        line.node = north.port
        await join(north, south)
        south.apply["greeting"] = note_in("greeting")
        yield north, south, line


async def say_more_than_a_page(north: RunningNode, south: RunningNode) -> None:
    begun = len(await heard(south))
    more = range(begun, begun + EVENTS_OF_A_PAGE + 1)
    await say(north, south, *({"n": number} for number in more))


@pytest.mark.parametrize("spoilt", range(len(REQUESTS)), ids=REQUESTS)
@pytest.mark.parametrize("fate", QUICK)
async def test_a_spoilt_request_loses_nothing_and_doubles_nothing(
    shaky: Shaky, fate: Fate, spoilt: int
) -> None:
    north, south, line = shaky
    line.clear()
    await say_more_than_a_page(north, south)
    await south.workshop.close()
    line.coming.extend([*[None] * spoilt, fate])
    with suppress(PartnerUnreachableError, PartnerRefusedError):
        await pull_now(south, north)
    assert not line.coming
    for _ in range(2):
        await pull_now(south, north)
    found = [said["n"] for said in await heard(south)]
    assert found == list(range(len(found)))
    assert await trouble(south) == [(len(found), None)]


async def test_23_an_answer_that_comes_drip_by_drip_ends(shaky: Shaky) -> None:
    """It is given up after ten seconds, although no byte is ever long in coming."""
    north, south, line = shaky
    line.clear()
    await say(north, south, {"n": len(await heard(south))})
    await south.workshop.close()
    line.coming.append("drip by drip")
    with pytest.raises(PartnerUnreachableError, match="TimeoutError"):
        await pull_now(south, north)
    await pull_now(south, north)
    found = [said["n"] for said in await heard(south)]
    assert found == list(range(len(found)))
