from uuid import UUID

import msgspec
from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.projects.models import Project
from protocols.answer_settings.models import AnswerFallback, AnswerSetting
from protocols.answer_settings.rules import USUAL, USUAL_SEGMENTS, Fallback, Settings

_OWN = select(func.jsonb_object_agg(AnswerFallback.urn, AnswerFallback.fallback)).where(
    AnswerFallback.project_id == Project.id
)
_SETTINGS = (
    select(
        func.coalesce(AnswerSetting.fallback, USUAL),
        func.coalesce(AnswerSetting.sms_segments, USUAL_SEGMENTS),
        Project.languages,
        _OWN.scalar_subquery(),
    )
    .outerjoin(AnswerSetting, AnswerSetting.project_id == Project.id)
    .where(Project.id == bindparam("project"))
)


async def settings_of(session: AsyncSession, project_id: UUID) -> Settings:
    """Give what a project has set for its answers, or what is usual."""
    row = (await session.execute(_SETTINGS, {"project": project_id})).one()
    fallback, segments, languages, own = row
    return Settings(
        msgspec.convert(fallback, Fallback),
        segments,
        tuple(languages),
        msgspec.convert(own or {}, dict[str, Fallback]),
    )
