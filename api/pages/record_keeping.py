"""What a project records, for how long single records are kept, and what was deleted by itself."""

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import URLEncodedBody
from litestar.response import Redirect, Template

from api.errors import InvalidRequest
from api.languages.reading import own_clock
from api.pages.entries import number_entry
from api.pages.rendering import page, way_back
from api.parts import Now, Session, Signed
from rota.record_erasing.actions import erase_own_records
from rota.record_keeping.actions import deletions_of, keeping_of, set_keeping, usual_keeping
from rota.record_keeping.rules import MOST_DAYS, Settings

HERE = "/records/settings"


class KeepingForm(msgspec.Struct):
    """The settings as a form sends them: a box that is not ticked is not sent at all."""

    keep_days: str = ""
    areas: str = ""
    places: str = ""
    asks_gender: str = ""
    asks_nationality: str = ""
    keeps_notes: str = ""


class EraseForm(msgspec.Struct):
    """The project's short name, typed by whoever erases its records."""

    project: str = ""


@get(HERE)
async def show(session: Session, asker: Signed) -> Template:
    """Show coordinators what their project records, and what was deleted since."""
    return page(
        "record-settings.html",
        asker=asker,
        settings=await keeping_of(session, asker),
        usual=await usual_keeping(session, asker),
        deletions=await deletions_of(session, asker),
        clock=own_clock(),
        most_days=MOST_DAYS,
    )


@post(HERE, status_code=303)
async def change(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[KeepingForm],
) -> Redirect:
    """Say what is recorded, and for how long single records are kept."""
    back = way_back(request, HERE)
    await set_keeping(session, asker, _settings(data), now, places=data.places == "yes")
    return Redirect(back, status_code=303)


@post("/records/erase", status_code=303)
async def erase(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[EraseForm],
) -> Redirect:
    """Erase all that the project has counted."""
    back = way_back(request, HERE)
    await erase_own_records(session, asker, data.project, now)
    return Redirect(back, status_code=303)


def _settings(form: KeepingForm) -> Settings:
    days = number_entry("keep_days", form.keep_days)
    if days is None or days != int(days):
        raise InvalidRequest("keep_days", "is not a number of days.")
    areas = (line.strip() for line in form.areas.splitlines())
    return Settings(
        keep_days=int(days),
        areas=tuple(area for area in areas if area),
        asks_gender=form.asks_gender == "yes",
        asks_nationality=form.asks_nationality == "yes",
        keeps_notes=form.keeps_notes == "yes",
    )
