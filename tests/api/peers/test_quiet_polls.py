"""Polls that find nothing new are answered before routing, and only those."""

from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import httpx2
import msgspec
import pytest
from sqlalchemy import delete, select, update

from api.limits import Shares
from api.peers.wire import FeedList, News
from database.session import door
from federation.feeds import actions as feeds
from federation.feeds.models import FeedReader
from federation.feeds.queries import readable_feeds, recalls_hashes
from federation.partners.models import Partner, PartnerToken
from federation.polls.queries import asking
from federation.projects.models import Project
from tests.api.peers.nodes import RunningNode, add_shared_pool, clock
from tests.api.peers.test_polling import Pair, pair, polled, word_of
from tests.api.peers.test_pulling_feeds import pull_now, say
from tests.questions import counted

__all__ = ["pair"]


@pytest.fixture
async def quiet(pair: Pair) -> Pair:
    """Give two nodes of which the second has confirmed all that the first has said."""
    north, south = pair
    async with door(north.engine) as session:
        await add_shared_pool(session, south.id)
        subject = str((await session.scalars(select(Project))).one().id)
        await feeds.append(session, "project/releases", subject, "greeting", {"n": 2}, now=clock())
        for said in ("zwei", "Älter", "eins"):
            await feeds.recall(session, "project/releases", subject, said, now=clock())
    for _ in range(3):
        await pull_now(south, north)
    return north, south


async def token_of(south: RunningNode, north: RunningNode) -> str:
    client = await south.client(north)
    return await client._bearer(renew=False)  # noqa: SLF001 -- what a node signs in with


def statements(north: RunningNode) -> AbstractContextManager[list[str]]:
    """Collect what a handler asks; what is answered before routing goes past SQLAlchemy."""
    return counted(north.app.state.engine)


async def asked(north: RunningNode, word: str, token: str) -> tuple[int, bytes]:
    url = f"http://127.0.0.1:{north.port}/fed/v1/feeds?at={word}"
    async with httpx2.AsyncClient() as http:
        answer = await http.get(url, headers={"authorization": f"Bearer {token}"})
    return answer.status_code, answer.content


async def test_a_quiet_poll_is_one_look(quiet: Pair) -> None:
    north, south = quiet
    with statements(north) as made:
        assert await polled(south, north) == News(pages={})
    assert made == []


async def test_one_look_sees_what_the_handler_sees(quiet: Pair) -> None:
    """Another partner's feed and a pool of others are there, too, and are not seen."""
    north, south = quiet
    async with door(north.engine) as session:
        other = await add_shared_pool(session, None)
        for kind, subject in [("private", "n" * 43), ("pool/shifts", str(other.id))]:
            await feeds.append(session, kind, subject, "greeting", {"n": 3}, now=clock())
    found = await asking(north.engine, await token_of(south, north), clock())
    async with door(north.engine) as session:
        readable = await readable_feeds(session, south.id)
        recalls = await recalls_hashes(session, readable)
        partner = await session.get_one(Partner, south.id)
    lines = [
        (one.id, one.kind, one.subject, one.epoch, one.seq, name, (one.epoch, one.seq, name))
        for one, name in zip(readable, recalls, strict=True)
    ]
    assert [line[1] for line in lines] == ["project/releases", "private"]
    assert found == (south.id, partner.we_grant, partner.withheld, [], lines)


async def test_what_is_new_goes_the_way_of_all_requests(quiet: Pair) -> None:
    north, south = quiet
    await say(north, south, {"n": 4})
    with statements(north) as made:
        answer = await polled(south, north)
    assert isinstance(answer, News)
    feed = await north.feed("private", south.id)
    assert (list(answer.pages), made == []) == ([feed.id], False)


@pytest.mark.parametrize("changed", [{"we_grant": ["shifts:x"]}, {"withheld": ["shifts:x"]}])
async def test_another_list_is_given_whole(quiet: Pair, changed: dict[str, Any]) -> None:
    north, south = quiet
    word = await word_of(south, north)
    async with door(north.engine) as session:
        await session.execute(update(Partner).values(**changed))
    answer = await (await south.client(north)).poll(word)
    assert isinstance(answer, FeedList)
    told = {"we_grant": answer.granted, "withheld": answer.withheld}
    assert {name: told[name] for name in changed} == changed


async def test_what_is_not_written_down_yet_is_written(quiet: Pair) -> None:
    north, south = quiet
    async with door(north.engine) as session:
        await session.execute(delete(FeedReader))
    assert await polled(south, north) == News(pages={})
    async with door(north.engine) as session:
        read = await session.scalars(select(FeedReader.seq).order_by(FeedReader.seq))
        assert list(read) == [1, 1]
    with statements(north) as made:
        assert await polled(south, north) == News(pages={})
    assert made == []


async def test_a_token_that_opens_nothing_is_refused(quiet: Pair) -> None:
    north, south = quiet
    word, token = await word_of(south, north), await token_of(south, north)
    assert await asked(north, word, token) == (204, b"")
    assert (await asked(north, word, token + "x"))[0] == 401
    async with door(north.engine) as session:
        await session.execute(update(Partner).values(state="ended", ended_at=clock()))
    assert (await asked(north, word, token))[0] == 401
    async with door(north.engine) as session:
        await session.execute(update(Partner).values(state="joined", ended_at=None))
    assert await asked(north, word, token) == (204, b"")
    async with door(north.engine) as session:
        await session.execute(update(PartnerToken).values(expires_at=clock() - timedelta(0)))
    assert (await asked(north, word, token))[0] == 401


async def test_quiet_polls_count_in_the_partners_share(
    quiet: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    north, south = quiet
    word, token = await word_of(south, north), await token_of(south, north)
    monkeypatch.setitem(north.app.state, "partner_shares", Shares(0))
    status, said = await asked(north, word, token)
    assert (status, msgspec.json.decode(said)["code"]) == (429, "too-many-requests")
