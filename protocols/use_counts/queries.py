from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker, require_role
from protocols.use_counts.models import AnswerUse

MONTH = timedelta(days=30)


class Used(NamedTuple):
    """How often one version of an answer was copied in a language."""

    urn: str
    number: str
    language: str
    times: int


async def uses(
    session: AsyncSession, asker: Asker, *, since: date, urn: str | None = None
) -> list[Used]:
    """Give how often the project's answers were copied since a day, most used first."""
    require_role(asker, "coordinator", "reviewer")
    times = func.sum(AnswerUse.times)
    query = (
        select(AnswerUse.urn, AnswerUse.number, AnswerUse.language, times)
        .where(AnswerUse.project_id == asker.project_id, AnswerUse.day >= since)
        .group_by(AnswerUse.urn, AnswerUse.number, AnswerUse.language)
        .order_by(times.desc(), AnswerUse.urn, AnswerUse.number, AnswerUse.language)
    )
    if urn is not None:
        query = query.where(AnswerUse.urn == urn)
    return [Used(*row) for row in await session.execute(query)]
