"""A newer version set beside what a project has: base, theirs and ours, part by part."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.rendering import page, way_back
from api.pages.update_forms import UpdateForm, decisions_in, services_for, update_as_sent
from api.parts import Now, Session, Signed
from api.routes.protocols import URN
from federation.errors import Refusal
from federation.permissions.rules import Asker
from protocols.adapting.actions import take_version
from protocols.adapting.errors import StaleTranslations
from protocols.adapting.queries import comparison
from protocols.adapting.rules.updates import update_sheet
from protocols.adoption.errors import ValuesMissing
from protocols.overlays.errors import DoesNotFit, PartsRefused, Undecided
from protocols.releases.rules import read_manifest

UPDATE = "/adopted/{item:uuid}/update"
MENDABLE = (Undecided, StaleTranslations, PartsRefused, DoesNotFit, ValuesMissing)
Number = Annotated[str, QueryParameter(name="number", max_length=30)]


@get(UPDATE)
async def compare_update(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    item: FromPath[UUID],
    number: Number = "",
) -> Template:
    """Show what was, what they say now and what the project says, and ask where both changed."""
    way_back(request, f"/adopted/{item}")
    return await _sheet(session, asker, item, UpdateForm(number=number))


@post(UPDATE, status_code=200)
async def take_update(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
) -> Template | Redirect:
    """Bring the project's own parts over the newer version, in a draft."""
    back = way_back(request, f"/adopted/{item}")
    form = update_as_sent(await request.form())
    decisions = decisions_in(form)
    try:
        async with session.begin_nested():
            await take_version(
                session,
                asker,
                f"{URN}{item}",
                number=form.number,
                decisions=decisions,
                stale_seen=form.stale_seen,
                values=form.values,
                now=now,
            )
    except MENDABLE as refusal:
        return await _sheet(session, asker, item, form, refusal)
    return Redirect(back, status_code=303)


async def _sheet(
    session: AsyncSession,
    asker: Asker,
    item: UUID,
    form: UpdateForm,
    refusal: Refusal | None = None,
) -> Template:
    change, release, steps = await comparison(session, asker, f"{URN}{item}", form.number or None)
    coming = change.next
    theirs = read_manifest(release.manifest)
    sheet = update_sheet(coming.manifest, coming.parts, coming.values, theirs, steps)
    return page(
        "adopted-update.html",
        asker=asker,
        status_code=refusal.status if refusal else 200,
        item=item,
        change=change,
        sheet=sheet,
        form=form,
        refusal=refusal,
        services=await services_for(session, asker, theirs),
    )
