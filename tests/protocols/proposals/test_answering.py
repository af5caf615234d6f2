"""The owner takes a proposal into the draft, where it is reviewed, or says why not."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotAllowed, NotFound
from federation.notices.models import Notice
from federation.people.models import Person
from federation.permissions.rules import Asker
from protocols.adapting.actions import take_version
from protocols.adapting.queries import change_of, comparison
from protocols.history.rules.words import as_text
from protocols.items.actions import approve, ask_for_review, revise_item
from protocols.items.errors import AuthorMayNotApprove, ChangedSinceSeen
from protocols.items.models import Item
from protocols.items.queries import blocks_of
from protocols.proposals.decisions.actions import accept, decline
from protocols.proposals.decisions.queries import to_decide
from protocols.proposals.errors import AlreadyAnswered, PartGone, SentenceRefused
from protocols.proposals.queries import proposals_of
from protocols.releases.models import Release
from tests.protocols.adapting.own_words import TOLD
from tests.protocols.example_texts import (
    NOW,
    Members,
    World,
    approve_own,
    protocol,
    release_approved,
    verbs,
)
from tests.protocols.proposals.suggestions import (
    RESTORED,
    Suggesting,
    item_of,
    proposed,
    state,
    words,
)


async def test_accepted_it_is_a_change_of_the_draft_that_somebody_else_approves(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    north = projects.north
    item = await item_of(session, own.text.urn)
    item.derived_from_urn, item.derived_from_hash = f"urn:uuid:{uuid4()}", b"1" * 32
    await session.flush()
    derived = (item.derived_from_urn, item.derived_from_hash)
    proposal = await proposed(session, projects.south, own)

    changed = await accept(session, north.coordinator, proposal, seen=item.version, now=NOW)

    assert await words(session, changed) == [
        RESTORED,
        "Ring {{on_call}}.",
        "Close the chat together.",
    ]
    assert (changed.state, changed.derived_from_urn, changed.derived_from_hash) == (
        "draft",
        *derived,
    )
    assert (await blocks_of(session, item.id))[0].id == own.replaced
    assert await state(session, proposal) == ("accepted", "")
    assert (await verbs(session))[-1] == ("accepted-proposal", "proposal")
    await ask_for_review(session, north.reviewer, item.id, NOW)
    with pytest.raises(AuthorMayNotApprove):
        await approve(session, north.coordinator, item.id, NOW, seen=changed.version)
    told = await session.scalars(
        select(Notice.person_id).where(Notice.code == "text-proposal-answered")
    )
    assert set(told) == {
        projects.south.coordinator.person_id,
        projects.south.reviewer.person_id,
    }
    with pytest.raises(AlreadyAnswered):
        await decline(session, north.reviewer, proposal, sentence="No.", now=NOW)


async def released_with(session: AsyncSession, north: Members, item: Item) -> Release:
    await ask_for_review(session, north.coordinator, item.id, NOW)
    await approve(session, north.reviewer, item.id, NOW, seen=item.version)
    return await release_approved(session, north, item.id)


async def test_released_it_converges_and_the_own_parts_are_dropped(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    north, south, urn = projects.north, projects.south, own.text.urn
    proposal = await proposed(session, south, own)
    item = await accept(session, north.coordinator, proposal, seen=1, now=NOW)
    second = await released_with(session, north, item)

    _, _, steps = await comparison(session, south.reviewer, urn, second.number)
    assert {step.kind for step in steps if step.part} == {"same"}
    for _ in range(2):
        overlay = await take_version(
            session, south.reviewer, urn, number=second.number, decisions={}, now=NOW
        )
        assert overlay.parts == []
    await approve_own(session, south, urn)
    live = (await change_of(session, south.reviewer, urn)).live
    assert live is not None
    assert (live.release.id, list(live.parts)) == (second.id, [])


async def test_it_is_taken_beside_the_draft_that_was_on_the_page(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    north = projects.north
    item = await item_of(session, own.text.urn)
    proposal = await proposed(session, projects.south, own)
    before = await to_decide(session, north.coordinator, proposal)
    told = replace(TOLD, parts=("Two of you, always.", "Ring {{on_call}}."), ids=own.ids)
    await revise_item(session, north.reviewer, item.id, protocol(told), NOW)

    with pytest.raises(ChangedSinceSeen):
        await accept(session, north.coordinator, proposal, seen=before.version, now=NOW)
    beside = await to_decide(session, north.coordinator, proposal)
    assert [(one.reworded, one.gone, one.after) for one in beside.parts] == [
        (True, False, None),
        (False, False, "Ring {{on_call}}."),
    ]
    assert [(language, as_text(said)) for language, said in beside.parts[0].languages] == [
        (
            "en",
            (
                "[removed: Two][added: Three] of you[removed: , always]"
                "[added:  are online, and {{on_call}} is rung]."
            ),
        )
    ]
    assert await words(session, item) == ["Two of you, always.", "Ring {{on_call}}."]
    await accept(session, north.coordinator, proposal, seen=beside.version, now=NOW)
    assert (await words(session, item))[0] == RESTORED


async def test_what_the_draft_no_longer_has_is_not_taken_in_silence(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    north = projects.north
    item = await item_of(session, own.text.urn)
    proposal = await proposed(session, projects.south, own)
    gone = replace(TOLD, parts=("Ring {{on_call}}.",), ids=(own.second,))
    await revise_item(session, north.reviewer, item.id, protocol(gone), NOW)
    beside = await to_decide(session, north.coordinator, proposal)
    assert [one.gone for one in beside.parts] == [True, False]
    with pytest.raises(PartGone) as refused:
        await accept(session, north.coordinator, proposal, seen=beside.version, now=NOW)
    assert [reason.code for reason in refused.value.reasons] == ["part-gone"]
    assert await state(session, proposal) == ("sent", "")


async def test_an_added_part_finds_its_place_where_what_it_followed_is_gone(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    north = projects.north
    item = await item_of(session, own.text.urn)
    proposal = await proposed(session, projects.south, own)
    other = replace(TOLD, parts=("Two.",), ids=(own.replaced,))
    await revise_item(session, north.reviewer, item.id, protocol(other), NOW)
    beside = await to_decide(session, north.coordinator, proposal)
    assert [one.after for one in beside.parts] == [None, "Two."]

    await accept(session, north.coordinator, proposal, seen=beside.version, now=NOW)

    assert await words(session, item) == [RESTORED, "Close the chat together."]


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        (" ", "no-sentence"),
        ("x" * 501, "sentence-too-long"),
        ("Ask me@home.example.", "sentence-personal"),
        ("ROBIN says no.", "own-people"),
    ],
)
async def test_a_no_has_a_sentence_that_tells_of_nobody(
    session: AsyncSession, projects: World, own: Suggesting, sentence: str, code: str
) -> None:
    session.add(Person(project_id=projects.north.project, name="Robin Ash", languages=["en"]))
    proposal = await proposed(session, projects.south, own)
    with pytest.raises(SentenceRefused) as refused:
        await decline(session, projects.north.coordinator, proposal, sentence=sentence, now=NOW)
    assert [reason.code for reason in refused.value.reasons] == [code]
    assert await state(session, proposal) == ("sent", "")


async def test_a_no_reaches_the_project_that_asked(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    proposal = await proposed(session, projects.south, own)
    await decline(
        session, projects.north.coordinator, proposal, sentence=" The law says two. ", now=NOW
    )
    [seen] = await proposals_of(session, projects.south.coordinator)
    assert (seen.received, seen.project, seen.state, seen.sentence, seen.answered_at) == (
        False,
        "North",
        "declined",
        "The law says two.",
        NOW,
    )
    assert await words(session, await item_of(session, own.text.urn)) == list(TOLD.parts)
    # the next one can be made, and is another
    assert await proposed(session, projects.south, own) != proposal


async def test_only_the_owner_answers(
    session: AsyncSession, projects: World, own: Suggesting
) -> None:
    proposal = await proposed(session, projects.south, own)
    north = projects.north
    reading = replace(north.coordinator, scopes=frozenset({"read"}))
    refused: list[tuple[Asker, type[Exception]]] = [
        (north.worker, NotAllowed),
        (reading, NotAllowed),
        (projects.south.coordinator, NotFound),
        (projects.elsewhere.coordinator, NotFound),
    ]
    for asker, refusal in refused:
        with pytest.raises(refusal):
            await accept(session, asker, proposal, seen=1, now=NOW)
        with pytest.raises(refusal):
            await decline(session, asker, proposal, sentence="No.", now=NOW)
    for asker in (projects.south.coordinator, projects.elsewhere.coordinator):
        with pytest.raises(NotFound):
            await to_decide(session, asker, proposal)
    with pytest.raises(NotAllowed):
        await to_decide(session, north.worker, proposal)
    assert await state(session, proposal) == ("sent", "")
