from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from protocols.use_counts.models import AnswerUse


async def count_use(
    session: AsyncSession, project_id: UUID, *, urn: str, number: str, language: str, day: date
) -> None:
    """Count that a version was copied on a day: by whom and for whom is not known here."""
    row = insert(AnswerUse).values(
        project_id=project_id, urn=urn, number=number, language=language, day=day, times=1
    )
    await session.execute(
        row.on_conflict_do_update(
            index_elements=["project_id", "urn", "number", "language", "day"],
            set_={"times": AnswerUse.times + 1},
        )
    )
