from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker, require_role
from protocols.adoption.queries import texts_of_projects
from protocols.exchange.models import ExportedWording
from protocols.exchange.rules.fates import WRITTEN, Left, Step, There
from protocols.exchange.rules.outgoing import Outgoing, outgoing
from protocols.exchange.rules.three_way import no_longer_ours, steps
from protocols.exchange.rules.tools.every import TOOLS, ToolName
from protocols.signposts.queries import entries_named_in


class Export(NamedTuple):
    """What a file for a tool would hold, what stays out of it, and what to take out there."""

    tool: ToolName
    steps: list[Step]
    left: list[Left]
    remove: list[There]
    sequences: Mapping[str, int]
    columns: tuple[str, ...]
    compared: bool


class Known(NamedTuple):
    """What a project exported for a tool before: names, and every wording there was."""

    keys: Mapping[tuple[str, str], str]
    wordings: Mapping[tuple[str, str], Collection[str]]


async def plan_export(
    session: AsyncSession,
    asker: Asker,
    tool: ToolName,
    now: datetime,
    *,
    holds: bytes | None = None,
    ours: Collection[str] = (),
    again: bool = False,
) -> Export:
    """Work out an export of the asker's answers: nothing is changed by it.

    `holds` is what the tool itself exported just now; without it, nobody can know what was edited
    there, so what went out before stays out, unless somebody wants it `again`. `ours` are the keys
    of entries that a person wants written over an edit.
    """
    require_role(asker, "coordinator")
    exported = TOOLS[tool].read(holds) if holds is not None else None
    texts, left = await _outgoing(session, asker.project_id, now)
    known = await _known(session, asker.project_id, tool)
    made = TOOLS[tool].entries(texts, known.keys)
    there = exported.entries if exported else None
    columns = exported.columns if exported else ()
    planned = steps(made.entries, known.wordings, there, ours, again=again)
    going, unfit = _apart(tool, planned, columns)
    return Export(
        tool,
        going,
        [*left, *made.left, *unfit],
        list(no_longer_ours(made.entries, there or (), known.keys)),
        {text.urn: text.sequence for text in texts if text.sequence is not None},
        columns,
        compared=exported is not None,
    )


def _apart(
    tool: ToolName, planned: Sequence[Step], columns: Sequence[str]
) -> tuple[list[Step], list[Left]]:
    """Keep back what cannot be written beside what the tool has with it, and say why."""
    going: list[Step] = []
    left: list[Left] = []
    for step in planned:
        why = TOOLS[tool].unfit(step, columns) if step.fate in WRITTEN else None
        if why is None:
            going.append(step)
        else:
            entry = step.entry
            left.append(Left(urn=entry.urn, language=entry.language, title=entry.title, why=why))
    return going, left


async def _outgoing(
    session: AsyncSession, project_id: UUID, now: datetime
) -> tuple[list[Outgoing], list[Left]]:
    ready: list[Outgoing] = []
    left: list[Left] = []
    texts = await texts_of_projects(session, [project_id], kind="answer")
    services = await entries_named_in(session, project_id, texts)
    for text in texts:
        found, stays = outgoing(text, services, now)
        left += stays
        if found is not None:
            ready.append(found)
    return ready, left


async def _known(session: AsyncSession, project_id: UUID, tool: ToolName) -> Known:
    query = (
        select(ExportedWording)
        .where(ExportedWording.project_id == project_id, ExportedWording.tool == tool)
        .order_by(ExportedWording.exported_at, ExportedWording.id)
    )
    keys: dict[tuple[str, str], str] = {}
    wordings: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in await session.scalars(query):
        keys[one.urn, one.language] = one.key
        wordings[one.urn, one.language].add(one.fingerprint)
    return Known(keys, wordings)
