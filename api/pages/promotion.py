"""Texts for the coming fortnight, ready to copy for each platform and language."""

from litestar import get
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from api.errors import InvalidRequest
from api.pages.rendering import page
from api.parts import NodeSettings, Now, Session, Signed
from federation.permissions.rules import require_role
from federation.pools.queries import pool_seen_by
from rota.open_hours.queries import hours_of
from rota.open_hours.rules.promotion import FORTNIGHT, WORDS, texts


@get("/promotion/{slug:str}")
async def promotion(
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    slug: FromPath[str],
    language: FromQuery[str] = "en",
) -> Template:
    """Write what can be told of the coming fortnight, from what is confirmed."""
    require_role(asker, "coordinator", "worker", "supervisor")
    pool = await pool_seen_by(session, asker, slug)
    if language not in WORDS:
        raise InvalidRequest("language", f"must be one of {', '.join(WORDS)}.")
    found = await hours_of(await session.connection(), pool, now, now + FORTNIGHT)
    url = f"{settings.base_url}/open/{pool.slug}"
    return page(
        "promotion.html",
        asker=asker,
        pool=pool,
        languages=list(WORDS),
        language=language,
        texts=texts(found.name, found.zone, found.hours, url, language, now),
    )
