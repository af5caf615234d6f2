"""Beginning a text of the project's own from one that another has written."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from api.pages.rendering import way_back
from api.parts import Now, Session, Signed
from api.routes.protocols import URN
from protocols.drafting.deriving import derive_text


class FromForm(msgspec.Struct):
    """Which release was on the page."""

    number: str = ""


@post("/protocols/{item:uuid}/derive", status_code=303)
async def begin_from_release(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    data: URLEncodedBody[FromForm],
) -> Redirect:
    """Copy what is on the page as a draft, and lead on to where it is written."""
    way_back(request, f"/protocols/{item}")
    made = await derive_text(session, asker, f"{URN}{item}", data.number, now)
    return Redirect(f"/texts/{made.id}/edit", status_code=303)
