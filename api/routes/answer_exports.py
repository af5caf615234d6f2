"""Canned answers as files for the chat tools that projects have."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import post
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from api.parts import Now, Session, Signed
from api.routes.protocols import item_of
from protocols.exchange.actions import Written, export_answers
from protocols.exchange.queries import Export, plan_export
from protocols.exchange.rules.fates import Held, Left, Step, There, Warned
from protocols.exchange.rules.tools.every import TOOLS, ToolName

FILE = "application/octet-stream"
"""To programs a file is a file, whichever tool reads it: the name tells which."""
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


class ExportBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the tool holds now, as its own export says, and which edits there are to be replaced.

    Without `holds`, what went out before is left out, unless it is wanted `again`: edits there are
    lost then.
    """

    holds: str | None = None
    ours: Annotated[list[Key], msgspec.Meta(max_length=20_000)] = []
    again: bool = False


class Remark(msgspec.Struct, frozen=True):
    """Something to know about an entry; `code` is stable."""

    code: str
    text: str


class EntryAnswer(msgspec.Struct, frozen=True):
    """One entry of the tool and what loading the file does to it.

    `fate` is `create`, `update` or `unchanged`; `conflict`, `drift` and `gone` are left as they are
    in the tool, because somebody changed them there; so is `unknown`, which went out before and of
    which nobody told what became there.
    """

    item: UUID
    language: str
    title: str
    key: str
    fate: str
    remarks: list[Remark]


class LeftAnswer(msgspec.Struct, frozen=True):
    """An answer, in one language, that does not go out; `reason` says why."""

    item: UUID
    language: str
    title: str
    reason: Remark


class ToRemove(msgspec.Struct, frozen=True):
    """An entry that we put into the tool once and that is to be taken out there by hand."""

    key: str
    id: str


class ExportReport(msgspec.Struct, frozen=True):
    """What a file for a tool holds, and what it does not.

    `compared` tells whether the tool's own export was given; without it nobody knows what was
    edited there.
    """

    tool: ToolName
    file_name: str
    compared: bool
    entries: list[EntryAnswer]
    left: list[LeftAnswer]
    remove: list[ToRemove]
    notes: list[str]


@post(
    "/answer-exports/{tool:str}/preview",
    status_code=200,
    tags=["answers"],
    summary="See what an export for a tool would hold",
)
async def preview_export(
    session: Session,
    asker: Signed,
    now: Now,
    tool: FromPath[ToolName],
    data: JSONBody[ExportBody],
) -> ExportReport:
    """Tell what becomes of each answer, and what does not fit into the tool; nothing changes."""
    held = _bytes(data.holds)
    return report(
        await plan_export(session, asker, tool, now, holds=held, ours=data.ours, again=data.again)
    )


@post(
    "/answer-exports/{tool:str}",
    status_code=200,
    tags=["answers"],
    summary="Export canned answers for a tool",
    media_type=FILE,
)
async def export_for_tool(
    session: Session,
    asker: Signed,
    now: Now,
    tool: FromPath[ToolName],
    data: JSONBody[ExportBody],
) -> Stream:
    """Give the file itself: CSV for Live Helper Chat and Zammad, requests for the others."""
    written = await export_answers(
        session,
        asker,
        tool,
        now,
        holds=_bytes(data.holds),
        ours=data.ours,
        again=data.again,
    )
    return streamed(written, FILE)


def report(export: Export) -> ExportReport:
    """Write down what an export does, for people and programs."""
    return ExportReport(
        export.tool,
        TOOLS[export.tool].file_name,
        export.compared,
        [_entry(step) for step in export.steps],
        [_left(one) for one in export.left],
        [_remove(one) for one in export.remove],
        list(TOOLS[export.tool].notes),
    )


def streamed(written: Written, media_type: str) -> Stream:
    """Send a file piece by piece, to be kept and not shown."""
    tool = TOOLS[written.export.tool]
    return Stream(
        _encoded(written.pieces),
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{tool.file_name}"',
            "Cache-Control": "no-store",
        },
    )


def _encoded(pieces: Iterator[str]) -> Iterator[bytes]:
    for piece in pieces:
        yield piece.encode()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


def _remark(said: Warned | Held) -> Remark:
    return Remark(said.code, said.text)


def _entry(step: Step) -> EntryAnswer:
    entry = step.entry
    return EntryAnswer(
        item_of(entry.urn),
        entry.language,
        entry.title,
        entry.key,
        step.fate,
        [_remark(warned) for warned in entry.warned],
    )


def _left(one: Left) -> LeftAnswer:
    return LeftAnswer(item_of(one.urn), one.language, one.title, _remark(one.why))


def _remove(one: There) -> ToRemove:
    return ToRemove(one.key, one.id)
