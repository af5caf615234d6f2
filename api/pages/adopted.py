"""What a project says over a text: own parts and values, drafted by one, approved by another."""

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.buttons import Act, button
from api.pages.own_part_forms import PartForm, empty_part, part_as_sent, told_in
from api.pages.rendering import page, way_back
from api.pages.update_forms import services_for, values_sent
from api.parts import Now, Session, Signed
from api.routes.protocols import URN
from federation.errors import NotFound, Refusal
from federation.permissions.rules import Asker
from protocols.adapting.actions import drop_change, follow, give_values, remove_part, write_part
from protocols.adapting.approval.actions import approve_change, ask_approval, send_back
from protocols.adapting.errors import ChangeDiffers
from protocols.adapting.queries import Change, change_of
from protocols.adapting.rules.places import outcome, places
from protocols.adoption.actions import adopt
from protocols.desk.queries import owners_to_choose
from protocols.overlays.errors import PartsRefused
from protocols.overview.queries import MOST, texts_at_a_glance, texts_to_take_up

TEXT = "/adopted/{item:uuid}"
A_YEAR = timedelta(days=365)
Words = Annotated[str, QueryParameter(name="words", max_length=100)]
Query = Annotated[str, QueryParameter(max_length=50)]


class ModeForm(msgspec.Struct):
    """Whether newer versions are put forward."""

    mode: Literal["pinned", "tracking"]


class SeenForm(msgspec.Struct):
    """Which words and values were on the page when its button was pressed."""

    seen: str = ""


class SaidForm(msgspec.Struct):
    """What has to be mended."""

    said: str = ""


@get("/adopted")
async def list_adopted(session: Session, asker: Signed, now: Now) -> Template:
    """List every text that the project uses, and how far it differs from what others wrote."""
    lines = await texts_at_a_glance(session, asker, now)
    return page("adopted-list.html", asker=asker, lines=lines)


@get("/adopted/new")
async def list_to_take_up(session: Session, asker: Signed, words: Words = "") -> Template:
    """List what the project could use and does not, by words in its title."""
    texts = await texts_to_take_up(session, asker, words.strip())
    return page("adopted-new.html", asker=asker, texts=texts, words=words, most=MOST)


@get(TEXT)
async def show_adopted(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    item: FromPath[UUID],
) -> Template:
    """Show a partner's text beside what the project says there, and the next step."""
    way_back(request, "/protocols")
    change = await change_of(session, asker, f"{URN}{item}")
    coming = change.next
    return page(
        "adopted.html",
        asker=asker,
        item=item,
        change=change,
        manifest=coming.manifest,
        places=places(coming.manifest, coming.parts),
        outcome=outcome(
            change.reads,
            coming.manifest,
            coming.parts,
            coming.values,
        ),
        wrote=change.overlay is not None and asker.person_id in change.overlay.authors,
        names=dict(await owners_to_choose(session, asker)),
        services=await services_for(session, asker, coming.manifest),
    )


@get(f"{TEXT}/part")
async def show_part_form(
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    action: Query = "replace",
    block: Query = "",
    after: Query = "",
) -> Template:
    """Offer the form for one own part: filled with what is there, or with the partner's words."""
    change = await change_of(session, asker, f"{URN}{item}")
    form = empty_part(change.next, action, block, after, (now + A_YEAR).date())
    return await _editor(session, asker, item, change, form)


@post(f"{TEXT}/part", status_code=200)
async def keep_part(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
) -> Template | Redirect:
    """Keep one own part in the project's draft; what was typed is never lost."""
    way_back(request, f"/adopted/{item}")
    form = part_as_sent(await request.form())
    told = told_in(form)
    try:
        async with session.begin_nested():
            await write_part(session, asker, f"{URN}{item}", told, now)
    except PartsRefused as refusal:
        change = await change_of(session, asker, f"{URN}{item}")
        return await _editor(session, asker, item, change, form, refusal)
    return Redirect(f"/adopted/{item}#{told.after or told.block}", status_code=303)


@post(f"{TEXT}/parts/{{block:uuid}}/remove", status_code=303)
async def take_back_part(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    block: FromPath[UUID],
) -> Redirect:
    """Go back to what the partner's text says in one place."""
    back = way_back(request, f"/adopted/{item}")
    await remove_part(session, asker, f"{URN}{item}", block, now)
    return Redirect(back, status_code=303)


@post(f"{TEXT}/values", status_code=303)
async def keep_values(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
) -> Redirect:
    """Fill the gaps of a text with what is right in this project."""
    back = way_back(request, f"/adopted/{item}")
    sent = await request.form()
    await give_values(session, asker, f"{URN}{item}", values_sent(sent), now)
    return Redirect(back, status_code=303)


@post(f"{TEXT}/mode", status_code=303)
async def choose_mode(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    data: URLEncodedBody[ModeForm],
) -> Redirect:
    """Be told of newer versions, or keep this one until somebody looks for another."""
    back = way_back(request, f"/adopted/{item}")
    await follow(session, asker, f"{URN}{item}", data.mode, now)
    return Redirect(back, status_code=303)


@post(f"{TEXT}/approve", status_code=303)
async def approve_as_seen(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    data: URLEncodedBody[SeenForm],
) -> Redirect:
    """Make live exactly what was on the page."""
    back = way_back(request, f"/adopted/{item}")
    try:
        seen = bytes.fromhex(data.seen)
    except ValueError as error:
        raise ChangeDiffers from error
    await approve_change(session, asker, f"{URN}{item}", seen=seen, now=now)
    return Redirect(back, status_code=303)


@post(f"{TEXT}/send-back", status_code=303)
async def send_change_back(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    data: URLEncodedBody[SaidForm],
) -> Redirect:
    """Say what has to be mended first."""
    back = way_back(request, f"/adopted/{item}")
    await send_back(session, asker, f"{URN}{item}", sentence=data.said, now=now)
    return Redirect(back, status_code=303)


def _text_button(step: str, act: Act) -> HTTPRouteHandler:
    return button(f"/adopted/{{subject:uuid}}/{step}", act, lambda item, _: f"/adopted/{item}")


use_as_it_is = _text_button(
    "use", lambda session, asker, item, now: adopt(session, asker, urn=f"{URN}{item}", now=now)
)
ask_for_approval = _text_button(
    "ask", lambda session, asker, item, now: ask_approval(session, asker, f"{URN}{item}", now)
)
drop_draft = _text_button(
    "drop", lambda session, asker, item, now: drop_change(session, asker, f"{URN}{item}", now)
)


async def _editor(
    session: AsyncSession,
    asker: Asker,
    item: UUID,
    change: Change,
    form: PartForm,
    refusal: Refusal | None = None,
) -> Template:
    manifest = change.next.manifest
    place = next(
        (
            one
            for one in places(manifest, change.next.parts)
            if str(one.block or "") == (form.after if form.action == "add" else form.block)
        ),
        None,
    )
    if place is None:
        raise NotFound
    return page(
        "own-part.html",
        asker=asker,
        status_code=refusal.status if refusal else 200,
        item=item,
        form=form,
        place=place,
        refusal=refusal,
        manifest=manifest,
        languages=[
            manifest.source_language,
            *sorted(set(manifest.variants) - {manifest.source_language}),
        ],
        owners=await owners_to_choose(session, asker),
        only_added_to=place.locked or change.on_shifts,
    )
