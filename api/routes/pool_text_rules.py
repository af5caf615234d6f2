"""The texts in force on a pool's shifts, and what the pool asks of them."""

from uuid import UUID

import msgspec
from litestar import get, put
from litestar.params import FromPath, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from api.parts import Now, Session, Signed
from api.routes.pages_of import Page
from api.routes.protocols import URN, item_of
from federation.pools.queries import pool_seen_by
from protocols.pool_texts.actions import name_pool_text
from protocols.pool_texts.queries import asks_for_lived_experience, newest_on_pool
from protocols.pool_texts.rule_actions import ask_for_lived_experience


class TextRuleBody(msgspec.Struct, forbid_unknown_fields=True):
    """Whether each text has to say that somebody with lived experience has reviewed it."""

    lived_experience: bool


class PoolTextAnswer(msgspec.Struct, frozen=True):
    """The text of one kind that is in force on a pool's shifts, in its newest known version."""

    kind: str
    id: UUID
    title: str
    number: str
    lived_experience: bool


@get("/pools/{pool:str}/texts", tags=["texts"], summary="The texts in force on a pool's shifts")
async def list_pool_texts(
    session: Session, asker: Signed, pool: FromPath[str]
) -> Page[PoolTextAnswer]:
    """List one text a kind, for everybody whose project takes part in the pool."""
    found = await pool_seen_by(session, asker, pool)
    return Page(await _in_force(session, found.id))


@put(
    "/pools/{pool:str}/texts/{item:uuid}",
    tags=["texts"],
    summary="Put a protocol in force on a pool's shifts",
)
async def put_pool_text(
    session: Session, asker: Signed, now: Now, pool: FromPath[str], item: FromPath[UUID]
) -> Page[PoolTextAnswer]:
    """Take a protocol in place of another of its kind, on a pool of this node; members are told."""
    found = await pool_seen_by(session, asker, pool)
    await name_pool_text(session, asker, pool_id=found.id, urn=f"{URN}{item}", now=now)
    return Page(await _in_force(session, found.id))


async def _in_force(session: AsyncSession, pool_id: UUID) -> list[PoolTextAnswer]:
    return [
        PoolTextAnswer(
            kind=text.protocol_kind or "",
            id=item_of(text.urn),
            title=text.source.title,
            number=text.number,
            lived_experience=text.lived_experience,
        )
        for text in await newest_on_pool(session, pool_id)
    ]


@get("/pools/{pool:str}/text-rule", tags=["texts"], summary="What a pool asks of its texts")
async def show_text_rule(session: Session, asker: Signed, pool: FromPath[str]) -> TextRuleBody:
    """Tell members what the texts on a pool's shifts have to say of themselves."""
    found = await pool_seen_by(session, asker, pool)
    return TextRuleBody(await asks_for_lived_experience(session, found.id))


@put("/pools/{pool:str}/text-rule", tags=["texts"], summary="Ask something of a pool's texts")
async def set_text_rule(
    session: Session,
    asker: Signed,
    now: Now,
    pool: FromPath[str],
    data: JSONBody[TextRuleBody],
) -> TextRuleBody:
    """Take only reviewed texts on a pool of this node, or any again."""
    found = await pool_seen_by(session, asker, pool)
    await ask_for_lived_experience(
        session, asker, pool_id=found.id, required=data.lived_experience, now=now
    )
    return data
