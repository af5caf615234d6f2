"""What may stand in a project's texts although the screen finds it, and why."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template

from api.languages.reading import own_clock
from api.pages.buttons import button
from api.pages.rendering import page, way_back
from api.parts import Now, Session, Signed
from federation.screen.rules import WORDS
from protocols.screening.actions import LONGEST_REASON, LONGEST_WORDS, allow_no_longer, allow_words
from protocols.screening.queries import allowed_in

PAGE = "/texts/allowed"


class AllowForm(msgspec.Struct):
    """Some words, why they may stand, and the text on whose page they were."""

    words: str = ""
    reason: str = ""
    item: str = ""


@get(PAGE)
async def show_allowed(session: Session, asker: Signed) -> Template:
    """List what is allowed, and offer to allow more."""
    return page(
        "texts-allowed.html",
        asker=asker,
        clock=own_clock(),
        allowed=await allowed_in(session, asker),
        kinds=WORDS,
        longest_reason=LONGEST_REASON,
        longest_words=LONGEST_WORDS,
    )


@post(PAGE, status_code=303)
async def allow(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[AllowForm],
) -> Redirect:
    """Let words stand, and go back to where they were met."""
    back = way_back(request, _back(data.item))
    await allow_words(session, asker, words=data.words, reason=data.reason, now=now)
    return Redirect(back, status_code=303)


end_allowed = button(f"{PAGE}/{{subject:uuid}}/end", allow_no_longer, lambda *_: PAGE)


def _back(item: str) -> str:
    try:
        return f"/texts/{UUID(item)}"
    except ValueError:
        return PAGE
