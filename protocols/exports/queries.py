from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.models import Person
from federation.permissions.rules import Asker, require_role
from protocols.exchange.models import ExportedWording
from protocols.exports.models import AnswerExport, ExportedAnswer
from protocols.recalls.models import Recall
from protocols.recalls.queries import of_release
from protocols.releases.models import Release
from protocols.releases.queries import meant_among, work_of
from protocols.releases.rules import read_manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class StillThere:
    """A withdrawn answer in another tool: somebody has to take it out there, by hand."""

    export_id: UUID
    urn: str
    title: str
    number: str
    tool: str
    exported_at: datetime
    exported_by: str
    reason: str
    removed_at: datetime | None


async def withdrawn_exports(session: AsyncSession, asker: Asker) -> Sequence[StillThere]:
    """List what is withdrawn and was carried into a tool, what is not ticked off first.

    Of several exports of one answer to one tool the newest counts: it wrote over the others. An
    older one does as well while some language's words in the tool are from it.
    """
    require_role(asker, "coordinator")
    newest = (
        select(
            ExportedAnswer.export_id,
            func.row_number()
            .over(
                partition_by=(ExportedAnswer.urn, AnswerExport.tool),
                order_by=(AnswerExport.exported_at.desc(), AnswerExport.id.desc()),
            )
            .label("place"),
            ExportedAnswer.urn,
        )
        .join(AnswerExport, AnswerExport.id == ExportedAnswer.export_id)
        .where(AnswerExport.project_id == asker.project_id)
        .subquery()
    )
    in_each_language = (
        select(
            ExportedWording.urn,
            ExportedWording.tool,
            func.max(ExportedWording.exported_at).label("at"),
        )
        .where(ExportedWording.project_id == asker.project_id)
        .group_by(ExportedWording.urn, ExportedWording.tool, ExportedWording.language)
        .subquery()
    )
    not_replaced = exists().where(
        in_each_language.c.urn == ExportedAnswer.urn,
        in_each_language.c.tool == AnswerExport.tool,
        in_each_language.c.at == AnswerExport.exported_at,
    )
    recalled = exists().where(of_release(Release))
    reason = (
        select(Recall.reason)
        .where(of_release(Release))
        .order_by(Recall.stated_at)
        .limit(1)
        .scalar_subquery()
    )
    found = await session.execute(
        select(ExportedAnswer, AnswerExport, Release, Person.name, reason)
        .join(
            newest,
            (newest.c.export_id == ExportedAnswer.export_id) & (newest.c.urn == ExportedAnswer.urn),
        )
        .join(AnswerExport, AnswerExport.id == ExportedAnswer.export_id)
        .join(
            Release,
            (Release.urn == ExportedAnswer.urn) & (Release.sequence == ExportedAnswer.sequence),
        )
        .join(Person, Person.id == AnswerExport.exported_by)
        .where(or_(newest.c.place == 1, not_replaced), recalled)
        .order_by(
            ExportedAnswer.removed_at.desc().nulls_first(),
            AnswerExport.tool,
            ExportedAnswer.urn,
        )
    )
    rows = found.all()
    # what was exported counts, whether or not its project still shares a pool
    urns = {entry.urn for entry, *_ in rows}
    meant = await meant_among(session, asker.project_id, Release.urn.in_(urns))
    return [
        StillThere(
            export_id=entry.export_id,
            urn=entry.urn,
            title=_title(release),
            number=release.number,
            tool=export.tool,
            exported_at=export.exported_at,
            exported_by=name,
            reason=because,
            removed_at=entry.removed_at,
        )
        for entry, export, release, name, because in rows
        if work_of(release) in meant
    ]


def _title(release: Release) -> str:
    source = read_manifest(release.manifest).source
    return source.question or source.title
