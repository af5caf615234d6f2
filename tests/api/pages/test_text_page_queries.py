"""With one, three or six of everything, a page of texts asks the database the same questions."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.parts import current_time
from database.session import door
from federation.pools.actions import give_handle
from protocols.comments.actions import comment_on
from protocols.exports.actions import note_export
from protocols.items.actions import add_variant
from protocols.items.models import Item
from protocols.items.queries import blocks_of
from protocols.lived_reviews.actions import attest_lived_review
from protocols.pool_texts.actions import name_pool_text
from protocols.recalls.actions import recall_item
from rota.sign_up.actions import claim_seat
from tests.api.conftest import Node
from tests.api.evening import coming
from tests.api.feeds.test_feed_kinds import statements
from tests.api.withdrawals import InForce, text_in_force
from tests.protocols.example_texts import (
    Told,
    answer,
    protocol,
    read,
    released,
    revised,
    signer,
    take_up,
)
from tests.rota.world import a_person, a_pool, a_shift

PAGES = [
    "/texts",
    "/texts/{item}",
    "/texts/{item}/edit",
    "/texts/{item}/history",
    "/texts/{item}/translate/nl",
    "/texts/pools",
    "/protocols",
    "/protocols/{item}",
    "/adopted",
    "/adopted/new",
    "/adopted/{item}",
    "/adopted/{item}/update",
    "/recalls",
    "/recalls/{item}",
    "/readings",
]
EIGHT = 8
LANGUAGES = ("nl", "ro", "pl", "bg", "hu", "pt")
JSON = [
    "/texts",
    "/texts/{item}",
    "/texts/{item}/versions",
    "/texts/{item}/versions/2",
    "/texts/{item}/comments",
    "/texts/{item}/lived-reviews",
    "/protocols",
    "/protocols/{item}",
    "/adopted",
    "/adoptable",
    "/adopted/{item}",
    "/adopted/{item}/update",
    "/recalls",
    "/exports/withdrawn",
    "/readings",
    "/readings/partners",
    "/bundle",
]


@pytest.fixture
async def text(node: Node) -> InForce:
    return await text_in_force(node)


async def item_of(session: AsyncSession, text: InForce) -> Item:
    return (await session.scalars(select(Item).where(Item.urn == text.text.urn))).one()


async def one_more(text: InForce, place: int) -> None:
    """Add one of everything that a page of texts lists."""
    async with door(text.node.engine) as session:
        await another_text(session, text, place)
        await another_answer(session, text, place)
        await another_pool(session, text, place)
    async with door(text.node.engine) as session:
        await another_version(session, text, place)


async def another_text(session: AsyncSession, text: InForce, place: int) -> None:
    members = text.members
    more = await released(session, members, protocol(Told(title=f"Text {place}")))
    await take_up(session, members, more)
    gone = await released(session, members, protocol(Told(title=f"Gone {place}")))
    await recall_item(
        session,
        members.coordinator,
        urn=gone.urn,
        reason="It was wrong.",
        holds_texts={"en": "Close the chat."},
        sign=signer,
        now=current_time(),
    )


async def another_answer(session: AsyncSession, text: InForce, place: int) -> None:
    members, now = text.members, current_time()
    asked = await released(session, members, answer(f"Question {place}?", "Ring us."))
    sequences = {asked.urn: 1}
    await note_export(
        session, members.coordinator, tool="rocket-chat", sequences=sequences, now=now
    )
    await recall_item(
        session,
        members.coordinator,
        urn=asked.urn,
        reason="It was wrong.",
        holds_texts={"en": "Ask your coordinator."},
        sign=signer,
        now=now,
    )


async def another_pool(session: AsyncSession, text: InForce, place: int) -> None:
    """Put the text on one more pool's shifts, with a seat whose holder has not read it."""
    members, now = text.members, current_time()
    pool = await a_pool(session, members.coordinator)
    await name_pool_text(session, members.coordinator, pool_id=pool.id, urn=text.text.urn, now=now)
    shift = await a_shift(session, pool, coming(48 + 3 * place), trainings=[])
    worker = await a_person(session, members.project, "worker")
    await give_handle(session, members.coordinator, pool.id, worker.person_id, now)
    await read(session, worker, text.text.urn)
    await claim_seat(session, worker, shift.lead, now)


async def another_version(session: AsyncSession, text: InForce, place: int) -> None:
    members, now = text.members, current_time()
    told = Told(parts=("Two of you.", f"Ring 999, {place}."))
    await revised(session, members, text.text, told)
    item = await item_of(session, text)
    words = {str(one.id): f"Woorden {place}." for one in await blocks_of(session, item.id)}
    tag = LANGUAGES[place]
    await add_variant(
        session, members.reviewer, item.id, language=tag, title="Gedrag", texts=words, now=now
    )
    await comment_on(session, members.coordinator, item.id, said=f"Why {place}?", now=now)
    await attest_lived_review(session, members.coordinator, item.id, who="Robin", now=now)


async def counted(text: InForce, browser: Any, path: str) -> list[str]:
    with statements(text.node.engine) as asked:
        answer = await browser.get(path.format(item=text.item))
    assert answer.status_code == 200, answer.text
    return asked


async def test_a_page_of_texts_asks_the_same_questions_however_long_it_is(text: InForce) -> None:
    found: dict[str, list[int]] = {}
    bearer = text.coordinator.bearer
    async with text.node.signed_in(text.coordinator.id) as browser:
        # the first time a token is used that day, its last use is written down
        await text.node.web.get("/api/v1/texts", headers=bearer)
        for place in range(6):
            await one_more(text, place)
            if place not in {0, 2, 5}:
                continue
            await text.look()
            for path in PAGES:
                found.setdefault(path, []).append(len(await counted(text, browser, path)))
            browser.headers.update(bearer)
            for path in JSON:
                api = f"/api/v1{path}"
                found.setdefault(api, []).append(len(await counted(text, browser, api)))
            del browser.headers["Authorization"]
    assert {path: counts for path, counts in found.items() if len(set(counts)) > 1} == {}
    asked = {path: found[path][0] for path in PAGES}
    assert {path: number for path, number in asked.items() if number > EIGHT} == {}
    assert len(found) == len(PAGES) + len(JSON)
