"""A project on the served node that has every answer of the starter library in use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.parts import current_time
from database.session import door
from federation.access.actions import make_api_token
from federation.people.actions import grant_role
from federation.people.rules import OPERATOR
from protocols.exchange.rules.texts import ExchangedText
from protocols.items.actions import approve, ask_for_review
from protocols.items.models import Item, Variant
from protocols.releases.actions import release
from protocols.starter.actions import add_starter_library
from protocols.starter.library import starter_texts
from tests.protocols.example_texts import Members, project_with_people, signer, take_up


@dataclass(frozen=True)
class Library:
    """A coordinator's token, and the answers by title as their project has them in use."""

    token: str
    texts: Mapping[str, ExchangedText]


async def starter_in_use(engine: AsyncEngine, name: str) -> Library:
    """Take the library in, approve and release each answer, and adopt it with example values."""
    now = current_time()
    async with door(engine) as session:
        members = await project_with_people(session, name)
        token = await _token(session, members, now)
        await add_starter_library(session, members.coordinator, now)
        texts = {
            text.draft.title: text
            for text in starter_texts(now.date()).values()
            if text.draft.kind == "answer"
        }
        for item, title in await _drafts(session, members):
            await _use(session, members, item, texts[title], now)
    return Library(token, texts)


async def _token(session: AsyncSession, members: Members, now: datetime) -> str:
    who = members.coordinator.person_id
    await grant_role(session, OPERATOR, person_id=who, role="coordinator", now=now)
    made = await make_api_token(
        session,
        OPERATOR,
        person_id=who,
        label="export",
        scopes=("read", "write"),
        days=30,
        now=now,
    )
    return made.secret


async def _drafts(session: AsyncSession, members: Members) -> list[tuple[Item, str]]:
    query = (
        select(Item, Variant.title)
        .join(Variant, (Variant.item_id == Item.id) & (Variant.language == Item.source_language))
        .where(Item.project_id == members.project, Item.kind == "answer")
        .order_by(Item.id)
    )
    return [(item, title) for item, title in await session.execute(query)]


async def _use(
    session: AsyncSession, members: Members, item: Item, text: ExchangedText, now: datetime
) -> None:
    asked = await ask_for_review(session, members.coordinator, item.id, now)
    await approve(session, members.reviewer, item.id, now, seen=asked.version)
    published = await release(session, members.coordinator, item.id, sign=signer, now=now)
    values = {gap.name: gap.example for gap in text.draft.placeholders}
    await take_up(session, members, published, values=values)
