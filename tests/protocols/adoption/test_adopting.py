import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import broken_constraint, door
from federation.errors import NotAllowed, NotFound
from protocols.adapting.actions import give_values
from protocols.adoption.actions import adopt
from protocols.adoption.errors import Expired, ValuesMissing
from protocols.adoption.models import Adoption
from protocols.adoption.queries import text_of_project
from protocols.adoption.rules import effective_hash, text_hash
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.releases.rules import read_manifest
from tests.locks import until_somebody_waits
from tests.protocols.example_texts import (
    NOW,
    Told,
    World,
    protocol,
    released,
    revised,
    take_up,
    verbs,
    world,
)

PHONE = DraftPlaceholder("on_call", "07700 900000", type="phone")
DAYS = DraftPlaceholder("days", "two days", material=True)


async def test_an_adoption_is_locked_to_exact_bytes(session: AsyncSession, projects: World) -> None:
    told = Told(parts=("Ring {{on_call}}.",), placeholders=[PHONE])
    published = await released(session, projects.north, protocol(told))
    values = {"on_call": "0113 496 0000"}

    adoption = await take_up(session, projects.south, published, values=values)

    manifest = read_manifest(published.manifest)
    assert adoption.locked_hash == published.hash
    assert adoption.effective_hash == effective_hash(manifest, values)
    assert adoption.values == values
    assert (await verbs(session))[-1] == ("adopted", "adoption")


async def test_pressed_twice_at_once_it_is_taken_up_once(committing_engine: AsyncEngine) -> None:
    async with door(committing_engine) as session:
        south = (projects := await world(session)).south
        published = await released(session, projects.north, protocol(Told()))

    async def again() -> None:
        async with door(committing_engine) as other:
            await take_up(other, south, published)

    async with door(committing_engine) as first:
        await take_up(first, south, published)
        second = asyncio.create_task(again())
        await until_somebody_waits(committing_engine)
    await second

    async with door(committing_engine) as session:
        [adoption] = await session.scalars(select(Adoption))
    assert adoption.locked_hash == published.hash


async def test_the_lock_cannot_name_other_bytes(session: AsyncSession, projects: World) -> None:
    """Terraform locks providers and not modules; here the content is locked."""
    published = await released(session, projects.north, protocol(Told()))
    await take_up(session, projects.south, published)

    with pytest.raises(IntegrityError) as broken:
        await session.execute(update(Adoption).values(locked_hash=b"0" * 32))

    assert broken_constraint(broken.value) == "fk_adoption_locked_to_exact_bytes"


async def test_a_newer_release_waits_until_somebody_decides(
    session: AsyncSession, projects: World
) -> None:
    first = await released(session, projects.north, protocol(Told()))
    await take_up(session, projects.south, first)
    await take_up(session, projects.north, first, mode="pinned")
    second = await revised(session, projects.north, first, Told(parts=("Two.", "More.")))

    south = await text_of_project(session, projects.south.project, first.urn)
    north = await text_of_project(session, projects.north.project, first.urn)
    assert south is not None
    assert north is not None
    assert (south.manifest, south.pending) == (read_manifest(first.manifest), "2.0.0")
    assert (north.manifest, north.pending) == (read_manifest(first.manifest), None)

    await take_up(session, projects.south, second)

    south = await text_of_project(session, projects.south.project, first.urn)
    assert south is not None
    assert (south.manifest, south.pending) == (read_manifest(second.manifest), None)


async def test_a_gap_without_a_value_keeps_the_old_text_live(
    session: AsyncSession, projects: World
) -> None:
    first = await released(session, projects.north, protocol(Told()))
    await take_up(session, projects.south, first)
    told = Told(parts=("Ring {{on_call}}.",), placeholders=[PHONE])
    second = await revised(session, projects.north, first, told)

    with pytest.raises(ValuesMissing) as refused:
        await take_up(session, projects.south, second, values={"of_call": "0113"})

    text = await text_of_project(session, projects.south.project, first.urn)
    assert [reason.code for reason in refused.value.reasons] == [
        "placeholder-without-value",
        "no-such-placeholder",
    ]
    assert text is not None
    assert (text.manifest, text.pending) == (read_manifest(first.manifest), "2.0.0")


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("phone", "{{on_call}}", "broken-field"),
        ("text", "the {{other}} one", "broken-field"),
        ("text", "open {{", "broken-field"),
        ("text", "x" * 501, "field-too-long"),
        ("phone", "tomorrow", "wrong-field"),
        ("email", "the desk", "wrong-field"),
        ("url", "javascript:alert(1)", "wrong-field"),
        ("url", "https://a.example/two words", "wrong-field"),
    ],
)
async def test_a_value_fits_its_gap_and_leaves_none_open(
    session: AsyncSession, projects: World, kind: Any, value: str, code: str
) -> None:
    gap = DraftPlaceholder("on_call", "x", type=kind)
    published = await released(
        session, projects.north, protocol(Told(parts=("Ask {{on_call}}.",), placeholders=(gap,)))
    )

    with pytest.raises(ValuesMissing) as alone:
        await take_up(session, projects.south, published, values={"on_call": value})
    with pytest.raises(ValuesMissing) as by_two:
        await give_values(session, projects.south.reviewer, published.urn, {"on_call": value}, NOW)

    for refused in (alone, by_two):
        assert [reason.code for reason in refused.value.reasons] == [code]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "116 123"),
        ("phone", "0113 496 0000 (evenings)"),
        ("email", "Desk <desk@project.example>"),
        ("url", "https://project.example/open"),
        ("time", "half past seven"),
        ("text", "a {curly} word"),
    ],
)
async def test_a_project_may_say_more_than_the_bare_value(
    session: AsyncSession, projects: World, kind: Any, value: str
) -> None:
    gap = DraftPlaceholder("on_call", "x", type=kind)
    published = await released(
        session, projects.north, protocol(Told(parts=("Ask {{on_call}}.",), placeholders=(gap,)))
    )

    adoption = await take_up(session, projects.south, published, values={"on_call": value})

    assert adoption.values == {"on_call": value}


async def test_values_given_before_are_kept(session: AsyncSession, projects: World) -> None:
    told = Told(parts=("Ring {{on_call}}.",), placeholders=[PHONE])
    first = await released(session, projects.north, protocol(told))
    await take_up(session, projects.south, first, values={"on_call": "0113 496 0000"})
    more = Told(parts=("Ring {{on_call}} soon.",), placeholders=[PHONE])
    second = await revised(session, projects.north, first, more)

    adoption = await take_up(session, projects.south, second)

    assert adoption.values == {"on_call": "0113 496 0000"}


async def test_an_expired_release_is_not_taken_up(session: AsyncSession, projects: World) -> None:
    published = await released(session, projects.north, protocol(Told()))

    with pytest.raises(Expired):
        await adopt(
            session,
            projects.south.coordinator,
            urn=published.urn,
            now=published.expires_at + timedelta(seconds=0),
        )


async def test_only_a_coordinator_with_a_shared_pool_adopts(
    session: AsyncSession, projects: World
) -> None:
    published = await released(session, projects.north, protocol(Told()))

    for asker, refusal in (
        (projects.south.worker, NotAllowed),
        (projects.south.reviewer, NotAllowed),
        (projects.elsewhere.coordinator, NotFound),
    ):
        with pytest.raises(refusal):
            await adopt(session, asker, urn=published.urn, now=NOW)

    assert (await session.scalars(select(Adoption))).all() == []


async def test_only_material_values_change_what_is_acknowledged(
    session: AsyncSession, projects: World
) -> None:
    told = Told(parts=("Ring {{on_call}} within {{days}}.",), placeholders=[PHONE, DAYS])
    published = await released(session, projects.north, protocol(told))
    manifest = read_manifest(published.manifest)
    ours = {"on_call": "0113", "days": "two days"}
    same = {"on_call": "0207", "days": "two days"}
    other = {"on_call": "0113", "days": "a week"}

    def acknowledged(values: dict[str, str]) -> bytes:
        return text_hash(manifest, "en", values)

    assert acknowledged(ours) == acknowledged(same)
    assert acknowledged(ours) != acknowledged(other)
    assert len({effective_hash(manifest, values) for values in (ours, same, other)}) == 3
    # a language that is not there is shown, and so acknowledged, in its source language
    assert text_hash(manifest, "nl", ours) == acknowledged(ours)
