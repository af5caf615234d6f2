"""An approval is of everything that was on the page, also of what no reader of the text sees."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from protocols.adapting.actions import take_version, write_part
from protocols.adapting.approval.actions import approve_change, ask_approval
from protocols.adapting.errors import ChangeDiffers, NothingToApprove
from protocols.adapting.queries import change_of
from protocols.items.actions import revise_item
from protocols.items.models import Item
from protocols.overlays.rules.writing import Told as Part
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from tests.protocols.adapting.own_words import replacing
from tests.protocols.example_texts import (
    NOW,
    Told,
    World,
    approve_own,
    looked_over,
    protocol,
    release_approved,
    released,
    take_up,
)

LATER = date(2028, 3, 1)
CHANGES = ("reason", "owner", "review_by")


@pytest.fixture
async def text(session: AsyncSession, projects: World) -> Release:
    published = await released(session, projects.north, protocol(Told()))
    await take_up(session, projects.south, published)
    return published


def own_words(published: Release) -> Part:
    return replacing(published, 0, "Three of you.")


def changed(projects: World, published: Release, name: str) -> Part:
    """Give the same words with another reason, owner or day."""
    others: dict[str, Any] = {
        "reason": "Our board wants it.",
        "owner": projects.south.worker.person_id,
        "review_by": LATER,
    }
    return replace(own_words(published), **{name: others[name]})


async def elsewhere_too(session: AsyncSession, projects: World, before: Release) -> str:
    """Release the same words for another country as well; gives the number."""
    [item] = await session.scalars(select(Item).where(Item.urn == before.urn))
    told = Told(ids=[part.id for part in read_manifest(before.manifest).blocks])
    draft = replace(protocol(told), jurisdictions=["england", "wales"])
    await revise_item(session, projects.north.reviewer, item.id, draft, NOW)
    await looked_over(session, projects.north, item.id)
    return (await release_approved(session, projects.north, item.id)).number


@pytest.mark.parametrize("name", [*CHANGES, "release"])
async def test_what_was_changed_after_the_page_was_opened_is_looked_at_again(
    session: AsyncSession, projects: World, text: Release, name: str
) -> None:
    south = projects.south
    await write_part(session, south.reviewer, text.urn, own_words(text), NOW)
    await ask_approval(session, south.reviewer, text.urn, NOW)
    opened = (await change_of(session, south.coordinator, text.urn)).overlay
    seen = (opened.asked_hash if opened else None) or b""
    if name == "release":
        number = await elsewhere_too(session, projects, text)
        await take_version(session, south.reviewer, text.urn, number=number, decisions={}, now=NOW)
    else:
        await write_part(session, south.reviewer, text.urn, changed(projects, text, name), NOW)
    await ask_approval(session, south.reviewer, text.urn, NOW)

    with pytest.raises(ChangeDiffers):
        await approve_change(session, south.coordinator, text.urn, seen=seen, now=NOW)


@pytest.mark.parametrize("name", CHANGES)
async def test_an_own_part_is_dated_explained_or_handed_on_anew_by_two(
    session: AsyncSession, projects: World, text: Release, name: str
) -> None:
    south = projects.south
    await write_part(session, south.reviewer, text.urn, own_words(text), NOW)
    await approve_own(session, south, text.urn)
    told = changed(projects, text, name)
    await write_part(session, south.reviewer, text.urn, told, NOW)
    await approve_own(session, south, text.urn)

    live = (await change_of(session, south.coordinator, text.urn)).live
    assert live is not None
    assert [getattr(part, name) for part in live.parts] == [getattr(told, name)]
    await write_part(session, south.reviewer, text.urn, told, NOW)
    with pytest.raises(NothingToApprove):
        await ask_approval(session, south.reviewer, text.urn, NOW)
