"""People who have left, for programs of their project's coordinators."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from api.routes.pages_of import Page
from federation.erasing.queries import Leaver, leavers
from rota.erasing.actions import erase_leaver


class EraseBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One of the person's handles, to be sure; or their name, where they had none."""

    handle: Annotated[str, msgspec.Meta(max_length=200)]


class AskedAnswer(msgspec.Struct, frozen=True):
    """A partner that was asked to erase as well; `confirmed_at` is null until it says it did."""

    node: str
    name: str
    asked_at: datetime
    confirmed_at: datetime | None


class LeaverAnswer(msgspec.Struct, frozen=True):
    """Somebody who has left; once they are erased there is no name and no handle any more."""

    id: UUID
    name: str | None
    handles: list[str]
    left_at: datetime
    erased_at: datetime | None
    asked: list[AskedAnswer]


@get("/people/left", summary="Who has left your project, and who of them is erased")
async def list_leavers(session: Session, asker: Signed) -> Page[LeaverAnswer]:
    """List the last two hundred for coordinators, those who are not erased first."""
    return Page([_answer(one) for one in await leavers(session, asker)])


@post("/people/{person:uuid}/erasure", summary="Erase who somebody was", status_code=200)
async def erase(
    session: Session,
    asker: Signed,
    now: Now,
    person: FromPath[UUID],
    data: JSONBody[EraseBody],
) -> LeaverAnswer:
    """Erase somebody who has left, here and at partners. It cannot be undone; twice is as once."""
    await erase_leaver(session, asker, person, data.handle, now)
    [erased] = await leavers(session, asker, person_id=person)
    return _answer(erased)


def _answer(one: Leaver) -> LeaverAnswer:
    asked = [
        AskedAnswer(each.node_id, each.name, each.asked_at, each.confirmed_at) for each in one.asked
    ]
    return LeaverAnswer(one.id, one.name, one.handles, one.left_at, one.erased_at, asked)
