"""The worker's part in notices: who is to be told, then mails and pushes one by one.

Whatever fails is put back by the worker and tried again; only a clear "no" ends a message.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from api.notices.errors import MailPutOffError, MailRefusedError, PushGoneError, PushPutOffError
from api.notices.links import confirm_link, stop_link
from api.notices.mail import hand_over, sender_of, written
from api.notices.office import Office
from api.notices.push import contact_of, push
from database.session import door
from federation.notices.addresses.actions import forget_asked
from federation.notices.addresses.queries import address_to_confirm
from federation.notices.devices.actions import let_device_rest
from federation.notices.devices.rules import Subscription
from federation.notices.messages.actions import begin, finish, give_up_mail, give_up_push, spread
from federation.notices.messages.queries import Parcel
from federation.notices.messages.rules import is_hopeless, letter, letter_to_confirm
from federation.notices.preferences.queries import preferences_of

NoticeJob = Callable[[Office, dict[str, Any]], Awaitable[datetime | None]]

LOOK_AGAIN = timedelta(hours=1)
"""How often mail that waits for a mail server to be set up is looked at."""


async def tell(office: Office, payload: dict[str, Any]) -> None:
    """Find out on which channels somebody wants to be told of a notice, and when."""
    async with door(office.engine) as session:
        await spread(session, UUID(payload["notice"]), office.clock())


async def send_mail(office: Office, payload: dict[str, Any]) -> datetime | None:
    """Send one mail, or say when to try again."""
    if not office.settings.smtp_host:
        return office.clock() + LOOK_AGAIN
    parcel = await _begun(office, payload)
    if not isinstance(parcel, Parcel):
        return parcel
    try:
        await hand_over(office.settings, str(parcel.to), _mail(office, parcel))
    except MailPutOffError:
        if not is_hopeless(parcel.tried_at, office.clock()):
            raise
        await _give_up_mail(office, parcel)
    except MailRefusedError:
        await _give_up_mail(office, parcel)
    else:
        await _finished(office, parcel)
    return None


def _mail(office: Office, parcel: Parcel) -> bytes:
    stop = stop_link(office.settings, office.keys, parcel.target)
    words = letter(parcel.kind, parcel.language, f"{office.settings.notice_address}/", stop)
    sender = sender_of(office.settings)
    return written(sender, str(parcel.to), words, parcel.message_id, parcel.tried_at, stop)


async def send_push(office: Office, payload: dict[str, Any]) -> datetime | None:
    """Push to one device, or say when to try again."""
    parcel = await _begun(office, payload)
    if not isinstance(parcel, Parcel) or not isinstance(parcel.to, Subscription):
        return None if isinstance(parcel, Parcel) else parcel
    contact, now = contact_of(office.settings.notice_address), office.clock()
    try:
        await push(office.http, office.keys, parcel.to, parcel, contact, now)
    except PushPutOffError as put_off:
        if is_hopeless(parcel.tried_at, now):
            await _give_up_push(office, parcel)
        elif put_off.again is None:
            raise
        else:
            return await _rested(office, parcel, put_off.again)
    except PushGoneError:
        await _give_up_push(office, parcel)
    else:
        await _finished(office, parcel)
    return None


async def ask_to_confirm(office: Office, payload: dict[str, Any]) -> datetime | None:
    """Send the link that confirms an address; whoever cannot be written to is told in the pages."""
    if not office.settings.smtp_host:
        return office.clock() + LOOK_AGAIN
    address_id = UUID(payload["address"])
    async with door(office.engine) as session:
        waiting = await address_to_confirm(session, address_id, office.clock())
        chosen = await preferences_of(session, waiting.person_id) if waiting else None
    if waiting is None or chosen is None:
        return None
    link = confirm_link(office.settings, office.keys, address_id)
    words = letter_to_confirm(chosen.spoken, link)
    raw = written(sender_of(office.settings), waiting.address, words, address_id, waiting.asked_at)
    try:
        await hand_over(office.settings, waiting.address, raw)
    except MailRefusedError:
        async with door(office.engine) as session:
            await forget_asked(session, address_id, office.clock())
    return None


async def _begun(office: Office, payload: dict[str, Any]) -> Parcel | datetime | None:
    async with door(office.engine) as session:
        return await begin(session, UUID(payload["message"]), office.clock())


async def _finished(office: Office, parcel: Parcel) -> None:
    async with door(office.engine) as session:
        await finish(session, parcel, office.clock())


async def _rested(office: Office, parcel: Parcel, until: datetime) -> datetime:
    """Leave a device alone until its push service wants to be asked again; says when that is."""
    async with door(office.engine) as session:
        await let_device_rest(session, parcel.target, until)
    return until


async def _give_up_mail(office: Office, parcel: Parcel) -> None:
    async with door(office.engine) as session:
        await give_up_mail(session, parcel, office.clock())


async def _give_up_push(office: Office, parcel: Parcel) -> None:
    async with door(office.engine) as session:
        await give_up_push(session, parcel, office.clock())
