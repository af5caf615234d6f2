"""Taking canned answers into a chat tool: choose it, see what does not fit, get the file."""

from typing import Any

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State, UploadFile
from litestar.params import MultipartBody
from litestar.response import Stream, Template

from api.errors import InvalidRequest
from api.pages.rendering import page, way_back
from api.parts import Now, Session, Signed
from api.routes.answer_exports import ExportReport, report, streamed
from federation.permissions.rules import Asker, require_role
from protocols.exchange.actions import export_answers
from protocols.exchange.queries import plan_export
from protocols.exchange.rules.tools.every import TOOLS, ToolName

FATES = {
    "create": "new",
    "update": "changed here",
    "unchanged": "the same already",
    "conflict": "changed here and there: left out",
    "drift": "edited there: left as it is there",
    "gone": "deleted there: left out",
    "unknown": "went out before: left out",
}
LOOKS = {
    **dict.fromkeys(("create", "update", "unchanged"), "good"),
    **dict.fromkeys(("drift", "gone", "unknown"), "warn"),
    "conflict": "bad",
}


class ExportForm(msgspec.Struct, kw_only=True):
    """Which tool, what it holds now, which edits there to replace; and preview or download."""

    tool: str = ""
    holds: UploadFile | None = None
    ours: list[str] = []
    again: str = ""
    do: str = "preview"


@get("/answers/export")
async def export_form(asker: Signed) -> Template:
    """Offer the tools that answers can be taken into."""
    require_role(asker, "coordinator")
    return _shown(asker, "", None)


@post("/answers/export", status_code=200)
async def export(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: MultipartBody[ExportForm],
) -> Template | Stream:
    """Show what the file would do in the tool, or give the file."""
    way_back(request, "/answers/export")
    tool = _tool(data.tool)
    held = await data.holds.read() if data.holds and data.holds.filename else None
    again = data.again == "yes"
    if data.do == "download":
        written = await export_answers(
            session, asker, tool, now, holds=held, ours=data.ours, again=again
        )
        return streamed(written, TOOLS[tool].media_type)
    export_ = await plan_export(session, asker, tool, now, holds=held, ours=data.ours, again=again)
    return _shown(asker, tool, report(export_))


def _shown(asker: Asker, chosen: str, told: ExportReport | None) -> Template:
    return page(
        "answer-export.html",
        asker=asker,
        tools=TOOLS,
        chosen=chosen,
        report=told,
        fates=FATES,
        looks=LOOKS,
    )


def _tool(name: str) -> ToolName:
    for tool in TOOLS:
        if tool == name:
            return tool
    raise InvalidRequest("tool", "is none of the tools in the list.")
