from collections.abc import Collection
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.projects.models import Project
from protocols.answer_settings.models import AnswerFallback, AnswerSetting
from protocols.answer_settings.rules import USUAL, USUAL_SEGMENTS, Fallback, Settings

_SETTINGS = (
    select(
        func.coalesce(AnswerSetting.fallback, USUAL),
        func.coalesce(AnswerSetting.sms_segments, USUAL_SEGMENTS),
        Project.languages,
        exists().where(AnswerFallback.project_id == Project.id, AnswerFallback.fallback == "hide"),
    )
    .outerjoin(AnswerSetting, AnswerSetting.project_id == Project.id)
    .where(Project.id == bindparam("project"))
)
_FALLBACKS = select(AnswerFallback.urn, AnswerFallback.fallback).where(
    AnswerFallback.project_id == bindparam("project"),
    AnswerFallback.urn.in_(bindparam("urns", expanding=True)),
)


async def settings_of(session: AsyncSession, project_id: UUID) -> Settings:
    """Give what a project has set for its answers, or what is usual."""
    row = (await session.execute(_SETTINGS, {"project": project_id})).one()
    fallback, segments, languages, some_hidden = row
    return Settings(msgspec.convert(fallback, Fallback), segments, tuple(languages), some_hidden)


async def fallbacks_of(
    session: AsyncSession, project_id: UUID, urns: Collection[str]
) -> dict[str, Fallback]:
    """Give the answers among these for which the project has chosen something else."""
    asked = {"project": project_id, "urns": list(urns)}
    found = await session.execute(_FALLBACKS, asked)
    return {urn: msgspec.convert(said, Fallback) for urn, said in found}
