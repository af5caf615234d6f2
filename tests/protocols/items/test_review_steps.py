"""A text goes from draft to review, to approval and release, and who acts next is always known."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotAllowed, NotFound
from protocols.history.queries import saved_states, written_at
from protocols.items.actions import (
    approve,
    ask_for_review,
    choose_acknowledgement,
    draft_item,
    revise_item,
    send_back,
)
from protocols.items.errors import (
    AlreadyInReview,
    ChangedSinceSeen,
    DifferenceNotSeen,
    DraftRefused,
    NotInReview,
)
from protocols.items.models import Item
from protocols.items.rules.drafts import DraftBlock
from protocols.items.rules.states import waits_for
from protocols.releases.rules import AcknowledgementClass, read_manifest
from tests.protocols.example_texts import (
    NOW,
    Told,
    World,
    answer,
    looked_over,
    protocol,
    release_approved,
    released,
    verbs,
)


async def test_each_step_leads_to_the_next(session: AsyncSession, projects: World) -> None:
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told()), NOW)
    states = [item.state]
    for step in (ask_for_review, send_back, ask_for_review, approve):
        asker = north.reviewer if step is ask_for_review else north.coordinator
        await step(session, asker, item.id, NOW)
        states.append(item.state)
    await release_approved(session, north, item.id)

    assert [*states, item.state] == [
        "draft",
        "in-review",
        "draft",
        "in-review",
        "approved",
        "released",
    ]
    assert await verbs(session) == [
        ("drafted", "item"),
        ("review-asked", "item"),
        ("changes-asked", "item"),
        ("review-asked", "item"),
        ("approved", "item"),
        ("released", "release"),
    ]


async def test_what_is_still_written_is_not_approved(
    session: AsyncSession, projects: World
) -> None:
    item = await draft_item(session, projects.north.reviewer, protocol(Told()), NOW)

    with pytest.raises(NotInReview):
        await approve(session, projects.north.coordinator, item.id, NOW)
    with pytest.raises(NotInReview):
        await send_back(session, projects.north.coordinator, item.id, NOW)


async def test_a_review_is_asked_for_once(session: AsyncSession, projects: World) -> None:
    item = await draft_item(session, projects.north.reviewer, protocol(Told()), NOW)
    await ask_for_review(session, projects.north.reviewer, item.id, NOW)

    with pytest.raises(AlreadyInReview):
        await ask_for_review(session, projects.north.reviewer, item.id, NOW)


async def test_an_approver_approves_what_was_on_their_page(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told()), NOW)
    seen = item.version
    await revise_item(session, north.reviewer, item.id, protocol(Told(parts=("Other.",))), NOW)
    await ask_for_review(session, north.reviewer, item.id, NOW)

    with pytest.raises(ChangedSinceSeen):
        await approve(session, north.coordinator, item.id, NOW, seen=seen)

    assert item.state == "in-review"


async def test_nobody_writes_over_what_somebody_else_saved(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told()), NOW)
    seen = item.version
    await revise_item(session, north.coordinator, item.id, protocol(Told(title="A")), NOW)

    with pytest.raises(ChangedSinceSeen):
        await revise_item(
            session, north.reviewer, item.id, protocol(Told(title="B")), NOW, seen=seen
        )


async def test_minor_change_abuse_a_second_person_sees_the_difference(
    session: AsyncSession, projects: World
) -> None:
    """Minor-change abuse: what asks nobody to read again is looked at before it is approved."""
    north = projects.north
    published = await released(session, north, protocol(Told()))
    item = await _item(session, published.urn)
    small = replace(protocol(Told(parts=("Never be alone.",))), acknowledgement="none")
    await revise_item(session, north.reviewer, item.id, small, NOW)
    await ask_for_review(session, north.reviewer, item.id, NOW)

    with pytest.raises(DifferenceNotSeen):
        await approve(session, north.coordinator, item.id, NOW)
    await approve(session, north.coordinator, item.id, NOW, seen=item.version)

    assert (await release_approved(session, north, item.id)).number == "1.0.1"


async def test_the_class_is_the_authors_choice_and_another_choice_is_reviewed_anew(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told()), NOW)
    await looked_over(session, north, item.id)

    await choose_acknowledgement(session, north.reviewer, item.id, "notify", NOW)

    assert (item.state, item.approver_id, item.acknowledgement) == ("draft", None, "notify")
    await looked_over(session, north, item.id)
    published = await release_approved(session, north, item.id)
    assert read_manifest(published.manifest).acknowledgement == "notify"


async def test_pruned_revisions_destroy_evidence_so_none_is(
    session: AsyncSession, projects: World
) -> None:
    """BookStack forgets all but a hundred."""
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told()), NOW)
    for place in range(120):
        acknowledgement: AcknowledgementClass = "none" if place % 2 else "notify"
        await choose_acknowledgement(session, north.reviewer, item.id, acknowledgement, NOW)

    states = await saved_states(session, item.id)

    assert [one.version for one in states] == list(range(121, 0, -1))
    assert (await written_at(session, item.id, 1)).acknowledgement == "re-read"


async def test_every_saved_version_is_kept(session: AsyncSession, projects: World) -> None:
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told()), NOW)
    for place in range(5):
        told = Told(title=f"Title {place}")
        await revise_item(session, north.coordinator, item.id, protocol(told), NOW)
    await choose_acknowledgement(session, north.reviewer, item.id, "none", NOW)

    states = await saved_states(session, item.id)
    titles = [(await written_at(session, item.id, one.version)).source.title for one in states]
    assert [one.version for one in states] == [7, 6, 5, 4, 3, 2, 1]
    assert titles == [
        "Title 4",
        "Title 4",
        "Title 3",
        "Title 2",
        "Title 1",
        "Title 0",
        "Live chat conduct",
    ]
    assert {one.by for one in states} == {"north reviewer", "north coordinator"}
    with pytest.raises(NotFound):
        await written_at(session, item.id, 8)


async def test_the_history_says_which_version_was_released(
    session: AsyncSession, projects: World
) -> None:
    published = await released(session, projects.north, protocol(Told()))
    item = await _item(session, published.urn)
    await choose_acknowledgement(session, projects.north.reviewer, item.id, "none", NOW)

    states = await saved_states(session, item.id)

    assert [(one.version, one.released_as) for one in states] == [(2, None), (1, "1.0.0")]


async def test_an_owner_is_somebody_of_the_own_project(
    session: AsyncSession, projects: World
) -> None:
    north = projects.north
    mine = await draft_item(session, north.reviewer, protocol(Told()), NOW)
    given = replace(protocol(Told()), owner=north.worker.person_id)
    theirs = replace(protocol(Told()), owner=projects.south.worker.person_id)

    other = await draft_item(session, north.reviewer, given, NOW)
    await revise_item(session, north.coordinator, other.id, protocol(Told(title="B")), NOW)
    with pytest.raises(DraftRefused) as refused:
        await draft_item(session, north.reviewer, theirs, NOW)

    assert mine.owner_id == north.reviewer.person_id
    assert other.owner_id == north.worker.person_id
    assert [reason.code for reason in refused.value.reasons] == ["no-such-owner"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": "x" * 501}, "line-too-long"),
        ({"keywords": ["x" * 501]}, "line-too-long"),
        ({"keywords": ["x"] * 31}, "too-many"),
        ({"jurisdictions": ["x"] * 31}, "too-many"),
        ({"blocks": [DraftBlock("x" * 20_001)]}, "part-too-long"),
        ({"blocks": [DraftBlock("x")] * 101}, "too-many"),
    ],
)
async def test_a_draft_has_caps(
    session: AsyncSession, projects: World, change: dict[str, object], code: str
) -> None:
    draft = replace(answer("Where?", "Here."), **change)  # type: ignore[arg-type]  # one field

    with pytest.raises(DraftRefused) as refused:
        await draft_item(session, projects.north.reviewer, draft, NOW)

    assert [reason.code for reason in refused.value.reasons] == [code]


async def test_steps_are_for_those_whose_they_are(session: AsyncSession, projects: World) -> None:
    north = projects.north
    item = await draft_item(session, north.reviewer, protocol(Told()), NOW)

    for step in (ask_for_review, send_back):
        with pytest.raises(NotAllowed):
            await step(session, north.worker, item.id, NOW)
        with pytest.raises(NotFound):
            await step(session, projects.south.coordinator, item.id, NOW)
    with pytest.raises(NotAllowed):
        await choose_acknowledgement(session, north.worker, item.id, "none", NOW)
    with pytest.raises(NotFound):
        await choose_acknowledgement(session, projects.south.reviewer, item.id, "none", NOW)

    assert item.state == "draft"


@pytest.mark.parametrize(
    ("state", "role", "wrote", "waits"),
    [
        ("draft", "reviewer", True, True),
        ("draft", "worker", False, False),
        ("in-review", "reviewer", True, False),
        ("in-review", "coordinator", False, True),
        ("approved", "reviewer", False, False),
        ("approved", "coordinator", True, True),
        ("released", "coordinator", True, False),
    ],
)
def test_who_acts_next(state: str, role: str, wrote: bool, waits: bool) -> None:  # noqa: FBT001
    assert waits_for(state, frozenset({role}), wrote=wrote) is waits  # type: ignore[arg-type]


async def _item(session: AsyncSession, urn: str) -> Item:
    item_id = UUID(urn.removeprefix("urn:uuid:"))
    return await session.get_one(Item, item_id)
