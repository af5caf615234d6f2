"""The address of one's own calendar, shown once, with a code to scan."""

import msgspec
import segno
from litestar import get, post
from litestar.params import URLEncodedBody
from litestar.response import Template

from api.pages.rendering import page
from api.parts import NodeSettings, Now, Session, Signed
from rota.calendar.actions import make_address


class AddressForm(msgspec.Struct):
    """For which device an address is, and how its entries are called there."""

    label: str = "Phone"
    title: str = "Shift"


@get("/calendar")
async def my_calendar(asker: Signed) -> Template:
    """Explain the calendar address and offer to make one."""
    return page("calendar.html", asker=asker, url=None, qr=None)


@post("/calendar", status_code=200)
async def new_calendar(
    session: Session,
    asker: Signed,
    settings: NodeSettings,
    now: Now,
    data: URLEncodedBody[AddressForm],
) -> Template:
    """Make an address and show it once, with a code to scan; nothing keeps it in clear."""
    secret = await make_address(session, asker.person_id, data.label, data.title, now)
    url = f"{settings.base_url}/calendar/{secret}.ics"
    code = segno.make(url).svg_data_uri(scale=5, dark="#000", light="#fff")
    return page("calendar.html", asker=asker, url=url, qr=code)
