from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.errors import NotFound
from protocols.adapting.actions import write_part
from protocols.adoption.rules import text_hash
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.overlays.rules.writing import Told as Part
from protocols.pool_texts.actions import name_pool_text
from protocols.reading.queries import protocols_in_force, read_text, release_text
from protocols.reading.rules import Line, Passage
from protocols.releases.rules import read_manifest
from tests.protocols.example_texts import (
    NOW,
    REVIEW,
    Told,
    World,
    approve_own,
    protocol,
    read,
    released,
    revised,
    take_up,
    withdraw,
)

PHONE = DraftPlaceholder("on_call", "07700 900000", type="phone")
TOLD = Told(parts=("**Ring** {{on_call}}.",), placeholders=[PHONE])


async def test_a_project_sees_where_it_stands(session: AsyncSession, projects: World) -> None:
    first = await released(session, projects.north, protocol(TOLD))
    await take_up(session, projects.south, first, values={"on_call": "0113"})
    await read(session, projects.south.worker, first.urn)
    await revised(session, projects.north, first, Told(parts=("Two.", "More.")))

    seen_by_worker = await protocols_in_force(session, projects.south.worker, NOW)
    [by_coordinator] = await protocols_in_force(session, projects.south.coordinator, NOW)

    assert seen_by_worker == [
        Line(
            urn=first.urn,
            title="Live chat conduct",
            protocol_kind="conduct",
            number="1.0.0",
            pending="2.0.0",
            mode="tracking",
            on_shifts=False,
            withdrawn_because=None,
            has_emergency_text=False,
            review_by=REVIEW,
            overdue=False,
            languages=["en"],
            needed=True,
            acknowledged=True,
            readers=None,
            people=None,
        )
    ]
    assert (by_coordinator.acknowledged, by_coordinator.readers, by_coordinator.people) == (
        False,
        1,
        3,
    )


async def test_others_see_neither_the_text_nor_who_read_it(
    session: AsyncSession, projects: World
) -> None:
    first = await released(session, projects.north, protocol(Told()))
    await take_up(session, projects.north, first)
    await read(session, projects.north.worker, first.urn)

    assert await protocols_in_force(session, projects.south.coordinator, NOW) == []
    assert await protocols_in_force(session, projects.elsewhere.coordinator, NOW) == []
    for stranger in (projects.south.worker, projects.elsewhere.coordinator):
        with pytest.raises(NotFound):
            await read_text(session, stranger, first.urn, "en", NOW)
    with pytest.raises(NotFound):
        await release_text(session, projects.elsewhere.coordinator, first.urn, "1.0.0", "en")


async def test_a_pools_text_is_listed_also_before_it_is_adopted(
    session: AsyncSession, projects: World
) -> None:
    first = await released(session, projects.north, protocol(Told()))
    await name_pool_text(
        session, projects.north.coordinator, pool_id=projects.pool, urn=first.urn, now=NOW
    )

    [line] = await protocols_in_force(session, projects.south.worker, NOW)

    assert (line.urn, line.number, line.mode, line.on_shifts) == (first.urn, "1.0.0", None, True)


async def test_a_text_is_shown_as_safe_html_and_as_plain_words(
    session: AsyncSession, projects: World
) -> None:
    first = await released(session, projects.north, protocol(TOLD))
    await take_up(session, projects.south, first, values={"on_call": "<b>0113</b>"})

    before = await read_text(session, projects.south.worker, first.urn, "ro", NOW)
    await read(session, projects.south.worker, first.urn)
    after = await read_text(session, projects.south.worker, first.urn, "en", NOW)

    manifest = read_manifest(first.manifest)
    assert before.text is not None
    assert before.text.language == "en"
    assert before.text.passages == [
        Passage(
            id=str(manifest.blocks[0].id),
            language="en",
            locked=False,
            html="<p><strong>Ring</strong> &lt;b&gt;0113&lt;/b&gt;.</p>",
            plain="Ring <b>0113</b>.",
        )
    ]
    assert (before.acknowledged_at, before.to_acknowledge) == (
        None,
        text_hash(manifest, "en", {}),
    )
    assert (after.acknowledged_at, after.to_acknowledge) == (NOW, None)


async def test_own_words_are_marked_and_those_that_step_back_are_named(
    session: AsyncSession, projects: World
) -> None:
    south = projects.south
    first = await released(session, projects.north, protocol(Told(parts=("One.", "Two."))))
    await take_up(session, south, first)
    block = read_manifest(first.manifest).blocks[0].id
    line: dict[str, Any] = {"reason": "Our way.", "review_by": REVIEW}
    ours = Part(action="replace", block=block, texts={"en": "**Our** one."}, **line)
    added = Part(action="add", block=new_id(), after=block, texts={"en": "Tell the lead."}, **line)
    for part in (ours, added):
        await write_part(session, south.reviewer, first.urn, part, NOW)
    await approve_own(session, south, first.urn)
    before = await read_text(session, south.worker, first.urn, "en", NOW)
    await name_pool_text(
        session, projects.north.coordinator, pool_id=projects.pool, urn=first.urn, now=NOW
    )
    after = await read_text(session, south.worker, first.urn, "en", NOW)

    assert before.text is not None
    assert after.text is not None
    assert [(part.plain, part.ours) for part in before.text.passages] == [
        ("Our one.", True),
        ("Tell the lead.", True),
        ("Two.", False),
    ]
    assert [(part.plain, part.ours) for part in after.text.passages] == [
        ("One.", False),
        ("Tell the lead.", True),
        ("Two.", False),
    ]
    assert (before.set_aside, after.set_aside) == ([], ["<p><strong>Our</strong> one.</p>"])


async def test_a_withdrawn_text_shows_what_holds(session: AsyncSession, projects: World) -> None:
    first = await released(session, projects.north, protocol(Told()))
    await take_up(session, projects.south, first)
    said = {"en": "Close **now**.", "nl": "Sluit nu."}
    await withdraw(session, projects.north, first, holds_texts=said)

    reading = await read_text(session, projects.south.worker, first.urn, "pl", NOW)

    assert reading.text is None
    assert reading.emergency is not None
    assert (reading.emergency.language, reading.emergency.html) == (
        "en",
        "<p>Close <strong>now</strong>.</p>",
    )
    assert reading.withdrawn_because == "The law has changed."
    assert reading.to_acknowledge is not None


async def test_any_visible_release_can_be_looked_up(session: AsyncSession, projects: World) -> None:
    first = await released(session, projects.north, protocol(Told()))
    await revised(session, projects.north, first, Told(parts=("Two.", "More.")))

    texts = [
        await release_text(session, projects.south.worker, first.urn, number, "en")
        for number in ("1.0.0", "2.0.0")
    ]

    assert [[part.plain for part in text.passages] for text in texts] == [
        ["Two of you are online together."],
        ["Two.", "More."],
    ]
    with pytest.raises(NotFound):
        await release_text(session, projects.south.worker, first.urn, "3.0.0", "en")


async def test_an_overdue_review_shows(session: AsyncSession, projects: World) -> None:
    first = await released(session, projects.north, protocol(Told()))
    await take_up(session, projects.north, first)
    late = NOW + timedelta(days=365)

    [line] = await protocols_in_force(session, projects.north.worker, late)
    reading = await read_text(session, projects.north.worker, first.urn, "en", late)

    assert (line.overdue, reading.overdue) == (True, True)
