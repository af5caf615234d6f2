"""Taking a seat and giving it back, at the worker's own node."""

import asyncio
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.datastructures import State
from litestar.params import FromPath, HeaderParameter, JSONBody

from api.answers import Answers
from api.claim_turns import own_turn
from api.errors import SignInNeeded
from api.login.recognition import recognise
from api.parts import Now, Session, Signed
from api.routes.pages_of import Page
from database.session import door
from federation.errors import Reason, Refusal
from rota.board.queries import own_claims
from rota.claims.errors import ClaimRefused, SeatTaken
from rota.claims.models import Claim
from rota.claims.queries import claim_acted_for
from rota.consent.queries import waits_for_consent
from rota.sign_up.actions import claim_seat, release_claim

ANSWER_WAIT_SECONDS = 2.0
STATUS = {"held": 201, "requested": 202, "proposed": 202}
"""Of a claim just made; one that has ended since, asked for again by its key, is 200."""
IdempotencyKey = Annotated[
    str | None, HeaderParameter(name="Idempotency-Key", max_length=200, min_length=1)
]


class ClaimBody(msgspec.Struct, forbid_unknown_fields=True):
    """For coordinators: the handle of the worker of their own project who takes the seat."""

    worker: str | None = None


class ReasonAnswer(msgspec.Struct, frozen=True):
    """Why a claim was refused."""

    code: str
    text: str


class ClaimAnswer(msgspec.Struct, frozen=True):
    """How a claim stands; a `requested` one is answered by its host until `answer_by`."""

    id: UUID
    seat: UUID
    state: str
    answer_by: datetime | None
    reasons: list[ReasonAnswer]


@post("/seats/{seat:uuid}/claims", summary="Take a seat", status_code=201)
async def take_seat(
    request: Request[Any, Any, State],
    state: State,
    now: Now,
    seat: FromPath[UUID],
    data: JSONBody[ClaimBody | None] = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[ClaimAnswer]:
    """Claim a seat; 202 where the host is another node that has not answered within 2 s."""
    worker = data.worker if data else None
    with own_turn(request.scope):
        async with door(state.engine) as session:
            asker = await recognise(session, request, now)
            if asker is None:
                raise SignInNeeded
            claim = await claim_seat(session, asker, seat, now, worker=worker, key=idempotency_key)
    return await answer_to_wish(state, claim)


async def answer_to_wish(state: State, claim: Claim) -> Response[ClaimAnswer]:
    """Say how a claim stands that was just made, waiting a little for another node's word."""
    answers: Answers = state.answers
    if claim.state == "requested":
        claim = await answered(state, answers, claim.id)
    if claim.state == "refused":
        raise refusal_of(claim)
    return Response(
        answer_of(claim),
        status_code=STATUS.get(claim.state, 200),
        headers={"Location": f"/api/v1/claims/{claim.id}"},
    )


def refusal_of(claim: Claim) -> Refusal:
    """Refuse in the words of the host as this node would in its own."""
    reasons = tuple(Reason(reason["code"], reason["text"]) for reason in claim.reasons)
    if [reason.code for reason in reasons] == [SeatTaken.code]:
        return SeatTaken()
    return ClaimRefused(reasons=reasons)


async def answered(state: State, answers: Answers, claim_id: UUID) -> Claim:
    """Wait a moment for the host's answer, with no transaction open meanwhile."""
    await answers.listen()
    with answers.waiting_for(claim_id) as answered:
        claim = await _read(state, claim_id)
        if claim.state == "requested" and not await _waits_for_consent(state, claim_id):
            try:
                await asyncio.wait_for(answered.wait(), ANSWER_WAIT_SECONDS)
            except TimeoutError:
                return claim
            claim = await _read(state, claim_id)
    return claim


async def _waits_for_consent(state: State, claim_id: UUID) -> bool:
    async with door(state.engine) as session:
        return await waits_for_consent(session, claim_id)


async def _read(state: State, claim_id: UUID) -> Claim:
    async with door(state.engine) as session:
        return await session.get_one(Claim, claim_id)


@get("/claims", summary="Your own claims that still stand")
async def list_claims(session: Session, asker: Signed, now: Now) -> Page[ClaimAnswer]:
    """List the asker's requested, proposed and held claims on shifts that have not ended."""
    return Page(items=[answer_of(claim) for claim in await own_claims(session, asker, now)])


@get("/claims/{claim:uuid}", summary="How a claim stands")
async def show_claim(session: Session, asker: Signed, claim: FromPath[UUID]) -> ClaimAnswer:
    """Show one's own claim, or one of one's project's people for a coordinator."""
    found, _ = await claim_acted_for(session, asker, claim)
    return answer_of(found)


@delete("/claims/{claim:uuid}", summary="Give a seat back", status_code=204)
async def give_back(session: Session, asker: Signed, now: Now, claim: FromPath[UUID]) -> None:
    """Release a held seat or withdraw a request."""
    await release_claim(session, asker, claim, now)


def answer_of(claim: Claim) -> ClaimAnswer:
    """Write down how a claim stands."""
    return ClaimAnswer(
        id=claim.id,
        seat=claim.seat_id,
        state=claim.state,
        answer_by=claim.answer_by if claim.state in {"requested", "proposed"} else None,
        reasons=[ReasonAnswer(reason["code"], reason["text"]) for reason in claim.reasons],
    )
