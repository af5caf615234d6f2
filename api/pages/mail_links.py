"""Where the links in mails lead: one button each, so that a link preview changes nothing."""

from litestar import get, post
from litestar.datastructures import State
from litestar.params import FromPath
from litestar.response import Template

from api.notices.links import CONFIRM_PATH, STOP_PATH
from api.notices.words import notice_keys
from api.pages.rendering import page
from api.parts import MaybeSigned, Now, Session
from federation.notices.addresses.actions import confirm_address, require_link, stop_mail
from federation.notices.addresses.errors import MailLinkUnknown
from federation.notices.addresses.rules import address_of_link


@get(f"{CONFIRM_PATH}/{{secret:str}}")
async def show_confirm(
    secret: FromPath[str], session: Session, state: State, visitor: MaybeSigned, now: Now
) -> Template:
    """Show the button that confirms."""
    address_id = address_of_link(notice_keys(state).links, "confirm", secret)
    await require_link(session, address_id, now)
    return page("mail-link.html", asker=visitor, step="confirm")


@post(f"{CONFIRM_PATH}/{{secret:str}}", status_code=200)
async def confirm(
    secret: FromPath[str], session: Session, state: State, visitor: MaybeSigned, now: Now
) -> Template:
    """Begin to send mail to the address."""
    address_id = address_of_link(notice_keys(state).links, "confirm", secret)
    await confirm_address(session, address_id, now)
    return page("mail-link.html", asker=visitor, step="confirmed")


@get(f"{STOP_PATH}/{{secret:str}}")
async def show_stop(secret: FromPath[str], state: State, visitor: MaybeSigned) -> Template:
    """Show the button that stops mail."""
    if address_of_link(notice_keys(state).links, "stop", secret) is None:
        raise MailLinkUnknown
    return page("mail-link.html", asker=visitor, step="stop")


# a mailbox's own "unsubscribe" posts here too (RFC 8058), without a cookie; the secret is enough
@post(f"{STOP_PATH}/{{secret:str}}", status_code=200, opt={"exclude_from_csrf": True})
async def stop(secret: FromPath[str], session: Session, state: State, now: Now) -> Template:
    """Send no more mail to the address, whoever asks with its link."""
    await stop_mail(session, address_of_link(notice_keys(state).links, "stop", secret), now)
    return page("mail-link.html", asker=None, step="stopped")
