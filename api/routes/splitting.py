"""Dividing one shift in two, at the node that hosts its pool."""

from uuid import UUID

import msgspec
from litestar import post
from litestar.params import FromPath, JSONBody

from api.bodies import Moment
from api.parts import Now, Session, Signed
from api.routes.pools import ShiftAnswer, shift_answer
from rota.board.queries import shift_seen
from rota.splitting.actions import split_shift


class SplitBody(msgspec.Struct, forbid_unknown_fields=True):
    """The moment at which the first part ends and the second starts."""

    at: Moment


class SplitAnswer(msgspec.Struct, frozen=True):
    """Both parts; the first has the id that the whole had."""

    first: ShiftAnswer
    second: ShiftAnswer


@post("/shifts/{shift:uuid}/split", summary="Divide a shift in two", status_code=201)
async def split_one_shift(
    session: Session, asker: Signed, now: Now, shift: FromPath[UUID], data: JSONBody[SplitBody]
) -> SplitAnswer:
    """Divide a shift, so that a part of a seat can be given; who has a seat keeps both parts."""
    made = await split_shift(session, asker, shift, data.at, now)
    first, second = [
        shift_answer(await shift_seen(session, asker, each, now)) for each in (shift, made)
    ]
    return SplitAnswer(first, second)
