"""A service that an answer names by id leaves as words, or keeps the answer from leaving."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from federation.permissions.rules import Asker
from protocols.exchange.queries import Export, plan_export
from protocols.exchange.rules.tools.every import TOOLS, ToolName
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.signposts.actions import add_signpost, change_signpost, delete_signpost
from tests.protocols.example_texts import NOW, World, answer, released, take_up
from tests.protocols.signposts.services import CLINIC, WRITTEN

NAMED = DraftPlaceholder("clinic", "a clinic of your list", type="signpost")
EXPIRED = (
    "signpost-expired",
    (
        "What is known of Harbour Clinic held until 2027-01-05 only."
        " A coordinator can check it and say that it is right."
    ),
)
CLOSED = ("signpost-closed", "Harbour Clinic is marked as closed.")
GONE = (
    "signpost-gone",
    (
        "A service that this answer names is no longer in your project's list."
        " A coordinator can choose another one."
    ),
)


async def named(session: AsyncSession, projects: World, value: str) -> None:
    draft = answer("Where?", "Go to {{clinic}}.", placeholders=[NAMED])
    await take_up(
        session,
        projects.south,
        await released(session, projects.north, draft, "none"),
        values={"clinic": value},
    )
    other = await released(session, projects.north, answer("When?", "On Friday."), "none")
    await take_up(session, projects.south, other)


async def listed(session: AsyncSession, asker: Asker) -> UUID:
    return await add_signpost(session, asker, CLINIC, NOW)


def left(export: Export) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.title, tuple(one.why)) for one in export.left]


@pytest.mark.parametrize("tool", list(TOOLS))
async def test_a_service_is_written_out(
    session: AsyncSession, projects: World, tool: ToolName
) -> None:
    asker = projects.south.coordinator
    await named(session, projects, str(await listed(session, asker)))

    export = await plan_export(session, asker, tool, NOW)

    said = {step.entry.title: str(step.entry.fields) for step in export.steps}
    assert said.keys() == {"Where?", "When?"}
    assert WRITTEN.split(", ")[0] in said["Where?"]
    assert "+44 113 496 0123" in said["Where?"]
    assert left(export) == []


@pytest.mark.parametrize(
    ("end", "why"), [("expires", EXPIRED), ("closed", CLOSED), ("deleted", GONE), ("none", GONE)]
)
async def test_a_service_that_no_longer_holds_keeps_its_answers_in(
    session: AsyncSession, projects: World, end: str, why: tuple[str, str]
) -> None:
    asker = projects.south.coordinator
    clinic = await listed(session, asker)
    await named(session, projects, "the clinic" if end == "none" else str(clinic))
    if end == "expires":
        ended = replace(CLINIC, expires=NOW.date())
        await change_signpost(session, asker, clinic, ended, NOW)
    elif end == "closed":
        await change_signpost(session, asker, clinic, replace(CLINIC, closed=True), NOW)
    elif end == "deleted":
        await delete_signpost(session, asker, clinic, NOW)

    export = await plan_export(session, asker, "live-helper-chat", NOW)

    assert [step.entry.title for step in export.steps] == ["When?"]
    assert left(export) == [("Where?", why)]


async def test_another_projects_service_is_never_written_out(
    session: AsyncSession, projects: World
) -> None:
    await named(session, projects, str(await listed(session, projects.north.coordinator)))

    export = await plan_export(session, projects.south.coordinator, "zammad", NOW)

    assert left(export) == [("Where?", GONE)]
