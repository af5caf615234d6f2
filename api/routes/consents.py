"""The yes or no of a coordinator, where a pool wants it before a claim counts."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from api.routes.claims import ClaimAnswer, answer_of
from api.routes.pages_of import Page
from rota.consent.actions import give_consent, refuse_consent
from rota.consent.queries import consents_wanted


class ConsentAnswer(msgspec.Struct, frozen=True):
    """A claim of one of your project's people that waits for your yes until `until`."""

    claim: UUID
    worker: str
    seat: UUID
    role: str
    channel: str
    start: datetime
    end: datetime
    until: datetime


class ConsentBody(msgspec.Struct, forbid_unknown_fields=True):
    """Yes, or no with the reason that the worker reads."""

    yes: bool
    reason: str = ""


@get("/consents", summary="Claims that wait for your yes")
async def list_consents(session: Session, asker: Signed, now: Now) -> Page[ConsentAnswer]:
    """List what waits in the asker's own project, for its coordinators."""
    return Page(
        items=[
            ConsentAnswer(
                seen.consent.claim_id,
                seen.handle,
                seen.seat.id,
                seen.seat.role,
                seen.channel.slug,
                seen.shift.starts,
                seen.shift.ends,
                seen.consent.until,
            )
            for seen in await consents_wanted(session, asker, now)
        ]
    )


@post("/claims/{claim:uuid}/consent", summary="Say yes or no to a claim", status_code=200)
async def decide(
    session: Session, asker: Signed, now: Now, claim: FromPath[UUID], data: JSONBody[ConsentBody]
) -> ClaimAnswer:
    """Let a claim count, or end it; the answer is the claim as it stands then."""
    if data.yes:
        return answer_of(await give_consent(session, asker, claim, now))
    return answer_of(await refuse_consent(session, asker, claim, data.reason, now))
