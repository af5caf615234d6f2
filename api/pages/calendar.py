"""The addresses of one's own calendars: each is shown once, with a code to scan."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import segno
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import InvalidRequest
from api.feeds.address import feed_url
from api.languages.reading import own_clock, translated
from api.pages.forms import NoForm
from api.pages.rendering import page, way_back, with_script
from api.parts import NodeSettings, Now, Session, Signed
from api.settings import Settings
from federation.permissions.rules import Asker
from federation.pools.queries import pools_of
from rota.calendar.actions import (
    MadeAddress,
    add_address,
    revoke_address,
    reword_address,
    rotate_address,
)
from rota.calendar.feeds.glances import glance_at
from rota.calendar.queries import address_of, addresses_of
from rota.calendar.rules.wanted import OPEN_SEATS, POOL, ROTA, Wording

HERE = "/calendar"
DIGITS = re.compile(r"[0-9]{1,4}", re.ASCII)


class AddressForm(msgspec.Struct):
    """What an address shows, for which device, and what others read there."""

    shows: str = ROTA
    label: str = ""
    name: str = ""
    title: str = ""
    level: str = "title"
    alarm: str = ""
    weeks: str = "6"


def _wording(form: AddressForm) -> Wording:
    alarm = _number("alarm", form.alarm) if form.alarm else None
    weeks = _number("weeks", form.weeks)
    return Wording(form.label, form.name, form.title, form.level, alarm, weeks)


def _number(field: str, text: str) -> int:
    if not DIGITS.fullmatch(text):
        raise InvalidRequest(field, "must be one of the choices.")
    return int(text)


@get(HERE)
async def my_calendar(session: Session, asker: Signed) -> Template:
    """List the asker's addresses, explain what an address is and offer to make one."""
    return page(
        "calendar.html",
        asker=asker,
        clock=own_clock(),
        addresses=await addresses_of(session, asker.person_id),
        choices=await _choices(session, asker),
    )


async def _choices(session: Session, asker: Asker) -> list[tuple[str, str]]:
    """Name what the asker's roles let an address show."""
    choices = [(ROTA, translated("My own shifts"))]
    if asker.has("worker", "supervisor"):
        choices.append((OPEN_SEATS, translated("Seats that I could take")))
    if asker.has("coordinator"):
        pools = await pools_of(session, asker)
        choices += [
            (f"{POOL}:{pool.slug}", translated("All sessions of %(pool)s", pool=pool.name))
            for pool in pools
        ]
    return choices


@post(HERE, status_code=200)
async def new_calendar(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[AddressForm],
) -> Template:
    """Make an address and show it once; nothing keeps it in clear."""
    way_back(request, HERE)
    shows, _, pool = data.shows.partition(":")
    made = await add_address(session, asker, _wording(data), now, shows=shows, pool=pool or None)
    return await _shown_once(session, asker, made, settings, now)


@post("/calendar/{address:uuid}/rotate", status_code=200)
async def rotate_calendar(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    address: FromPath[UUID],
    data: URLEncodedBody[NoForm],
) -> Template:
    """Replace an address that others may have seen, and show the new one once."""
    del data
    way_back(request, HERE)
    made = await rotate_address(session, asker.person_id, address, now)
    return await _shown_once(session, asker, made, settings, now)


@get("/calendar/{address:uuid}/preview")
async def preview_calendar(
    session: Session, asker: Signed, now: Now, address: FromPath[UUID]
) -> Template:
    """Show what somebody reads who looks over the asker's shoulder at a device."""
    own = await address_of(session, asker.person_id, address)
    seen = await _seen(session, asker, address, now)
    return page("calendar-preview.html", asker=asker, address=own, **seen)


@post("/calendar/{address:uuid}/words", status_code=303)
async def reword_calendar(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    address: FromPath[UUID],
    data: URLEncodedBody[AddressForm],
) -> Redirect:
    """Change what others read on a device."""
    back = way_back(request, HERE)
    wording = _wording(data)
    changes = {name: getattr(wording, name) for name in Wording.__slots__}
    await reword_address(session, asker, address, changes, now)
    return Redirect(back, status_code=303)


@post("/calendar/{address:uuid}/stop", status_code=303)
async def stop_calendar(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    address: FromPath[UUID],
    data: URLEncodedBody[NoForm],
) -> Redirect:
    """Stop an address at once."""
    del data
    back = way_back(request, HERE)
    await revoke_address(session, asker.person_id, address, now)
    return Redirect(back, status_code=303)


async def _shown_once(
    session: AsyncSession, asker: Asker, made: MadeAddress, settings: Settings, now: datetime
) -> Template:
    """Show a new address with the ways in which programs take it; none puts it into a link.

    But for one, which only the device itself opens: to other programs than Apple's it may mean
    that they ask without TLS.
    """
    url = feed_url(settings.base_url, made.secret)
    opened = f"webcal://{url.partition('://')[2]}"
    seen = await _seen(session, asker, made.id, now)
    shown = page(
        "calendar-address.html",
        asker=asker,
        url=url,
        qr=_code(url),
        subscribed=opened,
        qr_to_open=_code(opened),
        **seen,
    )
    return with_script(shown)


def _code(text: str) -> str:
    return str(segno.make(text).svg_data_uri(scale=5, dark="#000", light="#fff"))


async def _seen(
    session: AsyncSession, asker: Asker, address_id: UUID, now: datetime
) -> dict[str, Any]:
    clock = own_clock()
    seen, example = await glance_at(session, asker.person_id, address_id, now)
    return {
        "seen": seen,
        "example": example,
        "clock": clock,
        "today": now.astimezone(clock).date(),
    }
