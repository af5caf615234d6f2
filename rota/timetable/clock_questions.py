"""Coordinators are told that a clock change asks something of a recurring session."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from federation.notices.actions import notify
from federation.pools.queries import coordinators_of_pool
from rota.shifts.models import ShiftPattern
from rota.shifts.rules.clock_changes import COMES_TWICE
from rota.shifts.rules.patterns import Question
from rota.shifts.rules.written_days import written_day
from rota.timetable.queries import open_questions

CODE = "clock-question"
NEVER = (
    "The clock changes on %(day)s, and a time in your plan does not exist on that day. "
    "Without an answer nothing takes place then. Please answer under Sessions, The clock changes."
)
TWICE = (
    "The clock changes on %(day)s, and a time in your plan comes twice in that night. "
    "Without an answer the first is meant. Please look under Sessions, The clock changes."
)


async def tell_of_questions(session: AsyncSession, pattern: ShiftPattern, now: datetime) -> None:
    """Tell who plans a pool of each day that is asked about, once; the caller locks the pattern."""
    asked = [question for _, question in open_questions([pattern], now)]
    new = [each for each in asked if each.day.isoformat() not in pattern.clock_told]
    if not new:
        return
    # days that are over or settled need not be remembered
    pattern.clock_told = [each.day.isoformat() for each in asked]
    for coordinator in await coordinators_of_pool(session, pattern.pool_id):
        for question in new:
            text = _text(question)
            await notify(session, person_id=coordinator, code=CODE, text=text, now=now)


def _text(question: Question) -> str:
    text = TWICE if question.code == COMES_TWICE else NEVER
    return text % {"day": written_day(question.day)}
