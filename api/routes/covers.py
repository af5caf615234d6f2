"""Asking others to take one's seat, and taking one that others were asked for."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody, QueryParameter

from api.bodies import Moment
from api.errors import InvalidRequest, SignInNeeded
from api.login.recognition import recognise
from api.parts import Now, Session, Signed
from api.routes.claims import ClaimAnswer, ClaimBody, answer_to_wish
from api.routes.pages_of import Page
from database.session import door
from rota.cover.actions import ask_for_cover, withdraw_cover
from rota.cover.models import CoverRequest
from rota.cover.queries import cover_seen, covers_seen
from rota.cover.rules import group_text
from rota.cover.spans import ask_for_cover_between
from rota.cover.take import take_cover

Language = Annotated[Literal["en", "nl", "ro"], QueryParameter(name="language")]


class CoverAnswer(msgspec.Struct, frozen=True):
    """How a request for cover stands; `step` tells who is asked now, `until` for how long."""

    id: UUID
    seat: UUID
    kind: str
    step: str
    state: str
    until: datetime


class WantedAnswer(msgspec.Struct, frozen=True):
    """A request for cover, with the seat's role and the shift's time; `mine`: it is your seat."""

    id: UUID
    seat: UUID
    role: str
    channel: str
    start: datetime
    end: datetime
    zone: str
    kind: str
    step: str
    state: str
    until: datetime
    mine: bool


class SpanBody(msgspec.Struct, forbid_unknown_fields=True):
    """From when to when somebody is away; the end is the first moment back."""

    start: Moment
    end: Moment


class SpanAnswer(msgspec.Struct, frozen=True):
    """The claims for whose seats others are asked, each after this answer."""

    claims: list[UUID]


class TextAnswer(msgspec.Struct, frozen=True):
    """Words to paste into a group: a day and a time, no place and no person."""

    text: str


@post("/claims/{claim:uuid}/cover", summary="Ask others to take your seat", status_code=201)
async def ask_others(
    session: Session, asker: Signed, now: Now, claim: FromPath[UUID]
) -> CoverAnswer:
    """Ask for cover; the seat stays yours until somebody else holds it."""
    return _answer(await ask_for_cover(session, asker, claim, now))


@post("/covers", summary="Ask others to take your seats of some days", status_code=202)
async def ask_for_span(
    session: Session, asker: Signed, now: Now, data: JSONBody[SpanBody]
) -> SpanAnswer:
    """Ask for cover of each own seat in a span; what is asked for already stays as it is."""
    if data.end <= data.start:
        raise InvalidRequest("end", "is not after the start.")
    return SpanAnswer(await ask_for_cover_between(session, asker, data.start, data.end, now))


@delete("/covers/{cover:uuid}", summary="Ask others no more", status_code=204)
async def ask_no_more(session: Session, asker: Signed, now: Now, cover: FromPath[UUID]) -> None:
    """Withdraw a request; the seat stays yours."""
    await withdraw_cover(session, asker, cover, now)


@get("/covers", summary="Seats that others are asked to take")
async def list_covers(session: Session, asker: Signed, now: Now) -> Page[WantedAnswer]:
    """List the requests that the asker may see, the next shift first."""
    return Page(
        items=[
            WantedAnswer(
                seen.cover.id,
                seen.seat.id,
                seen.seat.role,
                seen.channel.slug,
                seen.shift.starts,
                seen.shift.ends,
                seen.shift.zone,
                seen.cover.kind,
                seen.cover.step,
                seen.cover.state,
                seen.cover.until,
                seen.mine,
            )
            for seen in await covers_seen(session, asker, now)
        ]
    )


@post("/covers/{cover:uuid}/claims", summary="Take a seat that is to be covered", status_code=201)
async def take_over(
    request: Request[Any, Any, State],
    state: State,
    now: Now,
    cover: FromPath[UUID],
    data: JSONBody[ClaimBody | None] = None,
) -> Response[ClaimAnswer]:
    """Take it over; 202 where the host is another node that has not answered within 2 s."""
    async with door(state.engine) as session:
        asker = await recognise(session, request, now)
        if asker is None:
            raise SignInNeeded
        claim = await take_cover(session, asker, cover, now, worker=data.worker if data else None)
    return await answer_to_wish(state, claim)


@get("/covers/{cover:uuid}/text", summary="Words for your group")
async def words_for_group(
    session: Session, asker: Signed, now: Now, cover: FromPath[UUID], language: Language = "en"
) -> TextAnswer:
    """Give words to paste into a group; they name no place, pool or person."""
    seen = await cover_seen(session, asker, cover, now)
    spans = [(seen.shift.starts, seen.shift.ends)]
    return TextAnswer(group_text(spans, seen.shift.zone, language))


def _answer(cover: CoverRequest) -> CoverAnswer:
    return CoverAnswer(cover.id, cover.seat_id, cover.kind, cover.step, cover.state, cover.until)
