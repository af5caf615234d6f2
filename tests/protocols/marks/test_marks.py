"""A worker's "wrong" or "hard to read" reaches the owner, and says of whom it came no more than
the project."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound
from federation.feeds.models import Feed, FeedEvent
from federation.notices.models import Notice
from federation.partners.sender import Sender
from federation.people.models import RoleGrant
from federation.projects.models import Project
from protocols.marks.actions import mark_answer, receive_mark, settle_mark
from protocols.marks.errors import EnoughMarks, WrongMark
from protocols.marks.models import AnswerMark
from protocols.marks.queries import marks_to_look_at
from protocols.marks.rules import MOST_OPEN
from protocols.releases.models import Release
from protocols.statements.errors import NotTheirs
from tests.protocols.example_texts import (
    NOW,
    Members,
    World,
    answer,
    partner,
    released,
    take_up,
)


async def adopted(session: AsyncSession, projects: World) -> Release:
    release = await released(session, projects.north, answer("Tax?", "Everybody pays."), "none")
    await take_up(session, projects.south, release)
    session.add(RoleGrant(person_id=projects.north.coordinator.person_id, role="coordinator"))
    await session.flush()
    return release


async def mark(session: AsyncSession, members: Members, release: Release, **more: Any) -> None:
    said = {"kind": "wrong", "note": "The rate has changed.", "language": "en", **more}
    await mark_answer(session, members.worker, release.urn, now=NOW, **said)


async def listed(session: AsyncSession, members: Members) -> list[tuple[str, str, str, str]]:
    found = await marks_to_look_at(session, members.coordinator)
    return [(each.mark.kind, each.mark.note, each.mark.project, each.mark.number) for each in found]


async def test_the_owner_learns_what_and_from_which_project(
    session: AsyncSession, projects: World
) -> None:
    release = await adopted(session, projects)
    await mark(session, projects.south, release)

    assert await listed(session, projects.north) == [
        ("wrong", "The rate has changed.", "South", "1.0.0")
    ]
    [notice] = await session.scalars(select(Notice))
    assert (notice.person_id, notice.code) == (
        projects.north.coordinator.person_id,
        "answer-marked",
    )
    assert "rate" not in notice.text


async def test_nothing_that_is_kept_leads_to_the_person(
    session: AsyncSession, projects: World
) -> None:
    release = await adopted(session, projects)
    before = len(list(await session.scalars(select(AuditEntry))))
    await mark(session, projects.south, release)

    entries = list(await session.scalars(select(AuditEntry)))[before:]
    [row] = await session.scalars(select(AnswerMark))
    kept = str([vars(entry) for entry in entries]) + str(vars(row))
    assert str(projects.south.worker.person_id) not in kept
    assert row.id.version == 4


async def from_node(session: AsyncSession, release: Release, node_id: str) -> None:
    """Make a release one that a partner has stated."""
    await session.execute(update(Release).where(Release.id == release.id).values(node_id=node_id))


async def test_across_nodes_it_goes_in_the_private_feed_of_the_owner(
    session: AsyncSession, projects: World
) -> None:
    release = await adopted(session, projects)
    await partner(session, "node-north")
    await from_node(session, release, "node-north")
    await mark(session, projects.south, release, language="ro")

    query = select(FeedEvent).join(Feed, Feed.id == FeedEvent.feed_id)
    [event] = await session.scalars(
        query.where(Feed.kind == "private", Feed.subject == "node-north")
    )
    said = msgspec.json.decode(event.payload or b"")

    assert event.kind == "answer.marked"
    assert {key: said[key] for key in said if key != "mark"} == {
        "urn": release.urn,
        "number": "1.0.0",
        "language": "ro",
        "kind": "wrong",
        "note": "The rate has changed.",
        "project": str(projects.south.project),
        "project_name": "South",
        "day": "2027-01-05",
    }
    assert list(await session.scalars(select(Notice))) == []


def said_of(release: Release, project: UUID, **more: Any) -> dict[str, Any]:
    return {
        "mark": str(uuid4()),
        "urn": release.urn,
        "number": "1.0.0",
        "language": "en",
        "kind": "hard-to-read",
        "note": "",
        "project": str(project),
        "project_name": "Far Away",
        "day": "2027-01-05",
        "newer": "is ignored",
        **more,
    }


SENDER = Sender(node_id="node-far", name="Far", feed_kind="private", subject="node-here")


async def test_a_partners_mark_is_kept_once(session: AsyncSession, projects: World) -> None:
    release = await adopted(session, projects)
    said = said_of(release, uuid4())

    for _ in range(2):
        await receive_mark(session, SENDER, said, NOW)

    assert await listed(session, projects.north) == [("hard-to-read", "", "Far Away", "1.0.0")]
    assert len(list(await session.scalars(select(Notice)))) == 1


async def test_a_partner_speaks_for_its_own_projects_and_of_our_texts(
    session: AsyncSession, projects: World
) -> None:
    release = await adopted(session, projects)
    for sender, said, refusal in (
        (SENDER, said_of(release, projects.south.project), NotTheirs),
        (replace(SENDER, feed_kind="project/releases"), said_of(release, uuid4()), NotTheirs),
        (SENDER, said_of(release, uuid4(), urn=f"urn:uuid:{uuid4()}"), NotFound),
        (SENDER, said_of(release, uuid4(), note="Ring 07700 900123"), WrongMark),
    ):
        with pytest.raises(refusal):
            await receive_mark(session, sender, said, NOW)
    for wrong in ({"kind": "rude"}, {"note": "x" * 501}, {"day": 3}, {"mark": "1"}):
        with pytest.raises(msgspec.ValidationError):
            await receive_mark(session, SENDER, said_of(release, uuid4(), **wrong), NOW)
    assert await listed(session, projects.north) == []
    await partner(session, "node-far")
    await session.execute(
        update(Project).where(Project.id == projects.south.project).values(node="node-far")
    )
    await receive_mark(session, SENDER, said_of(release, projects.south.project), NOW)
    assert len(await listed(session, projects.north)) == 1


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"kind": "rude"}, ["mark-kind"]),
        ({"note": "x" * 501}, ["mark-too-long"]),
        ({"note": "a\0b"}, ["mark-not-text"]),
        ({"note": "Ask me@home.example or 07700 900123"}, ["mark-personal", "mark-personal"]),
    ],
)
async def test_a_mark_says_nothing_of_anybody(
    session: AsyncSession, projects: World, more: dict[str, str], expected: list[str]
) -> None:
    release = await adopted(session, projects)

    with pytest.raises(WrongMark) as refused:
        await mark(session, projects.south, release, **more)

    assert [reason.code for reason in refused.value.reasons] == expected


async def test_an_owner_is_not_buried_in_marks(session: AsyncSession, projects: World) -> None:
    release = await adopted(session, projects)
    for _ in range(MOST_OPEN):
        await mark(session, projects.south, release)

    with pytest.raises(EnoughMarks):
        await mark(session, projects.south, release)
    [first, *_] = await marks_to_look_at(session, projects.north.coordinator)
    await settle_mark(session, projects.north.coordinator, first.mark.id, NOW)
    await mark(session, projects.south, release)

    assert len(await listed(session, projects.north)) == MOST_OPEN


async def test_only_users_mark_and_only_the_owner_looks(
    session: AsyncSession, projects: World
) -> None:
    release = await adopted(session, projects)
    reader = replace(projects.south.worker, scopes=frozenset({"read"}))
    with pytest.raises(NotFound):
        await mark(session, projects.elsewhere, release)
    with pytest.raises(NotAllowed):
        await mark(session, replace(projects.south, worker=reader), release)
    await mark(session, projects.south, release)
    [[row, item]] = await marks_to_look_at(session, projects.north.coordinator)

    assert release.urn == f"urn:uuid:{item}"
    assert await listed(session, projects.south) == []
    with pytest.raises(NotAllowed):
        await marks_to_look_at(session, projects.north.worker)
    with pytest.raises(NotAllowed):
        await settle_mark(session, projects.north.worker, row.id, NOW)
    with pytest.raises(NotFound):
        await settle_mark(session, projects.south.coordinator, row.id, NOW)
