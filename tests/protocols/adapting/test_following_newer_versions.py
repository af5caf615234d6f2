"""A newer version of a text that a project uses: offered, decided where both differ, then live."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from protocols.adapting.actions import follow, give_values, take_version, write_part
from protocols.adapting.approval.actions import ask_approval
from protocols.adapting.errors import NotNewer, StaleTranslations
from protocols.adoption.errors import OwnPartsInTheWay, ValuesMissing
from protocols.adoption.queries import text_of_project
from protocols.items.actions import add_variant, draft_item, revise_item
from protocols.items.queries import blocks_of
from protocols.items.rules.drafts import DraftBlock, DraftPlaceholder
from protocols.overlays.rules.three_way import Decision
from protocols.releases.models import Release
from tests.protocols.adapting.own_words import (
    PHONE,
    TOLD,
    adding,
    blocks,
    replacing,
    taken_up,
    words,
)
from tests.protocols.example_texts import (
    NOW,
    Told,
    World,
    approve_own,
    looked_over,
    protocol,
    release_approved,
    revised,
    take_up,
)

SAFETY = replace(
    protocol(Told()), protocol_kind="safeguarding", blocks=[DraftBlock("Ring 999.", locked=True)]
)


@pytest.fixture
async def text(session: AsyncSession, projects: World) -> Release:
    return await taken_up(session, projects)


async def test_the_old_text_is_live_until_every_conflict_is_decided(
    session: AsyncSession, projects: World, text: Release
) -> None:
    south = projects.south
    await write_part(session, south.reviewer, text.urn, replacing(text, 0, "Three of you."), NOW)
    await write_part(session, south.reviewer, text.urn, adding("Tell the lead."), NOW)
    await approve_own(session, south, text.urn)
    more = replace(TOLD, parts=("Two of you, always.", "Ring {{on_call}} at once."))
    second = await revised(session, projects.north, text, more)
    live = ["Tell the lead.", "Three of you.", "Ring {{on_call}}."]

    waiting = await text_of_project(session, south.project, text.urn)
    assert waiting is not None
    assert waiting.pending == "2.0.0"
    with pytest.raises(OwnPartsInTheWay):
        await take_up(session, south, second)
    decided = {blocks(text)[0]: Decision("text", {"en": "Three of you, always."})}
    await take_version(
        session, south.reviewer, text.urn, number="2.0.0", decisions=decided, now=NOW
    )
    assert await words(session, south, text.urn) == live
    await approve_own(session, south, text.urn)

    assert await words(session, south, text.urn) == [
        "Tell the lead.",
        "Three of you, always.",
        "Ring {{on_call}} at once.",
    ]
    with pytest.raises(NotNewer):
        await take_version(session, south.reviewer, text.urn, number="1.0.0", decisions={}, now=NOW)


async def test_a_new_gap_blocks_going_live_helm_3655(
    session: AsyncSession, projects: World, text: Release
) -> None:
    """Values kept from before never stand for a gap that is new (`--reuse-values`)."""
    south = projects.south
    await write_part(session, south.reviewer, text.urn, adding("Tell the lead."), NOW)
    await approve_own(session, south, text.urn)
    gap = DraftPlaceholder("deputy", "Sam")
    more = replace(TOLD, parts=("Two.", "Ring {{on_call}}, {{deputy}}."), placeholders=[PHONE, gap])
    await revised(session, projects.north, text, more)
    await take_version(session, south.reviewer, text.urn, number="2.0.0", decisions={}, now=NOW)

    with pytest.raises(ValuesMissing) as refused:
        await ask_approval(session, south.reviewer, text.urn, NOW)

    assert [reason.code for reason in refused.value.reasons] == ["placeholder-without-value"]
    assert "Ring {{on_call}}." in await words(session, south, text.urn)
    await give_values(session, south.reviewer, text.urn, {"deputy": "Sam"}, NOW)
    await approve_own(session, south, text.urn)
    assert "Ring {{on_call}}, {{deputy}}." in await words(session, south, text.urn)


async def test_a_pinned_text_is_offered_and_never_proposed(
    session: AsyncSession, projects: World, text: Release
) -> None:
    south = projects.south
    await follow(session, south.coordinator, text.urn, "pinned", NOW)
    await revised(session, projects.north, text, replace(TOLD, parts=("Two.", "Ring {{on_call}}.")))

    held = await text_of_project(session, south.project, text.urn)
    assert held is not None
    assert (held.pending, held.offered) == (None, "2.0.0")
    await follow(session, south.coordinator, text.urn, "tracking", NOW)
    held = await text_of_project(session, south.project, text.urn)
    assert held is not None
    assert (held.pending, held.offered) == ("2.0.0", "2.0.0")
    with pytest.raises(NotFound):
        await follow(session, projects.north.coordinator, text.urn, "pinned", NOW)


async def test_a_stale_translation_of_a_text_about_safety_is_never_silent(
    session: AsyncSession, projects: World
) -> None:
    north, south = projects.north, projects.south
    item = await draft_item(session, north.reviewer, SAFETY, NOW)
    [only] = await blocks_of(session, item.id)
    await add_variant(
        session,
        north.reviewer,
        item.id,
        language="nl",
        title="Veilig",
        texts={str(only.id): "Bel 112."},
        now=NOW,
    )
    await looked_over(session, north, item.id)
    first = await release_approved(session, north, item.id)
    await take_up(session, south, first)
    await write_part(session, south.reviewer, first.urn, adding("Tell the lead."), NOW)
    await approve_own(session, south, first.urn)
    newer = replace(SAFETY, blocks=[DraftBlock("Ring 999, then us.", locked=True, id=only.id)])
    await revise_item(session, north.reviewer, item.id, newer, NOW)
    await looked_over(session, north, item.id)
    second = await release_approved(session, north, item.id)
    wanted: dict[str, Any] = {"number": second.number, "decisions": {}, "now": NOW}

    with pytest.raises(StaleTranslations) as refused:
        await take_version(session, south.reviewer, first.urn, **wanted)
    assert [reason.code for reason in refused.value.reasons] == ["stale-translation"]
    await take_version(session, south.reviewer, first.urn, **wanted, stale_seen=["nl"])
    await approve_own(session, south, first.urn)
    assert await words(session, south, first.urn) == ["Tell the lead.", "Ring 999, then us."]
