"""A project's own parts: drafted by one, approved by another, live only then."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import broken_constraint
from federation.errors import NotAllowed, NotFound
from federation.permissions.rules import Asker
from protocols.adapting.actions import drop_change, give_values, remove_part, write_part
from protocols.adapting.approval.actions import approve_change, ask_approval, send_back
from protocols.adapting.errors import ChangeDiffers, NotAsked, NothingOpen, NothingToApprove
from protocols.adapting.queries import change_of
from protocols.adoption.errors import ChangeOpen, ValuesMissing, ValuesNeedApproval
from protocols.adoption.models import Adoption
from protocols.adoption.queries import text_of_project, texts_of_projects
from protocols.adoption.rules import effective_hash
from protocols.items.errors import AuthorMayNotApprove
from protocols.overlays.errors import PartsRefused
from protocols.overlays.models import Overlay
from protocols.pool_texts.actions import name_pool_text
from protocols.recalls.errors import Withdrawn
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from tests.protocols.adapting.own_words import (
    TOLD,
    VALUES,
    adding,
    blocks,
    replacing,
    taken_up,
    words,
)
from tests.protocols.example_texts import (
    NOW,
    World,
    approve_own,
    protocol,
    released,
    revised,
    take_up,
    verbs,
    withdraw,
)


@pytest.fixture
async def text(session: AsyncSession, projects: World) -> Release:
    return await taken_up(session, projects)


async def test_an_own_part_is_live_once_a_second_person_approved_it(
    session: AsyncSession, projects: World, text: Release
) -> None:
    south = projects.south
    await write_part(session, south.reviewer, text.urn, replacing(text, 0, "Three of you."), NOW)
    await write_part(
        session, south.reviewer, text.urn, adding("Tell the lead.", blocks(text)[0]), NOW
    )
    before = await words(session, south, text.urn)
    adoption = await approve_own(session, south, text.urn)

    held = await text_of_project(session, south.project, text.urn)
    assert before == ["Two of you are online.", "Ring {{on_call}}."]
    assert await words(session, south, text.urn) == [
        "Three of you.",
        "Tell the lead.",
        "Ring {{on_call}}.",
    ]
    assert held is not None
    assert held.manifest is not None
    assert adoption.effective_hash == effective_hash(held.manifest, VALUES)
    assert held.upstream == read_manifest(text.manifest)
    assert (await verbs(session))[-1] == ("approved-change", "overlay")
    assert (adoption.adopted_by, adoption.locked_hash) == (south.coordinator.person_id, text.hash)


async def test_whoever_wrote_in_it_does_not_approve_it(
    session: AsyncSession, projects: World, text: Release
) -> None:
    south = projects.south
    await write_part(session, south.coordinator, text.urn, adding("Tell the lead."), NOW)
    asked = await ask_approval(session, south.reviewer, text.urn, NOW)

    with pytest.raises(AuthorMayNotApprove):
        await approve_change(
            session, south.coordinator, text.urn, seen=asked.asked_hash or b"", now=NOW
        )
    with pytest.raises(IntegrityError) as broken:
        await session.execute(
            update(Overlay).values(
                state="approved",
                approver_id=south.coordinator.person_id,
                approved_hash=b"0" * 32,
            )
        )
    assert broken_constraint(broken.value) == "ck_overlay_author_is_not_approver"


async def test_what_is_live_is_what_was_approved(
    session: AsyncSession, projects: World, text: Release
) -> None:
    south = projects.south
    await write_part(session, south.reviewer, text.urn, adding("Tell the lead."), NOW)
    with pytest.raises(NotAsked):
        await approve_change(session, south.coordinator, text.urn, seen=b"", now=NOW)
    asked = await ask_approval(session, south.reviewer, text.urn, NOW)
    seen = asked.asked_hash or b""
    await write_part(session, south.reviewer, text.urn, adding("Tell the second."), NOW)
    await ask_approval(session, south.reviewer, text.urn, NOW)
    with pytest.raises(ChangeDiffers):
        await approve_change(session, south.coordinator, text.urn, seen=seen, now=NOW)
    assert len(await words(session, south, text.urn)) == 2

    await approve_own(session, south, text.urn)
    with pytest.raises(IntegrityError) as broken:
        await session.execute(update(Adoption).values(effective_hash=b"0" * 32))
    assert broken_constraint(broken.value) == "fk_adoption_live_is_what_was_approved"


async def test_a_value_in_use_is_changed_by_two(
    session: AsyncSession, projects: World, text: Release
) -> None:
    south = projects.south
    other = {"on_call": "0113 496 0001"}
    with pytest.raises(ValuesNeedApproval):
        await take_up(session, south, text, values=other)

    await give_values(session, south.reviewer, text.urn, other, NOW)
    with pytest.raises(ChangeOpen):
        await take_up(session, south, text)
    adoption = await approve_own(session, south, text.urn)

    assert adoption.values == other
    # no own part is left behind: the next version is one decision again
    second = await revised(session, projects.north, text, TOLD.__class__(parts=("Two.",)))
    assert (await take_up(session, south, second)).values == {}


async def test_a_text_is_taken_up_with_first_values_by_two_as_well(
    session: AsyncSession, projects: World
) -> None:
    published = await released(session, projects.north, protocol(TOLD))
    south = projects.south
    await give_values(session, south.reviewer, published.urn, {"on_call": " "}, NOW)
    with pytest.raises(ValuesMissing):
        await ask_approval(session, south.reviewer, published.urn, NOW)
    assert await text_of_project(session, south.project, published.urn) is None

    await give_values(session, south.reviewer, published.urn, VALUES, NOW)
    adoption = await approve_own(session, south, published.urn)

    assert (adoption.mode, adoption.values) == ("tracking", VALUES)


async def test_a_pools_text_is_only_added_to(
    session: AsyncSession, projects: World, text: Release
) -> None:
    south = projects.south
    await write_part(session, south.reviewer, text.urn, replacing(text, 0, "One will do."), NOW)
    await write_part(session, south.reviewer, text.urn, adding("Tell the lead."), NOW)
    await approve_own(session, south, text.urn)
    await name_pool_text(
        session, projects.north.coordinator, pool_id=projects.pool, urn=text.urn, now=NOW
    )

    held = await text_of_project(session, south.project, text.urn)
    [listed] = await texts_of_projects(session, [south.project])
    assert held == listed
    assert await words(session, south, text.urn) == [
        "Tell the lead.",
        "Two of you are online.",
        "Ring {{on_call}}.",
    ]
    assert [part.texts["en"] for part in listed.set_aside] == ["One will do."]
    with pytest.raises(PartsRefused) as refused:
        await write_part(session, south.reviewer, text.urn, replacing(text, 1, "No."), NOW)
    assert [reason.code for reason in refused.value.reasons] == ["pool-text-only-added-to"]
    with pytest.raises(PartsRefused):
        await ask_after(session, south.reviewer, text.urn)


async def ask_after(session: AsyncSession, asker: Asker, urn: str) -> None:
    """Ask for approval of a change that still holds what was right before the pool's decision."""
    await write_part(session, asker, urn, adding("And Sam."), NOW)
    await ask_approval(session, asker, urn, NOW)


async def test_a_recall_is_stronger_than_an_own_part(
    session: AsyncSession, projects: World, text: Release
) -> None:
    south = projects.south
    more = replace(TOLD, parts=("Two of you, always.", "Ring {{on_call}}."))
    second = await revised(session, projects.north, text, more)
    await take_up(session, south, second)
    await write_part(session, south.reviewer, text.urn, replacing(second, 0, "Three of you."), NOW)
    await write_part(session, south.reviewer, text.urn, adding("Tell the lead."), NOW)
    await approve_own(session, south, text.urn)
    await withdraw(session, projects.north, second, holds_number="1.0.0")

    held = await text_of_project(session, south.project, text.urn)
    assert await words(session, south, text.urn) == [
        "Tell the lead.",
        "Two of you are online.",
        "Ring {{on_call}}.",
    ]
    assert held is not None
    assert [part.texts["en"] for part in held.set_aside] == ["Three of you."]
    await give_values(session, south.reviewer, text.urn, {"on_call": "0113"}, NOW)
    with pytest.raises(Withdrawn):
        await ask_approval(session, south.reviewer, text.urn, NOW)


async def test_a_draft_is_dropped_or_sent_back(
    session: AsyncSession, projects: World, text: Release
) -> None:
    south = projects.south
    for act in (ask_approval, drop_change):
        with pytest.raises(NothingOpen):
            await act(session, south.reviewer, text.urn, NOW)
    part = adding("Tell the lead.")
    await write_part(session, south.reviewer, text.urn, part, NOW)
    with pytest.raises(NotAsked):
        await send_back(session, south.coordinator, text.urn, sentence="No.", now=NOW)
    await ask_approval(session, south.reviewer, text.urn, NOW)
    back = await send_back(session, south.coordinator, text.urn, sentence="Who is that?", now=NOW)
    assert (back.state, back.sent_back) == ("draft", "Who is that?")
    await remove_part(session, south.reviewer, text.urn, part.block, NOW)
    with pytest.raises(NotFound):
        await remove_part(session, south.reviewer, text.urn, part.block, NOW)
    with pytest.raises(NothingToApprove):
        await ask_approval(session, south.reviewer, text.urn, NOW)
    await drop_change(session, south.reviewer, text.urn, NOW)
    assert (await change_of(session, south.reviewer, text.urn)).overlay is None
    assert await session.scalar(select(Overlay.state)) == "dropped"


async def test_only_the_project_itself_changes_its_text(
    session: AsyncSession, projects: World, text: Release
) -> None:
    south, elsewhere = projects.south, projects.elsewhere
    await write_part(session, south.reviewer, text.urn, adding("Our secret line."), NOW)
    asked = await ask_approval(session, south.reviewer, text.urn, NOW)
    seen = asked.asked_hash or b""

    for asker, refusal in ((south.worker, NotAllowed), (elsewhere.reviewer, NotFound)):
        with pytest.raises(refusal):
            await write_part(session, asker, text.urn, adding("X"), NOW)
    for asker, other in ((south.worker, NotAllowed), (elsewhere.coordinator, NothingOpen)):
        with pytest.raises(other):
            await approve_change(session, asker, text.urn, seen=seen, now=NOW)
    theirs = await change_of(session, projects.north.reviewer, text.urn)
    assert (theirs.overlay, theirs.next.parts) == (None, ())
    with pytest.raises(NotFound):
        await change_of(session, elsewhere.reviewer, text.urn)
    assert len(await words(session, south, text.urn)) == 2
