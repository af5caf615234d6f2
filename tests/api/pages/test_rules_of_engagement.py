"""How to behave on a forum: set by who plans the pool, read by who has a seat there."""

import pytest
from sqlalchemy import select

from api.parts import current_time
from database.session import door
from federation.feeds.models import Feed, FeedEvent
from federation.partners.rules.canonical import admit
from federation.pools.actions import add_channel
from federation.pools.drafts import ChannelDraft
from federation.pools.models import Channel
from rota.sign_up.actions import claim_seat
from tests.api.conftest import Node, Somebody, form_token
from tests.api.evening import Evening, an_evening, coming
from tests.rota.world import a_shift

RULES = 'Only the thread "Support".\nAlways as the project, never covert.'


@pytest.fixture
async def evening(node: Node) -> Evening:
    """Give an evening whose pool has a forum, where the worker has an hour next week."""
    evening = await an_evening(node)
    async with door(node.engine) as session:
        draft = ChannelDraft("forum", "Forum", "task", 1)
        asker, now = evening.coordinator.asker, current_time()
        forum = await add_channel(session, asker, evening.pool.id, draft, now)
        task = await a_shift(
            session,
            evening.pool,
            coming(72),
            channel_id=forum.id,
            trainings=[],
            minimum_workers=1,
            minimum_supervisors=0,
        )
        await claim_seat(session, evening.worker.asker, task.lead, now)
    return evening


def path(evening: Evening) -> str:
    return f"/board/{evening.pool.slug}/channels/forum/rules"


async def rules(evening: Evening) -> str | None:
    async with door(evening.node.engine) as session:
        found: str | None = await session.scalar(
            select(Channel.rules_of_engagement).where(
                Channel.pool_id == evening.pool.id, Channel.slug == "forum"
            )
        )
        return found


async def stated(evening: Evening) -> list[str]:
    """Read what members were told of the forum, oldest first."""
    async with door(evening.node.engine) as session:
        rows = await session.scalars(
            select(FeedEvent.payload)
            .join(Feed, Feed.id == FeedEvent.feed_id)
            .where(Feed.subject == str(evening.pool.id), FeedEvent.kind == "pool.stated")
            .order_by(FeedEvent.seq)
        )
        told = [admit(row or b"")["channels"] for row in rows]
    return [
        channel["rules_of_engagement"]
        for channels in told
        for channel in channels
        if channel["slug"] == "forum"
    ]


async def week_of(evening: Evening, who: Somebody) -> str:
    async with evening.node.signed_in(who.id) as browser:
        monday = coming(72).date().isoformat()
        return (await browser.get(f"/week?week={monday}")).text


async def test_what_is_set_on_the_page_is_read_with_the_shift_and_told_to_members(
    evening: Evening,
) -> None:
    here = f"/board/{evening.pool.slug}/sessions"
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        token = await form_token(browser, here)
        sent = {"_csrf_token": token, "rules": f"  {RULES}  \r\n"}
        kept = await browser.post(path(evening), data=sent)
        assert (kept.status_code, kept.headers["location"]) == (303, here)
        assert "Always as the project, never covert.</textarea>" in (await browser.get(here)).text
    assert await rules(evening) == RULES
    assert (await stated(evening))[-1] == RULES
    seen = await week_of(evening, evening.worker)
    assert "never covert" in seen
    colleague, _ = await evening.colleague()
    assert "never covert" not in await week_of(evening, colleague)


async def test_programs_set_and_take_them_away(evening: Evening) -> None:
    address = f"/api/v1/pools/{evening.pool.slug}/channels/forum/rules-of-engagement"
    for text in (RULES, RULES, ""):
        said = await evening.node.web.put(
            address, headers=evening.coordinator.bearer, json={"rules": text}
        )
        assert said.status_code == 204
        assert await rules(evening) == text
    # what is the same is not told again
    assert (await stated(evening))[-2:] == [RULES, ""]
    assert (await stated(evening)).count(RULES) == 1


async def test_others_may_not_and_nobody_writes_a_book(evening: Evening) -> None:
    address = f"/api/v1/pools/{evening.pool.slug}/channels/forum/rules-of-engagement"
    stranger = await evening.node.somebody("coordinator")
    refused = (
        (evening.worker, address, RULES, 403, "not-allowed"),
        (stranger, address, RULES, 404, "not-found"),
        (evening.coordinator, address.replace("forum", "none"), RULES, 404, "not-found"),
        (evening.coordinator, address, "x" * 4001, 422, "rules-too-long"),
    )
    for who, where, text, status, code in refused:
        said = await evening.node.web.put(where, headers=who.bearer, json={"rules": text})
        assert (said.status_code, said.json()["code"]) == (status, code)
    async with evening.node.signed_in(evening.worker.id) as browser:
        token = await form_token(browser, "/notices")
        sent = await browser.post(path(evening), data={"_csrf_token": token, "rules": RULES})
        assert sent.status_code == 403
    assert await rules(evening) == ""
