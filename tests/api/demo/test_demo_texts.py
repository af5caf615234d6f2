from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.demo.cast import GRACHT, HARBOUR
from api.demo.library import Library, read_library
from api.demo.stage import Stage, clock
from api.demo.texts import publish, read_by_all, take_up
from api.settings import Settings
from database.session import door
from federation.partners.keys import Node, NodeKeys
from federation.people.models import Person, RoleGrant
from federation.permissions.rules import Asker
from federation.pools.models import Pool, PoolMember
from federation.projects.models import Project
from protocols.acknowledgement.queries import lacking
from protocols.answers.queries import search_answers
from protocols.answers.rules import ready_to_send
from protocols.items.rules.drafts import Draft, reasons_against
from protocols.reading.queries import protocols_in_force, read_text

NOW = clock()
LIBRARY = read_library((NOW + timedelta(days=300)).date())


def drafts(library: Library) -> list[Draft]:
    return [library.first, library.second, *(canned.draft for canned in library.answers)]


def test_every_text_can_be_drafted_as_it_is() -> None:
    assert [reasons_against(draft) for draft in drafts(LIBRARY)] == [[]] * 12


def test_the_library_has_what_the_demo_promises() -> None:
    languages = [sorted(canned.translations) for canned in LIBRARY.answers]

    assert sorted(languages) == [[]] * 8 + [["nl", "ro"]] * 2
    assert len(LIBRARY.second.blocks) == len(LIBRARY.first.blocks) + 1
    assert {limit for canned in LIBRARY.answers for limit in canned.draft.use_limits} == {
        "reply-only",
        "public-post",
        "with-recorded-consent",
    }


def test_the_second_release_adds_one_part_and_changes_none() -> None:
    second = list(LIBRARY.second.blocks)
    added = second.pop(LIBRARY.added)

    assert second == LIBRARY.first.blocks
    assert added.locked


def test_translations_have_the_same_gaps_and_proper_letters() -> None:
    translated = [canned for canned in LIBRARY.answers if canned.translations]

    for canned in translated:
        [source] = canned.draft.blocks
        for translation in canned.translations.values():
            for gap in canned.draft.placeholders:
                assert source.text.count(f"{{{{{gap.name}}}}}") == translation.text.count(
                    f"{{{{{gap.name}}}}}"
                )
    romanian = "".join(canned.translations["ro"].text for canned in translated)
    assert set("ăâîșț") <= set(romanian.lower())
    assert not set("şţ") & set(romanian.lower())


@pytest.mark.parametrize("slug", ["harbour-lights", "clyde-outreach", "gracht-team"])
def test_every_project_has_a_value_for_every_gap(slug: str) -> None:
    for draft in drafts(LIBRARY):
        declared = {gap.name for gap in draft.placeholders if gap.filled_by == "project"}
        values = LIBRARY.values_for(slug, draft)
        assert {name for name, value in values.items() if value.strip()} == declared


@pytest.fixture
async def stage(committing_engine: AsyncEngine, database_url: str, tmp_path: Path) -> Stage:
    NodeKeys.create(tmp_path / "keys")
    node = Node.open(tmp_path / "keys", name="North", base_url="http://127.0.0.1:8000")
    settings = Settings(database_url=database_url)
    stage = Stage(settings, committing_engine, node, (HARBOUR, GRACHT))
    async with door(committing_engine) as session:
        pool = Pool(slug="chat", name="Chat", zone="Europe/London")
        session.add(pool)
        await session.flush()
        for troupe in stage.troupes:
            project = Project(
                slug=troupe.slug,
                name=troupe.name,
                region=troupe.region,
                jurisdiction=troupe.jurisdiction,
                zone=troupe.zone,
                languages=list(troupe.languages),
            )
            session.add(project)
            await session.flush()
            session.add(
                PoolMember(
                    pool_id=pool.id,
                    project_id=project.id,
                    hours_offered_per_week=1,
                    hours_before_per_week=1,
                    joined_at=NOW,
                )
            )
            for player in troupe.players:
                person = Person(project_id=project.id, name=player.name, languages=["en"])
                session.add(person)
                await session.flush()
                session.add_all(RoleGrant(person_id=person.id, role=one) for one in player.roles)
                stage.people[troupe.slug, player.name] = person.id
                asker = Asker(person.id, project.id, frozenset(player.roles))
                if "coordinator" in player.roles:
                    stage.askers[troupe.slug] = asker
                elif "reviewer" in player.roles:
                    stage.reviewers[troupe.slug] = asker
    return stage


async def test_projects_adopt_and_read_what_one_has_published(stage: Stage) -> None:
    async with door(stage.engine) as session:
        pool_id = (await session.scalars(select(Pool.id))).one()
    published = await publish(stage, pool_id, LIBRARY)
    protocol = published[0]
    workers = [
        stage.people[troupe.slug, player.name]
        for troupe in stage.troupes
        for player in troupe.players
        if player.windows
    ]
    async with door(stage.engine) as session:
        before = await lacking(session, workers, pool_id=pool_id)
    for troupe in stage.troupes:
        await take_up(stage, troupe, published, LIBRARY)
        await read_by_all(stage, troupe, protocol.urn)

    async with door(stage.engine) as session:
        after = await lacking(session, workers, pool_id=pool_id)
        dutch = stage.askers["gracht-team"]
        [line] = await protocols_in_force(session, dutch, NOW)
        found = await search_answers(session, dutch, language="nl", now=NOW)
    assert all(before.values())
    assert not any(after.values())
    assert (line.number, line.readers) == ("1.0.0", 5)
    assert len(found.answers) == 10
    assert sorted(answer.language for answer in found.answers) == ["en"] * 8 + ["nl"] * 2


async def test_no_answer_is_sent_with_an_open_gap(stage: Stage) -> None:
    async with door(stage.engine) as session:
        pool_id = (await session.scalars(select(Pool.id))).one()
    published = await publish(stage, pool_id, LIBRARY)
    await take_up(stage, GRACHT, published, LIBRARY)

    async with door(stage.engine) as session:
        reading = await read_text(session, stage.askers["gracht-team"], published[0].urn, "en", NOW)
        found = await search_answers(session, stage.askers["gracht-team"], now=NOW)
    assert reading.text is not None
    assert not any("{{" in passage.plain for passage in reading.text.passages)
    for answer in found.answers:
        values = {gap.name: gap.example for gap in answer.asks_worker}
        _, reasons = ready_to_send(
            answer.body, values, use_limits=answer.use_limits, used_as="reply-only"
        )
        assert reasons == []
