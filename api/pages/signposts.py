"""The services that a project refers people to: listed for all, kept by its coordinators."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State, UploadFile
from litestar.params import FromPath, MultipartBody, URLEncodedBody
from litestar.response import Redirect, Template

from api.errors import InvalidRequest
from api.pages.entries import day_entry, number_entry
from api.pages.forms import NoForm
from api.pages.rendering import page, way_back
from api.parts import Now, Session, Signed
from federation.permissions.rules import require_role
from protocols.signposts.actions import (
    add_signpost,
    change_signpost,
    checked_today,
    delete_signpost,
)
from protocols.signposts.importing import import_signposts
from protocols.signposts.queries import all_entries, entry_of, named_by, signpost_of
from protocols.signposts.rules.drafts import USUAL_CHECK_DAYS, SignpostDraft
from protocols.signposts.rules.entries import why_not_named
from protocols.signposts.rules.fates import FATES
from protocols.signposts.rules.lists import COLUMNS, Format

HERE = "/signposts"
FORMATS: dict[str, Format] = {"csv": "csv", "hsds": "hsds"}


class ServiceForm(msgspec.Struct):
    """What a coordinator enters; empty dates take what is usual."""

    name: str = ""
    services: str = ""
    opening: str = ""
    area: str = ""
    languages: str = ""
    phone: str = ""
    email: str = ""
    web: str = ""
    last_checked: str = ""
    check_every_days: str = ""
    expires: str = ""
    closed: str = ""


class ImportForm(msgspec.Struct):
    """A file, or what was read from one before, and whether to do what was told."""

    written_as: str = ""
    file: UploadFile | None = None
    content: str = ""
    do: str = "tell"


@get(HERE)
async def list_services(session: Session, asker: Signed, now: Now) -> Template:
    """List the services; those first that somebody has to look at."""
    entries = await all_entries(session, asker)
    today = now.date()
    named = await named_by(session, asker.project_id, [entry.id for entry in entries])
    return page(
        "signposts.html",
        asker=asker,
        ended=[
            (entry, why_not_named(entry, today)) for entry in entries if why_not_named(entry, today)
        ],
        due=[each for each in entries if each.check_by < today and not why_not_named(each, today)],
        entries=entries,
        named=named,
    )


@get("/signposts/new")
async def new_service(asker: Signed) -> Template:
    """Offer an empty form."""
    require_role(asker, "coordinator")
    return page("signpost.html", asker=asker, entry=None, why=None, usual_days=USUAL_CHECK_DAYS)


@post(HERE, status_code=303)
async def add(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[ServiceForm],
) -> Redirect:
    """List a service."""
    way_back(request, "/signposts/new")
    await add_signpost(session, asker, _draft(data), now)
    return Redirect(HERE, status_code=303)


@get("/signposts/{service:uuid}")
async def show_service(
    session: Session, asker: Signed, now: Now, service: FromPath[UUID]
) -> Template:
    """Show one service, to coordinators as a form."""
    entry = entry_of(await signpost_of(session, asker, service))
    return page(
        "signpost.html",
        asker=asker,
        entry=entry,
        why=why_not_named(entry, now.date()),
        usual_days=USUAL_CHECK_DAYS,
    )


@post("/signposts/{service:uuid}", status_code=303)
async def change(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    service: FromPath[UUID],
    data: URLEncodedBody[ServiceForm],
) -> Redirect:
    """Write down what is known of a service now."""
    way_back(request, f"/signposts/{service}")
    source = (await signpost_of(session, asker, service)).source_id
    await change_signpost(session, asker, service, _draft(data, source), now)
    return Redirect(HERE, status_code=303)


@post("/signposts/{service:uuid}/checked", status_code=303)
async def checked(
    session: Session, asker: Signed, now: Now, service: FromPath[UUID], data: URLEncodedBody[NoForm]
) -> Redirect:
    """Say that a service was checked today and is right."""
    del data
    await checked_today(session, asker, service, now)
    return Redirect(HERE, status_code=303)


@post("/signposts/{service:uuid}/delete", status_code=303)
async def remove(
    session: Session, asker: Signed, now: Now, service: FromPath[UUID], data: URLEncodedBody[NoForm]
) -> Redirect:
    """Take a service off the list."""
    del data
    await delete_signpost(session, asker, service, now)
    return Redirect(HERE, status_code=303)


@get("/signposts/import")
async def import_form(asker: Signed) -> Template:
    """Offer to take up a list."""
    require_role(asker, "coordinator")
    return page("signpost-import.html", asker=asker, fates=None, columns=COLUMNS, words=FATES)


@post("/signposts/import", status_code=200)
async def import_list(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: MultipartBody[ImportForm],
) -> Template:
    """Tell what each row would do, or do it."""
    way_back(request, "/signposts/import")
    if data.written_as not in FORMATS:
        raise InvalidRequest("written_as", "is csv or hsds.")
    content = await _content(data)
    done = data.do == "import"
    found = await import_signposts(
        session, asker, content, FORMATS[data.written_as], dry_run=not done, now=now
    )
    return page(
        "signpost-import.html",
        asker=asker,
        fates=found,
        columns=COLUMNS,
        words=FATES,
        done=done,
        content=content,
        written_as=data.written_as,
    )


async def _content(data: ImportForm) -> str:
    if data.content:
        return data.content
    if data.file is None or not data.file.filename:
        raise InvalidRequest("file", "is missing.")
    try:
        return (await data.file.read()).decode()
    except UnicodeDecodeError as error:
        raise InvalidRequest("file", "is not written in UTF-8.") from error


def _draft(form: ServiceForm, source_id: str | None = None) -> SignpostDraft:
    days = number_entry("check_every_days", form.check_every_days)
    return SignpostDraft(
        name=form.name,
        source_id=source_id,
        services=form.services,
        opening=form.opening,
        area=form.area,
        languages=form.languages.replace(",", " ").split(),
        phone=form.phone,
        email=form.email,
        web=form.web,
        last_checked=day_entry("last_checked", form.last_checked) if form.last_checked else None,
        check_every_days=USUAL_CHECK_DAYS if days is None else int(days),
        expires=day_entry("expires", form.expires) if form.expires else None,
        closed=form.closed == "yes",
    )
