from collections.abc import Collection
from typing import cast
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.projects.models import Project
from protocols.answer_settings.models import AnswerFallback, AnswerSetting
from protocols.answer_settings.rules import USUAL, USUAL_SEGMENTS, Fallback, Settings


async def settings_of(session: AsyncSession, project_id: UUID) -> Settings:
    """Give what a project has set for its answers, or what is usual."""
    hidden = exists().where(
        AnswerFallback.project_id == project_id, AnswerFallback.fallback == "hide"
    )
    query = (
        select(
            func.coalesce(AnswerSetting.fallback, USUAL),
            func.coalesce(AnswerSetting.sms_segments, USUAL_SEGMENTS),
            Project.languages,
            hidden,
        )
        .outerjoin(AnswerSetting, AnswerSetting.project_id == Project.id)
        .where(Project.id == project_id)
    )
    fallback, segments, languages, some_hidden = (await session.execute(query)).one()
    return Settings(cast("Fallback", fallback), segments, tuple(languages), some_hidden)


async def fallbacks_of(
    session: AsyncSession, project_id: UUID, urns: Collection[str]
) -> dict[str, Fallback]:
    """Give the answers among these for which the project has chosen something else."""
    query = select(AnswerFallback.urn, AnswerFallback.fallback).where(
        AnswerFallback.project_id == project_id, AnswerFallback.urn.in_(urns)
    )
    return {urn: cast("Fallback", fallback) for urn, fallback in await session.execute(query)}
