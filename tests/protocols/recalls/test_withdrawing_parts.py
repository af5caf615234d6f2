"""A recall of one part of a release, and of an answer altogether."""

from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotAllowed, NotFound
from federation.partners.rules.canonical import admit
from protocols.acknowledgement.queries import lacking
from protocols.acknowledgement.rules import hashes_that_count, needs_reading
from protocols.adoption.queries import text_of_project
from protocols.adoption.rules import InForce, text_hash
from protocols.items.actions import add_variant
from protocols.items.models import Item
from protocols.recalls.actions import recall_item
from protocols.recalls.errors import AlreadyRecalled, NothingWouldHold
from protocols.recalls.models import Recall
from protocols.recalls.rules import (
    PART_WITHDRAWN,
    RecallManifest,
    Withdrawal,
    Withdrawals,
    read_recall,
    words_instead,
)
from protocols.releases.models import Release
from protocols.releases.rules import paragraphs, read_manifest
from protocols.statements.rules import statement_of
from tests.protocols.example_texts import (
    NOW,
    Told,
    World,
    looked_over,
    protocol,
    read,
    recall_statements,
    release_approved,
    released,
    revised,
    signer,
    take_up,
    withdraw,
)

INSTEAD = {"en": "Ring the supervisor."}


def part(published: Release, place: int) -> UUID:
    return read_manifest(published.manifest).blocks[place].id


def said(text: InForce | None, language: str = "en") -> list[tuple[str, str]]:
    assert text
    assert text.manifest
    return [(one.text, one.language) for one in paragraphs(text.manifest, language)]


async def in_force(session: AsyncSession, projects: World, urn: str) -> InForce:
    text = await text_of_project(session, projects.south.project, urn)
    assert text
    return text


async def two_parts(session: AsyncSession, projects: World) -> Release:
    published = await released(
        session, projects.north, protocol(Told(parts=("Two online.", "Ring 999.")))
    )
    await take_up(session, projects.south, published)
    return published


async def test_a_withdrawn_part_is_replaced_and_the_rest_stays(
    session: AsyncSession, projects: World
) -> None:
    published = await two_parts(session, projects)
    wrong = part(published, 1)

    await withdraw(session, projects.north, published, block=wrong, holds_texts=INSTEAD)

    text = await in_force(session, projects, published.urn)
    assert said(text) == [("Two online.", "en"), ("Ring the supervisor.", "en")]
    assert (text.withdrawn_because, text.withdrawn_parts) == (
        None,
        {str(wrong): "The law has changed."},
    )


async def test_an_earlier_wording_of_the_part_holds(session: AsyncSession, projects: World) -> None:
    first = await two_parts(session, projects)
    second = await revised(
        session, projects.north, first, Told(parts=("Two are online.", "Ring 998."))
    )
    await take_up(session, projects.south, second)

    await withdraw(session, projects.north, second, block=part(second, 1), holds_number="1.0.0")

    text = await in_force(session, projects, first.urn)
    assert said(text) == [("Two are online.", "en"), ("Ring 999.", "en")]


async def translated(session: AsyncSession, projects: World, first: Release) -> Release:
    """Publish the same words again, with a translation."""
    item = (await session.scalars(select(Item).where(Item.urn == first.urn))).one()
    ids = [str(part(first, 0)), str(part(first, 1))]
    await add_variant(
        session,
        projects.north.reviewer,
        item.id,
        language="nl",
        title="Gedrag",
        texts=dict(zip(ids, ("Met twee.", "Bel 112."), strict=True)),
        now=NOW,
    )
    await looked_over(session, projects.north, item.id)
    return await release_approved(session, projects.north, item.id)


async def test_who_read_the_withdrawn_words_reads_what_holds(
    session: AsyncSession, projects: World
) -> None:
    published = await two_parts(session, projects)
    worker = projects.south.worker
    await read(session, worker, published.urn)
    assert await lacking(session, [worker.person_id]) == {worker.person_id: []}

    await withdraw(
        session, projects.north, published, block=part(published, 1), holds_texts=INSTEAD
    )

    text = await in_force(session, projects, published.urn)
    [missing] = (await lacking(session, [worker.person_id]))[worker.person_id]
    assert missing.urn == published.urn
    assert text.manifest
    assert hashes_that_count(text) == {text_hash(text.manifest, "en", {})}
    assert needs_reading(text)
    await read(session, worker, published.urn)
    assert await lacking(session, [worker.person_id]) == {worker.person_id: []}


async def test_a_reading_of_a_withdrawn_release_does_not_serve_a_later_one(
    session: AsyncSession, projects: World
) -> None:
    first = await two_parts(session, projects)
    worker = projects.south.worker
    await read(session, worker, first.urn)
    second = await revised(
        session, projects.north, first, Told(parts=("Two online.", "Ring.")), "notify"
    )
    await take_up(session, projects.south, second)
    assert await lacking(session, [worker.person_id]) == {worker.person_id: []}

    await withdraw(session, projects.north, first, block=part(first, 1), holds_texts=INSTEAD)

    [missing] = (await lacking(session, [worker.person_id]))[worker.person_id]
    assert missing.number == "1.1.0"


async def test_a_translation_shows_what_holds_in_its_language_or_the_source(
    session: AsyncSession, projects: World
) -> None:
    first = await two_parts(session, projects)
    second = await translated(session, projects, first)
    await take_up(session, projects.south, second)

    await withdraw(session, projects.north, second, block=part(second, 1), holds_texts=INSTEAD)
    text = await in_force(session, projects, first.urn)
    assert said(text, "nl") == [("Met twee.", "nl"), ("Ring the supervisor.", "en")]

    both = {**INSTEAD, "nl": "Bel de begeleider."}
    await withdraw(session, projects.north, second, block=part(second, 0), holds_texts=both)
    text = await in_force(session, projects, first.urn)
    assert said(text, "nl") == [("Bel de begeleider.", "nl"), ("Ring the supervisor.", "en")]


async def test_a_recall_of_a_part_says_what_holds_there(
    session: AsyncSession, projects: World
) -> None:
    first = await two_parts(session, projects)
    second = await revised(session, projects.north, first, Told(parts=("Two!", "Ring 999.")))
    wrong = part(second, 1)

    for holds in (
        {},
        {"holds_texts": {"nl": "Bel."}},
        {"holds_number": "1.0.0"},
        {"holds_number": "2.0.0"},
    ):
        with pytest.raises(NothingWouldHold):
            await withdraw(session, projects.north, second, block=wrong, **holds)
    for nowhere in ({"block": uuid4()}, {"holds_number": "7.0.0"}):
        with pytest.raises(NotFound):
            await withdraw(session, projects.north, second, **{"holds_texts": INSTEAD, **nowhere})
    await withdraw(session, projects.north, second, block=wrong, holds_texts=INSTEAD)
    await withdraw(session, projects.north, second, holds_texts=INSTEAD)
    with pytest.raises(AlreadyRecalled):
        await withdraw(session, projects.north, second, block=part(second, 0), holds_texts=INSTEAD)


class OldRecall(msgspec.Struct, frozen=True, kw_only=True):
    """What a node of the first version makes of a recall."""

    format: str
    recall: UUID
    urn: str
    project: UUID
    sequence: int
    reason: str
    holds: dict[str, Any]


async def test_an_old_reader_withdraws_the_whole_release(
    session: AsyncSession, projects: World
) -> None:
    published = await two_parts(session, projects)
    wrong = part(published, 1)
    await withdraw(session, projects.north, published, block=wrong, holds_texts=INSTEAD)
    [jws] = await recall_statements(session)
    stored = statement_of(jws).manifest.encode()

    old = msgspec.json.decode(stored, type=OldRecall)

    assert (old.urn, old.sequence) == (published.urn, 1)
    assert old.holds == {"sequence": None, "texts": INSTEAD}
    assert read_recall(stored).block == wrong


async def test_a_recall_of_a_whole_release_reads_as_it_always_did(
    session: AsyncSession, projects: World
) -> None:
    published = await two_parts(session, projects)
    await withdraw(session, projects.north, published, holds_texts=INSTEAD)
    [jws] = await recall_statements(session)
    assert set(admit(statement_of(jws).manifest.encode())) == {
        "format",
        "recall",
        "urn",
        "project",
        "sequence",
        "reason",
        "holds",
        "stated",
    }
    assert isinstance(read_recall(statement_of(jws).manifest.encode()), RecallManifest)


async def test_an_answer_is_withdrawn_in_all_its_releases(
    session: AsyncSession, projects: World
) -> None:
    first = await two_parts(session, projects)
    second = await revised(session, projects.north, first, Told(parts=("Two!",)))
    third = await revised(session, projects.north, first, Told(parts=("Two of you.",)))
    await withdraw(session, projects.north, second, holds_number="1.0.0")

    stated = await withdraw_all(session, projects, first)

    assert [one.sequence for one in stated] == [1, 3]
    assert {one.sequence for one in await session.scalars(select(Recall))} == {1, 2, 3}
    text = await in_force(session, projects, first.urn)
    assert (text.manifest, text.emergency, text.pending) == (None, INSTEAD, None)
    await take_up_again(session, projects, third)


async def withdraw_all(session: AsyncSession, projects: World, published: Release) -> list[Recall]:
    return await recall_item(
        session,
        projects.north.coordinator,
        urn=published.urn,
        reason="It was wrong.",
        holds_texts=INSTEAD,
        sign=signer,
        now=NOW,
    )


async def take_up_again(session: AsyncSession, projects: World, before: Release) -> None:
    """What is released after the recall stands."""
    mended = await revised(session, projects.north, before, Told(parts=("Right.",)))
    await take_up(session, projects.south, mended)
    text = await in_force(session, projects, mended.urn)
    assert said(text) == [("Right.", "en")]
    with_nothing_left = await withdraw_all(session, projects, mended)
    assert [one.sequence for one in with_nothing_left] == [4]
    with pytest.raises(AlreadyRecalled):
        await withdraw_all(session, projects, mended)


async def test_only_the_own_coordinator_withdraws_an_answer(
    session: AsyncSession, projects: World
) -> None:
    published = await two_parts(session, projects)
    for asker, refusal in (
        (projects.north.worker, NotAllowed),
        (projects.south.coordinator, NotFound),
    ):
        with pytest.raises(refusal):
            await recall_item(
                session,
                asker,
                urn=published.urn,
                reason="x",
                holds_texts=INSTEAD,
                sign=signer,
                now=NOW,
            )
    assert await recall_statements(session) == []


def test_recalls_of_parts_are_followed_to_what_is_right() -> None:
    stop = Withdrawal("first", None, {"en": "Stop."})
    back = Withdrawal("second", 1, None)
    whole = Withdrawal("third", None, {"en": "All is wrong."})

    def holds(known: Withdrawals) -> object:
        return words_instead(3, known, {})

    assert holds(Withdrawals({}, {})) == {}
    assert holds(Withdrawals({}, {3: {"a": stop}})) == {"a": {"en": "Stop."}}
    assert holds(Withdrawals({}, {3: {"a": back}, 1: {"a": stop}})) == {"a": {"en": "Stop."}}
    assert holds(Withdrawals({1: whole}, {3: {"a": back}})) == {"a": {"en": "All is wrong."}}
    # the earlier release has not arrived: never the withdrawn words
    assert holds(Withdrawals({}, {3: {"a": back}})) == {"a": {"en": PART_WITHDRAWN}}
