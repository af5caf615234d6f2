"""Waiting for a seat and answering an offer; a coordinator's yes or no to a claim."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.rendering import way_back
from api.pages.seat_buttons import SeatForm, seat_button, where_to
from api.pages.undoable import Opposite
from api.pages.weeks import week_address
from api.parts import Now, Session, Signed
from federation.permissions.rules import Asker
from federation.pools.queries import pool_seen_by
from federation.pools.settings import set_consent
from rota.consent.actions import give_consent, refuse_consent
from rota.waiting.actions import accept_offer, stop_waiting, wait_for_seat
from rota.waiting.models import WaitingEntry


class ConsentForm(SeatForm):
    """Which of two buttons was pressed, and the reason of a no."""

    answer: str = ""
    reason: str = ""


class PoolForm(msgspec.Struct):
    """What a pool's members have agreed on."""

    week: str = ""
    consent: str = ""


async def _waiting(_session: AsyncSession, _asker: Asker, entry: WaitingEntry) -> Opposite:
    return Opposite("waiting-begun", entry.id)


wait = seat_button("/seats/{subject:uuid}/wait", wait_for_seat, _waiting)
leave = seat_button("/waiting/{subject:uuid}/leave", stop_waiting)
accept = seat_button("/claims/{subject:uuid}/accept", accept_offer)


@post("/claims/{claim:uuid}/consent", status_code=303)
async def consent(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    claim: FromPath[UUID],
    data: URLEncodedBody[ConsentForm],
) -> Redirect:
    """Say yes to a claim, or no with the reason that the worker reads."""
    back = way_back(request, where_to(data))
    if data.answer == "yes":
        await give_consent(session, asker, claim, now)
    else:
        await refuse_consent(session, asker, claim, data.reason, now)
    return Redirect(back, status_code=303)


@post("/board/{slug:str}/consent", status_code=303)
async def set_pool_consent(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    data: URLEncodedBody[PoolForm],
) -> Redirect:
    """Say whether claims in this pool need the yes of the worker's own coordinator."""
    back = way_back(request, week_address(f"/board/{slug}", data.week))
    pool = await pool_seen_by(session, asker, slug)
    await set_consent(session, asker, pool.id, now, needed=data.consent == "yes")
    return Redirect(back, status_code=303)
