"""How somebody is told of changes: by mail, by push, when, and in which words."""

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.errors import InvalidRequest
from api.notices.words import notice_keys, shown, time_of_day
from api.observation import WITH_SCRIPT
from api.pages.buttons import button
from api.pages.forms import NoForm
from api.pages.rendering import page, way_back
from api.parts import NodeSettings, Now, Session, Signed
from federation.errors import NotFound
from federation.notices.addresses.actions import enter_address, take_back_addresses
from federation.notices.addresses.queries import own_addresses, people_mail_does_not_reach
from federation.notices.devices.actions import add_device, remove_device
from federation.notices.devices.queries import own_devices
from federation.notices.devices.rules import Subscription
from federation.notices.messages.actions import wish_channel, wish_words_and_clock
from federation.notices.preferences.queries import preferences_of
from federation.notices.preferences.rules import Wish

HERE = "/notices"
WITH_PUSH = f"{WITH_SCRIPT}; worker-src 'self'; manifest-src 'self'"
"""This page alone has a script, which asks the browser for its push address."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class WordsForm(msgspec.Struct):
    """Language, zone, and whether to be reminded; empty means as the project has it."""

    language: str = ""
    zone: str = ""
    reminders: str = ""
    reminder_at: str = "18:00"


class WhenForm(msgspec.Struct):
    """When a channel may speak; a box that is not ticked is not sent."""

    rhythm: str
    quiet_from: str
    quiet_until: str
    urgent: str = ""
    digest_at: str = "09:00"
    digest_weekday: str = "0"


class MailForm(msgspec.Struct):
    """An address to write to."""

    address: str


class DeviceForm(msgspec.Struct):
    """What a browser's script has filled in."""

    label: str
    endpoint: str
    p256dh: str
    auth: str


@get(HERE)
async def my_notices(
    session: Session, asker: Signed, settings: NodeSettings, state: State, now: Now
) -> Template:
    """Show what somebody has chosen, their address and their devices."""
    chosen = await preferences_of(session, asker.person_id)
    if chosen is None:
        raise NotFound
    coordinates = asker.has("coordinator")
    answer = page(
        "notices.html",
        asker=asker,
        chosen=chosen,
        clock=chosen.clock,
        mail=await own_addresses(session, asker, now),
        mail_is_sent=bool(settings.smtp_host),
        devices=await own_devices(session, asker),
        unreached=await people_mail_does_not_reach(session, asker) if coordinates else [],
        push_key=notice_keys(state).public,
        weekdays=WEEKDAYS,
        shown=shown,
    )
    answer.headers["Content-Security-Policy"] = WITH_PUSH
    return answer


@post("/notices/words", status_code=303)
async def choose_words(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[WordsForm],
) -> Redirect:
    """Keep language, zone and reminders."""
    back = way_back(request, HERE)
    await wish_words_and_clock(
        session,
        asker,
        language=data.language or None,
        zone=data.zone.strip() or None,
        reminders=bool(data.reminders),
        reminder_at=time_of_day("reminder_at", data.reminder_at),
        now=now,
    )
    return Redirect(back, status_code=303)


@post("/notices/when/{channel:str}", status_code=303)
async def choose_when(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    channel: FromPath[str],
    data: URLEncodedBody[WhenForm],
) -> Redirect:
    """Keep when a channel may speak."""
    back = way_back(request, HERE)
    await wish_channel(session, asker, channel, _wish(data), now)
    return Redirect(back, status_code=303)


def _wish(form: WhenForm) -> Wish:
    if form.digest_weekday not in set("0123456"):
        raise InvalidRequest("digest_weekday", "must be a day from 0 (Monday) to 6.")
    return Wish(
        rhythm=form.rhythm,
        quiet_from=time_of_day("quiet_from", form.quiet_from),
        quiet_until=time_of_day("quiet_until", form.quiet_until),
        urgent_breaks_quiet=bool(form.urgent),
        digest_at=time_of_day("digest_at", form.digest_at),
        digest_weekday=int(form.digest_weekday),
    )


@post("/notices/mail", status_code=303)
async def enter_mail(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[MailForm],
) -> Redirect:
    """Take an address, which then gets a link to confirm it."""
    back = way_back(request, HERE)
    await enter_address(session, asker, data.address, now)
    return Redirect(back, status_code=303)


@post("/notices/mail/forget", status_code=303)
async def forget_mail(
    session: Session, asker: Signed, now: Now, data: URLEncodedBody[NoForm]
) -> Redirect:
    """Erase the asker's addresses."""
    del data
    await take_back_addresses(session, asker, now)
    return Redirect(HERE, status_code=303)


@post("/notices/devices", status_code=303)
async def add_push(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[DeviceForm],
) -> Redirect:
    """Add the browser in which the form was sent."""
    back = way_back(request, HERE)
    subscription = Subscription(data.endpoint, data.p256dh, data.auth)
    development = settings.development
    await add_device(session, asker, subscription, data.label, now, development=development)
    return Redirect(back, status_code=303)


remove_push = button("/notices/devices/{subject:uuid}/remove", remove_device, lambda *_: HERE)
