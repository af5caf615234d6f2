"""Copying an answer: what holds is asked once more, and what was filled in is kept nowhere."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound
from federation.people.models import Person
from protocols.answers.actions import Copied, Copying, copy_answer
from protocols.answers.errors import AnswerChanged, NotReadyToCopy
from protocols.answers.queries import answer_of
from protocols.answers.rules.offered import Answer
from protocols.favourites.models import RecentAnswer
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.recalls.actions import Withdrawing, state_recall
from protocols.releases.models import Release
from protocols.use_counts.models import AnswerUse
from protocols.use_counts.queries import Used, uses
from tests.protocols.example_texts import (
    NOW,
    Members,
    World,
    answer,
    released,
    signer,
    take_up,
    withdraw,
)

PLACE = DraftPlaceholder("place", "the café", filled_by="worker")


async def one(session: AsyncSession, projects: World) -> Release:
    draft = answer("Where?", "Come to **{{place}}**.", placeholders=[PLACE])
    release = await released(session, projects.north, draft, "none")
    await take_up(session, projects.south, release)
    return release


async def seen(session: AsyncSession, members: Members, release: Release) -> Answer:
    return await answer_of(session, members.worker, release.urn, "en", NOW)


async def copied(
    session: AsyncSession, members: Members, release: Release, shown: Answer, **more: Any
) -> Copied:
    copying = Copying(
        **{
            "language": "en",
            "seen": shown.fingerprint,
            "used_as": "reply-only",
            "as_sms": False,
            "values": {"place": "the café"},
            **more,
        }
    )
    return await copy_answer(session, members.worker, release.urn, copying, NOW)


async def test_an_answer_is_copied_and_counted_without_who(
    session: AsyncSession, projects: World
) -> None:
    """Live Helper Chat's statistics keep the chat; these keep a day."""
    release = await one(session, projects)
    shown = await seen(session, projects.south, release)

    first = await copied(session, projects.south, release, shown)
    await copied(session, projects.south, release, shown)

    assert (first.ready.text, first.ready.sms.parts) == ("Come to the café.", 1)
    [row] = await session.scalars(select(AnswerUse))
    assert (row.project_id, row.urn, row.number, row.language, row.day, row.times) == (
        projects.south.project,
        release.urn,
        "1.0.0",
        "en",
        NOW.date(),
        2,
    )
    assert "person_id" not in AnswerUse.__table__.columns
    [recent] = await session.scalars(select(RecentAnswer))
    assert (recent.person_id, recent.urn) == (projects.south.worker.person_id, release.urn)
    facts = str([entry.facts for entry in await session.scalars(select(AuditEntry))])
    assert "café" not in facts


async def test_uses_are_counted_for_the_own_project_alone(
    session: AsyncSession, projects: World
) -> None:
    release = await one(session, projects)
    await copied(session, projects.south, release, await seen(session, projects.south, release))

    assert await uses(session, projects.south.coordinator, since=NOW.date()) == [
        Used(release.urn, "1.0.0", "en", 1)
    ]
    assert await uses(session, projects.south.reviewer, since=NOW.date(), urn="urn:other") == []
    assert await uses(session, projects.north.coordinator, since=NOW.date()) == []
    with pytest.raises(NotAllowed):
        await uses(session, projects.south.worker, since=NOW.date())


async def test_what_was_recalled_since_the_page_was_opened_is_not_copied(
    session: AsyncSession, projects: World
) -> None:
    release = await one(session, projects)
    shown = await seen(session, projects.south, release)
    await withdraw(session, projects.north, release, holds_texts={"en": "Ask a supervisor."})

    with pytest.raises(AnswerChanged):
        await copied(session, projects.south, release, shown)

    now = await seen(session, projects.south, release)
    assert (await copied(session, projects.south, release, now)).ready.text == "Ask a supervisor."


async def test_what_another_release_says_is_read_before_it_is_copied(
    session: AsyncSession, projects: World
) -> None:
    release = await one(session, projects)
    shown = replace(await seen(session, projects.south, release), number="0.9.0")

    with pytest.raises(AnswerChanged):
        await copied(session, projects.south, release, shown)


async def test_nothing_is_counted_where_something_is_wrong(
    session: AsyncSession, projects: World
) -> None:
    release = await one(session, projects)
    shown = await seen(session, projects.south, release)
    person = await session.get_one(Person, projects.south.worker.person_id)
    person.name = "Rosalind Example"

    with pytest.raises(NotReadyToCopy) as refused:
        await copied(
            session,
            projects.south,
            release,
            shown,
            used_as="public-post",
            values={"place": "Rosalind's"},
        )

    assert [reason.code for reason in refused.value.reasons] == ["not-in-public", "own-name"]
    assert list(await session.scalars(select(AnswerUse))) == []


async def test_another_projects_answer_is_not_there(session: AsyncSession, projects: World) -> None:
    release = await one(session, projects)
    shown = await seen(session, projects.south, release)

    with pytest.raises(NotFound):
        await copied(session, projects.elsewhere, release, shown)
    reader = replace(projects.south.worker, scopes=frozenset({"read"}))
    with pytest.raises(NotAllowed):
        await copied(session, replace(projects.south, worker=reader), release, shown)


async def test_a_gap_that_no_worker_is_asked_for_stays_open(
    session: AsyncSession, projects: World
) -> None:
    """What an older node leaves open was declared by nobody, so nothing would look at it."""
    release = await one(session, projects)
    said = Withdrawing(release=release, reason="Wrong.", holds_texts={"en": "Ring {{line}}."})
    await state_recall(session, projects.north.coordinator.person_id, said, signer, NOW)
    shown = await seen(session, projects.south, release)

    with pytest.raises(NotReadyToCopy) as refused:
        await copied(session, projects.south, release, shown, values={"line": "07700 900123"})

    assert [reason.code for reason in refused.value.reasons] == ["unresolved-field"]
