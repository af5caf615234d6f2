"""Where a text stands: what it changes, what was said about it, and each step to its release."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.errors import InvalidRequest
from api.languages.reading import own_clock
from api.pages.buttons import button
from api.pages.rendering import page, way_back
from api.pages.texts import LIMITS, STATES
from api.parts import Now, Session, Signed
from api.routes.texts import signing
from protocols.comments.actions import (
    ask_for_changes,
    comment_on,
    erase_comment,
    reopen_comment,
    resolve_comment,
)
from protocols.comments.rules import Comment
from protocols.desk.queries import text_on_desk
from protocols.items.actions import approve, ask_for_review
from protocols.items.rules.states import MEANING, NEXT
from protocols.lived_reviews.actions import attest_lived_review, erase_lived_reviewer
from protocols.readability.rules.measure import readings_of
from protocols.releases.actions import release

TEXT = "/texts/{item:uuid}"
SETTLED = {"resolve": resolve_comment, "reopen": reopen_comment, "erase": erase_comment}


class SeenForm(msgspec.Struct):
    """Which version was on the page when its button was pressed."""

    version: int = 0


class ReleaseForm(msgspec.Struct):
    """Whether those who have a seat have to have read it at once, or within the pool's days."""

    at_once: str = ""


class SaidForm(msgspec.Struct):
    """A remark, on one part where it names a block."""

    said: str = ""
    block: str = ""


class WhoForm(msgspec.Struct):
    """Who it was, if anybody needs to know."""

    who: str = ""


class StepForm(msgspec.Struct):
    """What is done with a comment, and on which page."""

    do: str = ""
    item: str = ""


@get(TEXT)
async def show_text(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
) -> Template:
    """Show where a text stands, what it changes, what was said about it, and the next step."""
    way_back(request, "/texts")
    found = await text_on_desk(session, asker, item, now)
    said_at: dict[str, list[Comment]] = {one.block: [] for one in found.differences.blocks}
    said_elsewhere: list[Comment] = []
    for comment in found.comments:
        said_at.get(str(comment.block), said_elsewhere).append(comment)
    return page(
        "text.html",
        asker=asker,
        desk=found,
        clock=own_clock(),
        said_at=said_at,
        said_elsewhere=said_elsewhere,
        states=STATES,
        next_step=NEXT,
        meaning=MEANING,
        limits=LIMITS,
        readings=readings_of(found.written),
    )


ask_review = button(
    "/texts/{subject:uuid}/review", ask_for_review, lambda item, _: f"/texts/{item}"
)


@post(f"{TEXT}/changes", status_code=303)
async def ask_changes(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    data: URLEncodedBody[SaidForm],
) -> Redirect:
    """Hand the text back to its author, and say why."""
    back = way_back(request, f"/texts/{item}")
    await ask_for_changes(session, asker, item, said=data.said, now=now)
    return Redirect(back, status_code=303)


@post(f"{TEXT}/approve", status_code=303)
async def approve_text(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    data: URLEncodedBody[SeenForm],
) -> Redirect:
    """Approve the version that was on the page."""
    back = way_back(request, f"/texts/{item}")
    await approve(session, asker, item, now, seen=data.version)
    return Redirect(back, status_code=303)


@post(f"{TEXT}/release", status_code=303)
async def release_text(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    state: State,
    item: FromPath[UUID],
    data: URLEncodedBody[ReleaseForm],
) -> Redirect:
    """Publish what was approved, for ever."""
    back = way_back(request, f"/texts/{item}")
    days = 0 if data.at_once else None
    await release(session, asker, item, reading_days=days, sign=signing(state), now=now)
    return Redirect(back, status_code=303)


@post(f"{TEXT}/comments", status_code=303)
async def add_comment(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    data: URLEncodedBody[SaidForm],
) -> Redirect:
    """Say something about a text or one part of it."""
    back = way_back(request, f"/texts/{item}")
    try:
        block = UUID(data.block) if data.block else None
    except ValueError as error:
        raise InvalidRequest("block", "is no part of a text.") from error
    await comment_on(session, asker, item, said=data.said, block=block, now=now)
    return Redirect(f"{back}#comments", status_code=303)


@post(f"{TEXT}/comments/{{comment:uuid}}", status_code=303)
async def settle_comment(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    comment: FromPath[UUID],
    data: URLEncodedBody[StepForm],
) -> Redirect:
    """Resolve, reopen or erase a comment."""
    back = way_back(request, f"/texts/{item}")
    if data.do not in SETTLED:
        raise InvalidRequest("do", f"must be one of {', '.join(SETTLED)}.")
    await SETTLED[data.do](session, asker, comment, now)
    return Redirect(f"{back}#comments", status_code=303)


@post(f"{TEXT}/lived-reviews", status_code=303)
async def attest_review(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    data: URLEncodedBody[WhoForm],
) -> Redirect:
    """State that somebody with lived experience has reviewed these words."""
    back = way_back(request, f"/texts/{item}")
    await attest_lived_review(session, asker, item, who=data.who, now=now)
    return Redirect(back, status_code=303)


@post(f"{TEXT}/lived-reviews/{{review:uuid}}/forget", status_code=303)
async def forget_reviewer(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    review: FromPath[UUID],
) -> Redirect:
    """Forget who it was."""
    back = way_back(request, f"/texts/{item}")
    await erase_lived_reviewer(session, asker, review, now)
    return Redirect(back, status_code=303)
