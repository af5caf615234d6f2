from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.permissions.rules import Asker, require_role, require_write
from protocols.answer_settings.errors import WrongAnswerSetting
from protocols.answer_settings.models import AnswerFallback, AnswerSetting
from protocols.answer_settings.rules import FALLBACKS, MOST_SEGMENTS
from protocols.releases.queries import release_of


async def set_answer_rules(
    session: AsyncSession, asker: Asker, *, fallback: str, sms_segments: int, now: datetime
) -> None:
    """Set what stands in for a missing language, and how long an SMS may be, in all answers."""
    require_role(asker, "coordinator")
    require_write(asker)
    if fallback not in FALLBACKS or not 1 <= sms_segments <= MOST_SEGMENTS:
        raise WrongAnswerSetting
    chosen = {"fallback": fallback, "sms_segments": sms_segments}
    row = insert(AnswerSetting).values(project_id=asker.project_id, **chosen)
    await session.execute(row.on_conflict_do_update(index_elements=["project_id"], set_=chosen))
    await _record(session, asker, "set-answer-rules", asker.project_id, now)


async def set_fallback(
    session: AsyncSession, asker: Asker, urn: str, fallback: str | None, now: datetime
) -> None:
    """Set it for one answer; None lets the project's rule hold again."""
    require_role(asker, "coordinator")
    require_write(asker)
    release = await release_of(session, asker, urn, None)
    mine = {"project_id": asker.project_id, "urn": urn}
    if fallback is None:
        await session.execute(delete(AnswerFallback).filter_by(**mine))
    elif fallback in FALLBACKS:
        row = insert(AnswerFallback).values(**mine, fallback=fallback)
        await session.execute(
            row.on_conflict_do_update(
                index_elements=["project_id", "urn"], set_={"fallback": fallback}
            )
        )
    else:
        raise WrongAnswerSetting
    await _record(session, asker, "set-answer-fallback", release.id, now)


async def _record(
    session: AsyncSession, asker: Asker, verb: str, subject_id: UUID, now: datetime
) -> None:
    await record(
        session,
        actor=asker.person_id,
        verb=verb,
        subject="answer",
        subject_id=subject_id,
        now=now,
    )
