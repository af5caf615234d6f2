"""In which language somebody reads: chosen on any page, kept with what they wish about notices."""

import re
from typing import Any

import msgspec
from litestar import Request, post
from litestar.datastructures import State
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from api.pages.rendering import way_back
from api.parts import Now, Session, Signed
from federation.notices.preferences.actions import choose_language

A_PAGE_OF_OURS = re.compile(r"/(?![/\\])[A-Za-z0-9/_.?&=%-]*")
"""Never another site: two slashes, or one and a backslash, would lead there."""


class LanguageForm(msgspec.Struct):
    """A language, and the page to return to."""

    language: str = ""
    back: str = "/"


@post("/language", status_code=303)
async def choose(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[LanguageForm],
) -> Redirect:
    """Keep the language, and show the same page in it."""
    back = way_back(request, data.back if A_PAGE_OF_OURS.fullmatch(data.back) else "/")
    await choose_language(session, asker, data.language, now)
    return Redirect(back, status_code=303)
