"""What may stand in a project's texts although the screen finds it, and why: for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from api.routes.pages_of import Page
from protocols.screening.actions import LONGEST_REASON, LONGEST_WORDS, allow_no_longer, allow_words
from protocols.screening.queries import allowed_in


class AllowBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Some words, such as a helpline's number, and why they may stand in your texts."""

    words: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_WORDS)]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_REASON)]


class AllowedAnswer(msgspec.Struct, frozen=True):
    """What is allowed, and why; the words are kept as a hash only."""

    id: UUID
    kind: str
    reason: str
    allowed_at: datetime


@get("/allowed-findings", tags=["texts"], summary="What may stand in your texts")
async def list_allowed(session: Session, asker: Signed) -> Page[AllowedAnswer]:
    """List it, the newest first."""
    return Page(
        [
            AllowedAnswer(one.id, one.kind, one.reason, one.at)
            for one in await allowed_in(session, asker)
        ]
    )


@post(
    "/allowed-findings",
    tags=["texts"],
    summary="Let words stand in your texts",
    status_code=204,
)
async def allow(session: Session, asker: Signed, now: Now, data: JSONBody[AllowBody]) -> None:
    """Say why words in which the screen finds something may stand, in all texts of the project."""
    await allow_words(session, asker, words=data.words, reason=data.reason, now=now)


@delete("/allowed-findings/{allowed:uuid}", tags=["texts"], summary="Let them stand no longer")
async def allow_not(session: Session, asker: Signed, now: Now, allowed: FromPath[UUID]) -> None:
    """Hold these words back again; what is released already stays as it is."""
    await allow_no_longer(session, asker, allowed, now)
