"""A project's list of services, and what an ended one means for the answers that name it."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from federation.errors import NotAllowed, NotFound
from federation.notices.models import Notice
from federation.people.models import RoleGrant
from protocols.answers.actions import Copying, copy_answer
from protocols.answers.errors import NotReadyToCopy
from protocols.answers.queries import search_answers
from protocols.answers.rules.offered import Answer
from protocols.answers.searching import Looked
from protocols.items.notices import APPROVAL_ASKED
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.releases.models import Release
from protocols.signposts import actions
from protocols.signposts.actions import (
    add_signpost,
    change_signpost,
    checked_today,
    delete_signpost,
    tell_of_expired,
)
from protocols.signposts.errors import EnoughSignposts, WrongSignpost
from protocols.signposts.importing import import_signposts
from protocols.signposts.models import Signpost
from protocols.signposts.queries import all_entries, signpost_of
from tests.protocols.example_texts import NOW, Members, World, answer, released, take_up, verbs
from tests.protocols.signposts.services import CLINIC, WRITTEN, hsds
from tests.questions import counted

SERVICE = DraftPlaceholder("clinic", "a clinic of your list", type="signpost")
CHOSEN = replace(SERVICE, filled_by="worker")


async def naming(session: AsyncSession, members: Members, value: object) -> Release:
    """Adopt an answer whose value names a service."""
    draft = answer("Where?", "Go to {{clinic}}.", placeholders=[SERVICE])
    release = await released(session, members, draft, "none")
    await take_up(session, members, release, values={"clinic": str(value)})
    return release


async def offered(session: AsyncSession, members: Members, *, days: int = 0) -> Answer:
    now = NOW + timedelta(days=days)
    [found] = (await search_answers(session, members.worker, Looked(), now=now)).answers
    return found


async def why(session: AsyncSession, members: Members, *, days: int = 0) -> list[str]:
    return [reason.code for reason in (await offered(session, members, days=days)).blocked]


async def coordinates(session: AsyncSession, members: Members) -> None:
    session.add(RoleGrant(person_id=members.coordinator.person_id, role="coordinator"))
    await session.flush()


async def told(session: AsyncSession) -> list[tuple[UUID, str]]:
    """List notices but those of texts that wait for approval, which begin each of these tests."""
    query = select(Notice.person_id, Notice.code).where(Notice.code != APPROVAL_ASKED)
    return [(person, code) for person, code in await session.execute(query)]


async def test_an_answer_names_a_service_as_it_is_listed(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    service = await add_signpost(session, north.coordinator, CLINIC, NOW)
    await naming(session, north, service)

    found = await offered(session, north)

    assert (found.body, found.blocked) == (f"Go to {WRITTEN}.", [])

    await change_signpost(
        session, north.coordinator, service, replace(CLINIC, opening="", web=""), NOW
    )

    assert (await offered(session, north)).body == "Go to Harbour Clinic, +44 113 496 0123."
    assert [verb for verb, subject in await verbs(session) if subject == "signpost"] == [
        "signpost.listed",
        "signpost.changed",
    ]


async def test_an_expired_service_blocks_its_answers_until_it_is_checked(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    service = await add_signpost(session, north.coordinator, CLINIC, NOW)
    await naming(session, north, service)
    before = (CLINIC.expires or date.max) - NOW.date()

    assert await why(session, north, days=before.days - 1) == []
    assert await why(session, north, days=before.days) == ["signpost-expired"]

    await checked_today(session, north.coordinator, service, NOW + before)

    assert await why(session, north, days=before.days) == []
    row = await signpost_of(session, north.worker, service)
    assert (row.last_checked, row.expires) == (date(2027, 3, 1), date(2027, 4, 26))


async def test_a_closed_service_and_one_that_is_gone_block_their_answers(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    await coordinates(session, north)
    service = await add_signpost(session, north.coordinator, CLINIC, NOW)
    release = await naming(session, north, service)
    await change_signpost(session, north.coordinator, service, replace(CLINIC, closed=True), NOW)

    assert await why(session, north) == ["signpost-closed"]
    assert await told(session) == [(north.coordinator.person_id, "answers-blocked")]

    copying = Copying(
        language="en",
        seen=(await offered(session, north)).fingerprint,
        used_as="reply-only",
        as_sms=False,
        values={},
    )
    with pytest.raises(NotReadyToCopy) as refused:
        await copy_answer(session, north.worker, release.urn, copying, NOW)
    assert [reason.code for reason in refused.value.reasons] == [
        "signpost-closed",
        "unresolved-field",
    ]

    await delete_signpost(session, north.coordinator, service, NOW)

    assert await why(session, north) == ["signpost-gone"]
    assert len(await told(session)) == 2


@pytest.mark.parametrize("value", ["the clinic", uuid4()])
async def test_what_is_no_service_of_the_list_is_not_named(
    session: AsyncSession, projects: World, value: object
) -> None:
    await naming(session, projects.north, value)

    assert await why(session, projects.north) == ["signpost-gone"]


async def test_another_projects_service_is_not_named(
    session: AsyncSession, projects: World
) -> None:
    theirs = await add_signpost(session, projects.south.coordinator, CLINIC, NOW)
    await naming(session, projects.north, theirs)

    found = await offered(session, projects.north)

    assert [reason.code for reason in found.blocked] == ["signpost-gone"]
    assert "Harbour" not in str(found)


async def test_a_worker_chooses_a_service_for_this_once(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    service = await add_signpost(session, north.coordinator, CLINIC, NOW)
    theirs = await add_signpost(session, projects.south.coordinator, CLINIC, NOW)
    draft = answer("Where?", "Go to {{clinic}}.", placeholders=[CHOSEN])
    release = await released(session, north, draft, "none")
    await take_up(session, north, release)
    shown = await offered(session, north)
    copying = Copying(
        language="en",
        seen=shown.fingerprint,
        used_as="reply-only",
        as_sms=False,
        values={"clinic": str(service)},
    )

    copied = await copy_answer(session, north.worker, release.urn, copying, NOW)

    assert copied.ready.text == f"Go to {WRITTEN}."
    for wrong in (str(theirs), "Harbour Clinic"):
        with pytest.raises(NotReadyToCopy) as refused:
            await copy_answer(
                session,
                north.worker,
                release.urn,
                replace(copying, values={"clinic": wrong}),
                NOW,
            )
        assert refused.value.reasons[0].code == "signpost-gone"


async def test_the_project_is_told_once_when_a_named_service_expires(
    session: AsyncSession, projects: World
) -> None:
    north, south = projects.north, projects.south
    for members in (north, south):
        await coordinates(session, members)
        service = await add_signpost(session, members.coordinator, CLINIC, NOW)
        if members is north:
            await naming(session, north, service)
    await tell_of_expired(session, NOW)
    assert await told(session) == []

    for days in (60, 61):
        await tell_of_expired(session, NOW + timedelta(days=days))

    assert await told(session) == [(north.coordinator.person_id, "answers-blocked")]
    [text] = await session.scalars(select(Notice.text).where(Notice.code != APPROVAL_ASKED))
    assert "Harbour" not in text


async def questions(session: AsyncSession, engine: AsyncEngine, now: datetime) -> int:
    """Count what is asked of the database, but for the change of each row."""
    with counted(engine) as statements:
        await tell_of_expired(session, now)
    return len(statements)


async def test_however_many_have_expired_a_project_is_looked_at_once(
    session: AsyncSession, engine: AsyncEngine, projects: World
) -> None:
    north = projects.north
    await add_signpost(session, north.coordinator, CLINIC, NOW)
    with_one = await questions(session, engine, NOW + timedelta(days=60))
    for number in range(3):
        await add_signpost(session, north.coordinator, replace(CLINIC, name=f"No {number}"), NOW)

    assert await questions(session, engine, NOW + timedelta(days=60)) == with_one


async def test_checks_that_are_due_are_told_by_the_entry(
    session: AsyncSession, projects: World
) -> None:
    draft = replace(CLINIC, check_every_days=30)
    await add_signpost(session, projects.north.coordinator, draft, NOW)

    [entry] = await all_entries(session, projects.north.worker)

    assert entry.check_by == date(2027, 2, 3)
    assert await all_entries(session, projects.elsewhere.coordinator) == []


async def test_only_coordinators_of_the_project_keep_its_list(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    service = await add_signpost(session, north.coordinator, CLINIC, NOW)
    reader = replace(north.coordinator, scopes=frozenset({"read"}))
    for asker, refusal in (
        (north.worker, NotAllowed),
        (north.reviewer, NotAllowed),
        (reader, NotAllowed),
        (projects.south.coordinator, NotFound),
    ):
        for act in (checked_today, delete_signpost):
            with pytest.raises(refusal):
                await act(session, asker, service, NOW)
        with pytest.raises(refusal):
            await change_signpost(session, asker, service, CLINIC, NOW)
    for asker in (north.worker, reader):
        with pytest.raises(NotAllowed):
            await add_signpost(session, asker, CLINIC, NOW)
        with pytest.raises(NotAllowed):
            await import_signposts(session, asker, "name\n", "csv", dry_run=True, now=NOW)
    with pytest.raises(NotFound):
        await signpost_of(session, projects.elsewhere.worker, service)
    with pytest.raises(WrongSignpost):
        await add_signpost(session, north.coordinator, replace(CLINIC, name=""), NOW)
    with pytest.raises(WrongSignpost):
        await change_signpost(session, north.coordinator, service, replace(CLINIC, email="x"), NOW)


async def imported(
    session: AsyncSession, members: Members, content: Any, *, dry_run: bool = False
) -> list[tuple[str, str]]:
    found = await import_signposts(
        session, members.coordinator, json.dumps(content), "hsds", dry_run=dry_run, now=NOW
    )
    return [(each.fate, each.name) for each in found]


async def test_an_import_is_told_first_and_changes_nothing_twice(
    session: AsyncSession, projects: World
) -> None:
    content = [hsds(), hsds(id="2", name="Second", phones=[{"number": "x"}])]
    named = "Drop-in (Harbour Trust)"
    refused = ("refused", "Second (Harbour Trust)")

    assert await imported(session, projects.north, content, dry_run=True) == [
        ("new", named),
        refused,
    ]
    assert await all_entries(session, projects.north.worker) == []

    assert await imported(session, projects.north, content) == [("new", named), refused]
    assert await imported(session, projects.north, content) == [("same", named), refused]
    assert await imported(session, projects.south, hsds()) == [("new", named)]

    [entry] = await all_entries(session, projects.north.worker)
    assert (entry.name, entry.phone, entry.languages) == (named, "+44 113 496 0124", ["ur", "pl"])


async def test_an_import_that_closes_a_service_tells_its_project(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    await coordinates(session, north)
    await imported(session, north, hsds())
    [entry] = await all_entries(session, north.worker)
    await naming(session, north, entry.id)

    assert await imported(session, north, hsds(status="defunct")) == [("changed", entry.name)]

    assert await why(session, north) == ["signpost-closed"]
    assert await told(session) == [(north.coordinator.person_id, "answers-blocked")]


async def test_a_list_has_an_end(
    session: AsyncSession, projects: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_KEPT", 1)
    await add_signpost(session, projects.north.coordinator, CLINIC, NOW)

    with pytest.raises(EnoughSignposts):
        await add_signpost(session, projects.north.coordinator, CLINIC, NOW)
    with pytest.raises(EnoughSignposts):
        await imported(session, projects.north, hsds())
    await session.execute(update(Signpost).values(source_id=hsds()["id"]))
    assert (await imported(session, projects.north, hsds()))[0][0] == "changed"
