"""What a merge starts from is kept as it was, and nobody edits it, by no way."""

from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import broken_constraint
from protocols.adapting.actions import write_part
from protocols.adapting.queries import change_of
from protocols.overlays.models import Overlay
from protocols.overlays.rules.parts import hash_of_words, words_of
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from tests.protocols.adapting.own_words import replacing
from tests.protocols.example_texts import (
    NOW,
    Told,
    World,
    approve_own,
    protocol,
    released,
    revised,
    take_up,
)


async def kept(session: AsyncSession, projects: World) -> Release:
    """Let South say something of its own over North's text, approved."""
    published = await released(session, projects.north, protocol(Told()))
    await take_up(session, projects.south, published)
    part = replacing(published, 0, "Three of you.")
    await write_part(session, projects.south.reviewer, published.urn, part, NOW)
    await approve_own(session, projects.south, published.urn)
    return published


async def test_what_a_merge_starts_from_cannot_be_edited(
    session: AsyncSession, projects: World
) -> None:
    """Copier's answers can be edited by hand, and then its merges go wrong in silence."""
    published = await kept(session, projects)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"base_hash": b"0" * 32}, "fk_overlay_over_exact_bytes"),
        ({"approved_hash": b"0" * 32}, "fk_adoption_live_is_what_was_approved"),
    ]
    for values, constraint in wrong:
        with pytest.raises(IntegrityError) as broken:
            async with session.begin_nested():
                await session.execute(update(Overlay).values(values))
        assert broken_constraint(broken.value) == constraint
    with pytest.raises(IntegrityError) as broken:
        async with session.begin_nested():
            await session.execute(update(Release).values(manifest=func.convert_to("{}", "UTF8")))
    assert broken_constraint(broken.value) == "ck_release_hash_of_bytes"

    # the words that a part was written against are noted from the release, whoever hands it in
    change = await change_of(session, projects.south.reviewer, published.urn)
    manifest = read_manifest(published.manifest)
    [part] = change.next.parts
    assert part.base == hash_of_words(words_of(manifest, manifest.blocks[0].id))
    await revised(session, projects.north, published, Told(parts=("Two, always.",)))
    [overlay] = await session.scalars(select(Overlay))
    assert (overlay.release_id, overlay.base_hash) == (published.id, published.hash)
