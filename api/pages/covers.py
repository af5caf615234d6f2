"""Asking others to take one's seat, taking one that others were asked for, words for a group."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.rendering import page, way_back
from api.pages.seat_buttons import SeatForm, seat_button, where_to
from api.pages.undoable import Opposite
from api.parts import Now, Session, Signed
from federation.permissions.rules import Asker
from rota.cover.actions import ask_for_cover, withdraw_cover
from rota.cover.models import CoverRequest
from rota.cover.queries import cover_seen
from rota.cover.rules import GROUP_LANGUAGES, group_text
from rota.cover.take import take_cover


async def _asked(_session: AsyncSession, _asker: Asker, cover: CoverRequest) -> Opposite:
    return Opposite("cover-asked", cover.id)


async def _withdrawn(_session: AsyncSession, _asker: Asker, cover: CoverRequest) -> Opposite | None:
    """Let others be asked again; until another node has confirmed the end, there is none."""
    over = cover.claim_id is not None and cover.state == "withdrawn"
    return Opposite("cover-withdrawn", cover.claim_id) if over and cover.claim_id else None


ask = seat_button("/claims/{subject:uuid}/cover", ask_for_cover, _asked)
withdraw = seat_button("/covers/{subject:uuid}/withdraw", withdraw_cover, _withdrawn)


@post("/covers/{cover:uuid}/take", status_code=303)
async def take(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    cover: FromPath[UUID],
    data: URLEncodedBody[SeatForm],
) -> Redirect:
    """Take over a seat; a coordinator may do so for one of their own people."""
    back = way_back(request, where_to(data))
    await take_cover(session, asker, cover, now, worker=data.worker or None)
    return Redirect(back, status_code=303)


@get("/covers/{cover:uuid}")
async def words(session: Session, asker: Signed, now: Now, cover: FromPath[UUID]) -> Template:
    """Show what may be pasted into a group: a day and a time, no place, pool or person."""
    seen = await cover_seen(session, asker, cover, now)
    spans = [(seen.shift.starts, seen.shift.ends)]
    texts = {tag: group_text(spans, seen.shift.zone, tag) for tag in GROUP_LANGUAGES}
    return page("group-words.html", asker=asker, texts=texts, board=None)
