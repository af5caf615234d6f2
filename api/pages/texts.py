"""The writers' desk: texts that the project writes, from the first word to the release."""

from datetime import timedelta
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.fact_words import ASKED
from api.pages.rendering import page
from api.pages.text_forms import TextForm, draft_of, empty_form, form_of, read_form, version_of
from api.parts import Now, Session, Signed
from federation.errors import Refusal
from federation.permissions.rules import Asker, require_role
from federation.projects.queries import project
from protocols.desk.queries import owners_to_choose, texts_on_desk
from protocols.items.actions import AUTHORS, draft_item, revise_item
from protocols.items.errors import ChangedSinceSeen, DraftRefused
from protocols.items.queries import item_of, written_of
from protocols.items.rules.drafts import ProtocolKind
from protocols.items.rules.states import MEANING, NEXT

TEXT = "/texts/{item:uuid}"
A_YEAR = timedelta(days=365)
Kind = Annotated[Literal["protocol", "answer"], QueryParameter(name="kind")]
STATES = {
    "draft": "Draft",
    "in-review": "In review",
    "approved": "Approved",
    "released": "Released",
}
LIMITS = {
    "reply-only": "In a reply to somebody who has written first",
    "public-post": "In a public post",
    "with-recorded-consent": "To somebody whose consent is recorded",
}
KINDS = get_args(ProtocolKind)


@get("/texts")
async def desk(session: Session, asker: Signed, now: Now) -> Template:
    """List what the project writes: what waits for the asker first."""
    lines = await texts_on_desk(session, asker, now)
    return page("texts.html", asker=asker, lines=lines, states=STATES, next_step=NEXT)


@get("/texts/new")
async def new_text(session: Session, asker: Signed, now: Now, kind: Kind = "protocol") -> Template:
    """Offer an empty form."""
    require_role(asker, *AUTHORS)
    ours = await project(session, asker.project_id)
    form = empty_form(kind, ours.languages[0], ours.jurisdiction, (now + A_YEAR).date())
    return await _editor(session, asker, form, None)


@post("/texts/new", status_code=200)
async def begin_text(
    request: Request[Any, Any, State], session: Session, asker: Signed, now: Now
) -> Template | Redirect:
    """Keep the first draft, or change the form by one row."""
    require_role(asker, *AUTHORS)
    sent = await request.form()
    form = read_form(sent)
    asked = str(sent.get("do") or "save")
    if asked != "save":
        form.change(asked)
        return await _editor(session, asker, form, None)
    try:
        async with session.begin_nested():
            item = await draft_item(session, asker, draft_of(form), now)
            item_id = item.id
    except DraftRefused as refusal:
        return await _editor(session, asker, form, None, refusal)
    return Redirect(f"/texts/{item_id}", status_code=303)


@get(f"{TEXT}/edit")
async def edit_text(session: Session, asker: Signed, item: FromPath[UUID]) -> Template:
    """Offer a text as it stands, to be written on."""
    require_role(asker, *AUTHORS)
    found = await item_of(session, asker, item)
    form = form_of(await written_of(session, found), found.version, found.owner_id)
    return await _editor(session, asker, form, item)


@post(f"{TEXT}/edit", status_code=200)
async def save_text(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
) -> Template | Redirect:
    """Keep a new version, or change the form by one row; what was typed is never lost."""
    require_role(asker, *AUTHORS)
    found = await item_of(session, asker, item)
    newest = found.version
    sent = await request.form()
    form = read_form(sent)
    asked = str(sent.get("do") or "save")
    if asked != "save":
        form.change(asked)
        return await _editor(session, asker, form, item)
    try:
        async with session.begin_nested():
            await revise_item(session, asker, item, draft_of(form), now, seen=version_of(form))
    except ChangedSinceSeen as refusal:
        form.facts["version"] = str(newest)
        return await _editor(session, asker, form, item, refusal)
    except DraftRefused as refusal:
        return await _editor(session, asker, form, item, refusal)
    return Redirect(f"/texts/{item}", status_code=303)


async def _editor(
    session: AsyncSession,
    asker: Asker,
    form: TextForm,
    item: UUID | None,
    refusal: Refusal | None = None,
) -> Template:
    return page(
        "text-edit.html",
        asker=asker,
        status_code=refusal.status if refusal else 200,
        form=form,
        item=item,
        refusal=refusal,
        owners=await owners_to_choose(session, asker),
        kinds=KINDS,
        limits=LIMITS,
        meaning=MEANING,
        asked=ASKED,
    )
