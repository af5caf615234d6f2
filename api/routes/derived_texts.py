"""Beginning a text from another's release."""

from uuid import UUID

from litestar import post
from litestar.params import FromPath

from api.parts import Now, Session, Signed
from api.routes.protocols import URN
from api.routes.text_answers import TextAnswer, text_answer
from protocols.desk.queries import text_on_desk
from protocols.drafting.deriving import derive_text


@post(
    "/protocols/{item:uuid}/releases/{number:str}/derived",
    tags=["texts"],
    summary="Begin a text of your own from a release",
)
async def begin_from_release(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], number: FromPath[str]
) -> TextAnswer:
    """Copy a release as a draft that names it: if it is withdrawn, so is what you made of it."""
    made = await derive_text(session, asker, f"{URN}{item}", number, now)
    return text_answer(await text_on_desk(session, asker, made.id, now))
