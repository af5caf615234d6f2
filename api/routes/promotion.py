"""What a pool publishes: how it does so, and texts about the coming fortnight."""

from typing import Annotated

import msgspec
from litestar import get, put
from litestar.params import FromPath, JSONBody, QueryParameter

from api.errors import InvalidRequest
from api.parts import NodeSettings, Now, Session, Signed
from api.routes.pages_of import Page
from federation.pools.queries import pool_seen_by
from federation.pools.settings import set_publication
from rota.open_hours.queries import hours_of
from rota.open_hours.rules.promotion import FORTNIGHT, WORDS, texts

Language = Annotated[str, QueryParameter(name="language", max_length=35)]


Tag = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$")]


class PublicationBody(msgspec.Struct, forbid_unknown_fields=True):
    """Whether regular hours are told before they are confirmed, and languages by message only."""

    planned: bool
    message_languages: Annotated[list[Tag], msgspec.Meta(max_length=20)]


class PromotionAnswer(msgspec.Struct, frozen=True):
    """A text to copy; `use` is `public-post` or `reply-only`."""

    platform: str
    use: str
    text: str


@get("/pools/{pool:str}/promotion", summary="Texts about the coming fortnight, to copy")
async def list_texts(
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    pool: FromPath[str],
    language: Language = "en",
) -> Page[PromotionAnswer]:
    """Write texts by platform from what is confirmed; nothing is ever sent from here."""
    found = await pool_seen_by(session, asker, pool)
    if language not in WORDS:
        raise InvalidRequest("language", f"must be one of {', '.join(WORDS)}.")
    told = await hours_of(await session.connection(), found, now, now + FORTNIGHT)
    url = f"{settings.base_url}/open/{found.slug}"
    written = texts(told.name, told.zone, told.hours, url, language, now)
    return Page(items=[PromotionAnswer(one.platform, one.use, one.text) for one in written])


@put("/pools/{pool:str}/publication", summary="Say what a pool publishes", status_code=204)
async def publish_as(
    session: Session,
    asker: Signed,
    now: Now,
    pool: FromPath[str],
    data: JSONBody[PublicationBody],
) -> None:
    """Choose whether planned hours are told, and in which languages messages are answered."""
    found = await pool_seen_by(session, asker, pool)
    await set_publication(
        session,
        asker,
        found.id,
        now,
        planned=data.planned,
        message_languages=data.message_languages,
    )
