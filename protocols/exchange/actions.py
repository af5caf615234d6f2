from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.permissions.rules import Asker, require_role, require_write
from protocols.exchange.models import ExportedWording
from protocols.exchange.queries import Export, plan_export
from protocols.exchange.rules.fates import WRITTEN, Fate
from protocols.exchange.rules.tools.every import TOOLS, ToolName
from protocols.exports.actions import note_export

THERE_AFTERWARDS = WRITTEN | {Fate.UNCHANGED}
"""What the tool holds in our words once the file is loaded."""


class Written(NamedTuple):
    """A file for a tool, piece by piece, and what it was made of."""

    export: Export
    pieces: Iterator[str]


async def export_answers(
    session: AsyncSession,
    asker: Asker,
    tool: ToolName,
    now: datetime,
    *,
    holds: bytes | None = None,
    ours: Collection[str] = (),
    again: bool = False,
) -> Written:
    """Write the asker's answers for a tool, and remember what was written."""
    require_role(asker, "coordinator")
    require_write(asker)
    export = await plan_export(session, asker, tool, now, holds=holds, ours=ours, again=again)
    await _remember(session, asker, export, now)
    await note_export(session, asker, tool=tool, sequences=_sequences(export), now=now)
    return Written(export, TOOLS[tool].file(export.steps, export.columns))


def _sequences(export: Export) -> dict[str, int]:
    """Give the releases whose words the tool will hold: what a recall has to be ticked off for."""
    there = {step.entry.urn for step in export.steps if step.fate in THERE_AFTERWARDS}
    return {urn: sequence for urn, sequence in export.sequences.items() if urn in there}


async def _remember(session: AsyncSession, asker: Asker, export: Export, now: datetime) -> None:
    rows = [
        {
            "id": new_id(),
            "project_id": asker.project_id,
            "tool": export.tool,
            "urn": step.entry.urn,
            "language": step.entry.language,
            "key": step.entry.key,
            "fingerprint": step.entry.fingerprint,
            "exported_at": now,
        }
        for step in export.steps
        if step.fate in THERE_AFTERWARDS
    ]
    if not rows:
        return
    before = insert(ExportedWording)
    await session.execute(
        before.on_conflict_do_update(
            index_elements=["project_id", "tool", "urn", "language", "fingerprint"],
            set_={"exported_at": before.excluded.exported_at, "key": before.excluded.key},
        ),
        rows,
    )
