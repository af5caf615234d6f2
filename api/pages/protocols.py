"""Reading protocols and saying so."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, QueryParameter, URLEncodedBody
from litestar.response import Redirect, Template

from api.languages.reading import language as page_language
from api.languages.reading import own_clock
from api.pages.rendering import page
from api.parts import Now, Session, Signed
from api.routes.protocols import URN
from protocols.acknowledgement.actions import acknowledge
from protocols.acknowledgement.errors import TextChanged
from protocols.adoption.actions import adopt
from protocols.reading.queries import protocols_in_force, read_with_readers

Language = Annotated[str, QueryParameter(name="language", max_length=35)]


class ReadForm(msgspec.Struct):
    """Which words were on the page when its button was pressed."""

    text_hash: str = ""
    language: str = "en"


class AdoptForm(msgspec.Struct):
    """Which release a coordinator has decided to use."""

    number: str = ""


@get("/protocols")
async def my_protocols(session: Session, asker: Signed, now: Now) -> Template:
    """List the project's protocols: what holds, what waits, what is still to be read."""
    lines = await protocols_in_force(session, asker, now)
    return page("protocols.html", asker=asker, lines=lines)


@get("/protocols/{item:uuid}")
async def read_protocol(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], language: Language = ""
) -> Template:
    """Show what holds, with the button that says it has been read."""
    urn = f"{URN}{item}"
    wanted = language or page_language()
    reading, readers = await read_with_readers(session, asker, urn, wanted, now)
    return page(
        "protocol.html",
        asker=asker,
        item=item,
        reading=reading,
        readers=readers,
        clock=own_clock(),
    )


@post("/protocols/{item:uuid}/read", status_code=303)
async def have_read(
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    data: URLEncodedBody[ReadForm],
) -> Redirect:
    """Record that the words on the page have been read and understood."""
    try:
        shown = bytes.fromhex(data.text_hash)
    except ValueError as error:
        raise TextChanged from error
    await acknowledge(
        session, asker, urn=f"{URN}{item}", text_hash=shown, language=data.language, now=now
    )
    return Redirect("/protocols", status_code=303)


@post("/protocols/{item:uuid}/adopt", status_code=303)
async def adopt_release(
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    data: URLEncodedBody[AdoptForm],
) -> Redirect:
    """Take up the release that was waiting, with the values that the project has given before."""
    await adopt(session, asker, urn=f"{URN}{item}", number=data.number, now=now)
    return Redirect(f"/protocols/{item}", status_code=303)
