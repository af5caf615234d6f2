"""Withdrawing a text, who keeps to it, and what has to be taken out of other tools by hand."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, QueryParameter, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import CHARACTERS, CHARACTERS_AT_MOST, InvalidRequest
from api.languages.reading import own_clock
from api.pages.rendering import page, way_back
from api.parts import Now, Session, Signed
from api.routes.protocols import URN
from api.routes.texts import signing
from federation.permissions.rules import Asker
from protocols.confirmations.queries import recalls_stated
from protocols.exports.actions import tick_off
from protocols.exports.queries import withdrawn_exports
from protocols.recalls.actions import recall, recall_item
from protocols.recalls.queries import Withdrawable, own_releases, own_texts

HERE = "/recalls"
LONGEST_REASON, LONGEST_TEXT = 2000, 20_000
ALL = "all"
Release = Annotated[str, QueryParameter(name="release", max_length=30)]


@get(HERE)
async def show_recalls(session: Session, asker: Signed) -> Template:
    """Show a coordinator the project's recalls, with who has not confirmed them."""
    clock = own_clock()
    return page(
        "recalls.html",
        asker=asker,
        recalls=await recalls_stated(session, asker),
        exports=await withdrawn_exports(session, asker),
        texts=await own_texts(session, asker),
        clock=clock,
        local=lambda at: at.astimezone(clock),
    )


@get("/recalls/{item:uuid}")
async def recall_form(
    session: Session, asker: Signed, item: FromPath[UUID], release: Release = ""
) -> Template:
    """Offer what can be withdrawn of one text: a release, a part of it, or all of it."""
    releases = await own_releases(session, asker, f"{URN}{item}")
    chosen = next((one for one in releases if one.manifest.number == release), releases[0])
    return page(
        "recall.html",
        asker=asker,
        item=item,
        releases=releases,
        chosen=chosen,
        clock=own_clock(),
        earlier=_earlier(releases, chosen),
        languages=[chosen.manifest.source_language, *_translations(chosen)],
        longest_reason=LONGEST_REASON,
        longest_text=LONGEST_TEXT,
    )


@post("/recalls/{item:uuid}", status_code=303)
async def withdraw_text(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    state: State,
    item: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
) -> Redirect:
    """Withdraw what was chosen; partners hear of it before all else."""
    way_back(request, f"{HERE}/{item}")
    reason = data.get("reason", "").strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise InvalidRequest("reason", CHARACTERS % {"number": LONGEST_REASON})
    texts = await _texts(session, asker, item, data)
    what, urn, sign = data.get("what", ""), f"{URN}{item}", signing(state)
    if what == ALL:
        await recall_item(
            session, asker, urn=urn, reason=reason, holds_texts=texts, sign=sign, now=now
        )
        return Redirect(HERE, status_code=303)
    await recall(
        session,
        asker,
        urn=urn,
        number=data.get("number", ""),
        reason=reason,
        block=_part(what),
        holds_number=data.get("holds") or None,
        holds_texts=texts,
        sign=sign,
        now=now,
    )
    return Redirect(HERE, status_code=303)


@post("/recalls/exports/{export:uuid}/{item:uuid}/removed", status_code=303)
async def removed_there(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    export: FromPath[UUID],
    item: FromPath[UUID],
) -> Redirect:
    """Tick off that an answer is gone from the tool that it was carried into."""
    back = way_back(request, HERE)
    await tick_off(session, asker, export, f"{URN}{item}", now)
    return Redirect(back, status_code=303)


async def _texts(
    session: AsyncSession, asker: Asker, item: UUID, data: dict[str, str]
) -> dict[str, str]:
    """Read what holds meanwhile, in the languages that the text has."""
    releases = await own_releases(session, asker, f"{URN}{item}")
    languages = {tag for one in releases for tag in one.manifest.variants}
    said = {tag: data.get(f"text-{tag}", "").replace("\r\n", "\n") for tag in languages}
    if any(len(text) > LONGEST_TEXT for text in said.values()):
        raise InvalidRequest("text", CHARACTERS_AT_MOST % {"number": LONGEST_TEXT})
    return said


def _part(what: str) -> UUID | None:
    if not what:
        return None
    try:
        return UUID(what)
    except ValueError as error:
        raise InvalidRequest("what", "is no part of this text.") from error


def _earlier(releases: list[Withdrawable], chosen: Withdrawable) -> list[Withdrawable]:
    before = [one for one in releases if one.manifest.sequence < chosen.manifest.sequence]
    return [one for one in before if not one.withdrawn]


def _translations(chosen: Withdrawable) -> list[str]:
    manifest = chosen.manifest
    return sorted(tag for tag in manifest.variants if tag != manifest.source_language)
