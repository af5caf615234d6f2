"""People who have left, for their project's coordinators: who is erased, and who is not yet."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.languages.reading import own_clock
from api.pages.rendering import page, way_back
from api.parts import Now, Session, Signed
from federation.erasing.queries import leavers
from rota.erasing.actions import erase_leaver

HERE = "/people/left"


class EraseForm(msgspec.Struct):
    """A handle of whoever is erased, typed."""

    handle: str = ""


@get(HERE)
async def show(session: Session, asker: Signed) -> Template:
    """Show who has left, what erasing them does, and which partners have not confirmed it."""
    found = await leavers(session, asker)
    return page(
        "leavers.html",
        asker=asker,
        left=[one for one in found if one.erased_at is None],
        erased=[one for one in found if one.erased_at is not None],
        clock=own_clock(),
    )


@post("/people/{person:uuid}/erase", status_code=303)
async def erase(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    person: FromPath[UUID],
    data: URLEncodedBody[EraseForm],
) -> Redirect:
    """Erase who somebody was."""
    back = way_back(request, HERE)
    await erase_leaver(session, asker, person, data.handle, now)
    return Redirect(back, status_code=303)
