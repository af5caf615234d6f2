"""Asking others to take one's seat, taking one that others were asked for, words for a group."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.pages.rendering import page, way_back
from api.pages.seat_buttons import SeatForm, seat_button, where_to
from api.parts import Now, Session, Signed
from rota.cover.actions import ask_for_cover, withdraw_cover
from rota.cover.queries import cover_seen
from rota.cover.rules import GROUP_LANGUAGES, group_text
from rota.cover.take import take_cover

ask = seat_button("/claims/{subject:uuid}/cover", ask_for_cover)
withdraw = seat_button("/covers/{subject:uuid}/withdraw", withdraw_cover)


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
    return page("group-words.html", asker=asker, seen=seen, texts=texts)
