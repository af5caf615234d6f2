from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import broken_constraint
from federation.errors import NotAllowed, NotFound
from federation.partners.rules.canonical import canonical
from federation.partners.rules.encoding import with_payload
from protocols.items.errors import NotApproved
from protocols.items.models import Item
from protocols.items.queries import blocks_of
from protocols.items.rules.drafts import DraftPlaceholder
from protocols.releases.actions import release
from protocols.releases.errors import NothingChanged, ReviewOverdue
from protocols.releases.models import Release, ReleaseText
from protocols.releases.queries import release_of
from protocols.releases.rules import read_manifest
from tests.protocols.example_texts import (
    NOW,
    REVIEW,
    Told,
    World,
    approved,
    events,
    looked_over,
    protocol,
    release_approved,
    released,
    revised,
    signer,
    verbs,
    verifier,
)

PHONE = DraftPlaceholder("on_call", "07700 900000", type="phone")


async def test_a_release_is_the_whole_item_signed(session: AsyncSession, projects: World) -> None:
    told = Told(parts=("Ring {{on_call}}.",), placeholders=[PHONE])
    item = await approved(session, projects.north, protocol(told))
    [block] = await blocks_of(session, item.id)

    published = await release_approved(session, projects.north, item.id)

    said: dict[str, Any] = {
        "acknowledgement": "re-read",
        "blocks": [{"id": str(block.id), "locked": False}],
        "channels": [],
        "derived_from": None,
        "expires": "2028-02-29T00:00:00Z",
        "format": "netreach-release/1",
        "jurisdictions": ["england"],
        "kind": "protocol",
        "lived_experience": False,
        "number": "1.0.0",
        "placeholders": [
            {
                "example": "07700 900000",
                "filled_by": "project",
                "material": False,
                "name": "on_call",
                "type": "phone",
            }
        ],
        "previous": None,
        "project": str(projects.north.project),
        "protocol_kind": "conduct",
        "release": str(published.id),
        "review_by": "2027-12-01",
        "sequence": 1,
        "source_language": "en",
        "stated": "2027-01-05T18:00:00Z",
        "urn": item.urn,
        "use_limits": [],
        "variants": {
            "en": {
                "keywords": [],
                "question": None,
                "source": None,
                "texts": {str(block.id): "Ring {{on_call}}."},
                "title": "Live chat conduct",
            }
        },
    }
    assert published.manifest == canonical(said)
    assert verifier(with_payload(published.signature, published.manifest)) == published.manifest
    assert (item.state, item.authors) == ("released", [])


async def test_the_feed_carries_the_same_bytes_once(session: AsyncSession, projects: World) -> None:
    published = await released(session, projects.north, protocol(Told()))

    [event] = await events(session)
    sent = {"manifest": published.manifest.decode(), "signature": published.signature}
    assert (event.kind, event.payload) == ("release.stated", canonical(sent))
    assert await verbs(session) == [
        ("drafted", "item"),
        ("review-asked", "item"),
        ("approved", "item"),
        ("released", "release"),
    ]


async def test_no_person_is_named_in_what_leaves_the_project(
    session: AsyncSession, projects: World
) -> None:
    await released(session, projects.north, protocol(Told()))

    [event] = await events(session)
    people = (projects.north.coordinator, projects.north.reviewer, projects.north.worker)
    for person in people:
        assert str(person.person_id).encode() not in (event.payload or b"")


async def test_the_next_release_names_the_one_before(
    session: AsyncSession, projects: World
) -> None:
    first = await released(session, projects.north, protocol(Told()))
    manifest = read_manifest(first.manifest)
    told = Told(parts=("Two of you.", "Tell your supervisor."), ids=(manifest.blocks[0].id,))

    second = await revised(session, projects.north, first, told, "notify")

    after = read_manifest(second.manifest)
    assert (second.number, second.sequence) == ("1.1.0", 2)
    assert after.previous == first.hash.hex()
    assert after.blocks[0] == manifest.blocks[0]
    assert [release.number for release in await _all(session)] == ["1.0.0", "1.1.0"]


async def _all(session: AsyncSession) -> list[Release]:
    return list(await session.scalars(select(Release).order_by(Release.sequence)))


async def _item_id(session: AsyncSession, urn: str) -> UUID:
    return (await session.scalars(select(Item.id).where(Item.urn == urn))).one()


@pytest.mark.parametrize(
    "change",
    [
        {"manifest": b"{}"},
        {"hash": b"0" * 32},
        {"signature": "e30..AA"},
        {"number": "9.0.0"},
        {"sequence": 9},
        {"urn": "urn:uuid:0"},
    ],
)
async def test_the_database_refuses_to_change_what_is_published(
    session: AsyncSession, projects: World, change: dict[str, object]
) -> None:
    published = await released(session, projects.north, protocol(Told()))
    before = published.manifest

    with pytest.raises(IntegrityError) as broken:
        async with session.begin_nested():
            await session.execute(
                update(Release).where(Release.id == published.id).values(**change)
            )

    assert broken_constraint(broken.value) in {
        "ck_release_hash_of_bytes",
        "fk_release_text_published_stays",
    }
    kept = await session.scalar(text("SELECT manifest FROM release"))
    assert kept == before


async def test_the_database_refuses_new_bytes_with_their_own_hash(
    session: AsyncSession, projects: World
) -> None:
    await released(session, projects.north, protocol(Told()))

    with pytest.raises(IntegrityError) as broken:
        await session.execute(text("UPDATE release SET manifest = '{}', hash = sha256('{}')"))

    assert broken_constraint(broken.value) == "fk_release_text_published_stays"


async def test_the_database_refuses_to_delete_a_release(
    session: AsyncSession, projects: World
) -> None:
    await released(session, projects.north, protocol(Told()))

    with pytest.raises(IntegrityError) as broken:
        await session.execute(delete(Release))

    assert broken_constraint(broken.value) == "fk_release_text_published_stays"


async def test_what_nobody_approved_is_not_published(
    session: AsyncSession, projects: World
) -> None:
    published = await released(session, projects.north, protocol(Told()))
    item_id = await _item_id(session, published.urn)

    with pytest.raises(NotApproved):
        await release_approved(session, projects.north, item_id)

    assert len(await events(session)) == 1


async def test_the_same_words_are_not_published_twice(
    session: AsyncSession, projects: World
) -> None:
    published = await released(session, projects.north, protocol(Told()))
    item_id = await _item_id(session, published.urn)
    await looked_over(session, projects.north, item_id)

    with pytest.raises(NothingChanged):
        await release_approved(session, projects.north, item_id)


async def test_an_overdue_text_is_reviewed_first(session: AsyncSession, projects: World) -> None:
    item = await approved(session, projects.north, protocol(Told()))
    late = NOW.replace(year=REVIEW.year, month=REVIEW.month, day=REVIEW.day) + timedelta(days=1)

    with pytest.raises(ReviewOverdue):
        await release(
            session,
            projects.north.coordinator,
            item.id,
            sign=signer,
            now=late,
        )


async def test_only_the_own_coordinator_releases(session: AsyncSession, projects: World) -> None:
    item = await approved(session, projects.north, protocol(Told()))

    for asker, refusal in (
        (projects.north.reviewer, NotAllowed),
        (projects.north.worker, NotAllowed),
        (projects.south.coordinator, NotFound),
    ):
        with pytest.raises(refusal):
            await release(session, asker, item.id, sign=signer, now=NOW)

    assert await session.scalar(select(func.count()).select_from(ReleaseText)) == 0


async def test_a_release_is_seen_in_shared_pools_only(
    session: AsyncSession, projects: World
) -> None:
    published = await released(session, projects.north, protocol(Told()))

    seen = await release_of(session, projects.south.worker, published.urn, "1.0.0")
    with pytest.raises(NotFound):
        await release_of(session, projects.elsewhere.coordinator, published.urn, "1.0.0")

    assert seen.id == published.id
