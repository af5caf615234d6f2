"""Where a speaker of a language that few speak agrees to its being shown, and takes that back."""

from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.pages.rendering import page
from api.parts import Now, Session, Signed
from federation.pools.slots.actions import answer_slot
from federation.pools.slots.queries import CLOCK, own_slots

HERE = "/slots"
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


class AnswerForm(msgspec.Struct):
    """Yes or no; whatever is not a yes is a no."""

    agrees: str = ""


@get(HERE)
async def my_slots(session: Session, asker: Signed) -> Template:
    """Show what somebody is asked about, and what they have answered."""
    return page(
        "slots.html",
        asker=asker,
        slots=await own_slots(session, asker),
        weekdays=WEEKDAYS,
        clock=CLOCK,
    )


@post("/slots/{slot:uuid}", status_code=303)
async def answer(
    session: Session,
    asker: Signed,
    now: Now,
    slot: FromPath[UUID],
    data: URLEncodedBody[AnswerForm],
) -> Redirect:
    """Keep somebody's own answer."""
    await answer_slot(session, asker, slot, now, agrees=data.agrees == "yes")
    return Redirect(HERE, status_code=303)
