"""What was carried into other tools, and that it is gone from there."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.actions import record
from federation.errors import NotFound
from federation.permissions.rules import Asker, require_role, require_write
from protocols.exports.models import AnswerExport, ExportedAnswer


async def note_export(
    session: AsyncSession, asker: Asker, *, tool: str, sequences: Mapping[str, int], now: datetime
) -> AnswerExport:
    """Remember which releases, by their item's URN, somebody carried into which tool, and when."""
    require_write(asker)
    export = AnswerExport(
        project_id=asker.project_id, tool=tool, exported_at=now, exported_by=asker.person_id
    )
    session.add(export)
    await session.flush()
    rows = [
        {"export_id": export.id, "urn": urn, "sequence": sequence}
        for urn, sequence in sequences.items()
    ]
    if rows:
        await session.execute(insert(ExportedAnswer), rows)
    await record(
        session,
        actor=asker.person_id,
        verb="exported-answers",
        subject="answer-export",
        subject_id=export.id,
        now=now,
        facts={"tool": tool, "answers": len(rows)},
    )
    return export


async def tick_off(
    session: AsyncSession, asker: Asker, export_id: UUID, urn: str, now: datetime
) -> None:
    """Say that an answer is gone from the tool it was carried into; the first time stands."""
    require_role(asker, "coordinator")
    require_write(asker)
    entry = await session.scalar(
        select(ExportedAnswer)
        .join(AnswerExport, AnswerExport.id == ExportedAnswer.export_id)
        .where(
            AnswerExport.project_id == asker.project_id,
            ExportedAnswer.export_id == export_id,
            ExportedAnswer.urn == urn,
        )
        .with_for_update(of=ExportedAnswer)
    )
    if entry is None:
        raise NotFound
    if entry.removed_at is not None:
        return
    entry.removed_at, entry.removed_by = now, asker.person_id
    await record(
        session,
        actor=asker.person_id,
        verb="ticked-off-export",
        subject="answer-export",
        subject_id=export_id,
        now=now,
        facts={"urn": urn},
    )
