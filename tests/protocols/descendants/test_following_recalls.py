"""What this node derived from a withdrawn text goes with it, signed by this node itself."""

from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.outbox import OutboxRow
from federation.partners.rules.canonical import canonical
from protocols.adoption.queries import text_of_project
from protocols.changes.actions import FOLLOW_RECALLS
from protocols.descendants.actions import follow_recalls
from protocols.descendants.rules import ASK, Withdrawal, what_follows
from protocols.items.rules.drafts import DraftPlaceholder, Source
from protocols.recalls.models import Recall
from protocols.recalls.rules import read_recall
from protocols.releases.models import Release
from protocols.releases.rules import Manifest, paragraphs, read_manifest
from tests.protocols.example_texts import (
    NOW,
    Members,
    Told,
    World,
    protocol,
    recall_statements,
    released,
    revised,
    signer,
    take_up,
    verbs,
    verifier,
    withdraw,
)

INSTEAD = {"en": "Ring the supervisor."}


async def derived(
    session: AsyncSession, members: Members, source: Release, *, new_parts: bool = False
) -> Release:
    """Publish a text of a project's own that says from which exact release it was made."""
    facts: dict[str, Any] = msgspec.json.decode(source.manifest)
    facts |= {
        "release": str(uuid4()),
        "urn": f"urn:uuid:{uuid4()}",
        "project": str(members.project),
        "number": "1.0.0",
        "sequence": 1,
        "previous": None,
        "derived_from": {"urn": source.urn, "hash": source.hash.hex()},
    }
    if new_parts:
        fresh = str(uuid4())
        facts["blocks"] = [{"id": fresh, "locked": False}]
        facts["variants"]["en"]["texts"] = {fresh: "In our own words."}
    stored = canonical(facts)
    manifest = read_manifest(stored)
    made = Release(
        id=manifest.release,
        urn=manifest.urn,
        project_id=manifest.project,
        number=manifest.number,
        sequence=1,
        acknowledgement=manifest.acknowledgement,
        kind=manifest.kind,
        manifest=stored,
        signature="..",
        hash=sha256(stored).digest(),
        stated_at=NOW,
        expires_at=manifest.expires,
        received_at=NOW,
    )
    session.add(made)
    await session.flush()
    return made


async def follow(session: AsyncSession, source: Release) -> list[Recall]:
    return await follow_recalls(session, source.urn, signer, NOW)


async def source(session: AsyncSession, projects: World) -> Release:
    return await released(
        session, projects.north, protocol(Told(parts=("Two online.", "Ring 999.")))
    )


async def test_a_derived_text_is_withdrawn_with_its_source(
    session: AsyncSession, projects: World
) -> None:
    published = await source(session, projects)
    made = await derived(session, projects.south, published)
    other = await derived(session, projects.south, await source(session, projects))
    recalled = await withdraw(session, projects.north, published, holds_texts=INSTEAD)

    [stated] = await follow(session, published)

    assert (stated.urn, stated.project_id, stated.sequence, stated.block) == (
        made.urn,
        projects.south.project,
        1,
        None,
    )
    assert (stated.holds_texts, stated.reason) == (INSTEAD, "The law has changed.")
    assert stated.follows == recalled.hash
    assert stated.urn != other.urn
    assert (await verbs(session))[-1] == ("recalled", "recall")
    statements = await recall_statements(session)
    read = [read_recall(verifier(jws)) for jws in statements]
    assert {one.urn for one in read} == {published.urn, made.urn}


@pytest.mark.parametrize("order", ["derived first", "recalled first"])
async def test_it_follows_in_any_order_and_once(
    session: AsyncSession, projects: World, order: str
) -> None:
    published = await source(session, projects)
    if order == "derived first":
        await derived(session, projects.south, published)
        await withdraw(session, projects.north, published, holds_texts=INSTEAD)
    else:
        await withdraw(session, projects.north, published, holds_texts=INSTEAD)
        assert await follow(session, published) == []
        await derived(session, projects.south, published)

    assert len(await follow(session, published)) == 1
    assert await follow(session, published) == []


async def test_the_words_of_the_earlier_release_hold(
    session: AsyncSession, projects: World
) -> None:
    first = await source(session, projects)
    second = await revised(session, projects.north, first, Told(parts=("Wrong.",)))
    await derived(session, projects.south, second)
    kept = await derived(session, projects.south, first)
    await withdraw(session, projects.north, second, holds_number="1.0.0")

    [stated] = await follow(session, first)

    assert stated.holds_texts == {"en": "Two online.\n\nRing 999."}
    assert stated.urn != kept.urn


async def test_a_gap_that_the_derived_text_does_not_have_never_holds_in_it(
    session: AsyncSession, projects: World
) -> None:
    gap = DraftPlaceholder("on_call", "07700 900000", type="phone")
    told = Told(parts=("Ring {{on_call}}.",), placeholders=(gap,))
    first = await released(session, projects.north, protocol(told))
    second = await revised(session, projects.north, first, Told(parts=("Ring the line.",)))
    third = await revised(session, projects.north, first, told)
    without = await derived(session, projects.south, second)
    having = await derived(session, projects.south, third)
    await withdraw(session, projects.north, second, holds_number="1.0.0")
    await withdraw(session, projects.north, third, holds_number="1.0.0")

    stated = {one.urn: one.holds_texts for one in await follow(session, first)}

    assert stated == {without.urn: ASK, having.urn: {"en": "Ring {{on_call}}."}}


async def test_what_was_said_to_hold_and_is_withdrawn_as_well_never_holds(
    session: AsyncSession, projects: World
) -> None:
    first = await source(session, projects)
    second = await revised(session, projects.north, first, Told(parts=("Wrong.", "Ring 998.")))
    part = read_manifest(second.manifest).blocks[1].id
    await derived(session, projects.south, second)
    await withdraw(session, projects.north, second, block=part, holds_number="1.0.0")
    await withdraw(session, projects.north, first, block=part, holds_texts=INSTEAD)
    await withdraw(session, projects.north, second, holds_number="1.0.0")
    await withdraw(session, projects.north, first, holds_texts={"en": "Close the chat."})

    stated = await follow(session, first)

    assert {one.block: one.holds_texts for one in stated} == {
        part: INSTEAD,
        None: {"en": "Close the chat."},
    }


async def test_what_was_made_of_what_was_made_of_it_goes_as_well(
    session: AsyncSession, projects: World
) -> None:
    published = await source(session, projects)
    made = await derived(session, projects.south, published)
    of_that = await derived(session, projects.elsewhere, made)
    await withdraw(session, projects.north, published, holds_texts=INSTEAD)

    await follow(session, published)

    rows = await session.scalars(select(OutboxRow).where(OutboxRow.kind == FOLLOW_RECALLS))
    assert made.urn in [row.payload["urn"] for row in rows]
    [last] = await follow(session, made)
    assert (last.urn, last.project_id, last.holds_texts) == (
        of_that.urn,
        projects.elsewhere.project,
        INSTEAD,
    )


async def test_a_withdrawn_part_goes_from_the_derived_text(
    session: AsyncSession, projects: World
) -> None:
    published = await source(session, projects)
    made = await derived(session, projects.south, published)
    await take_up(session, projects.north, made)
    wrong = read_manifest(published.manifest).blocks[1].id
    await withdraw(session, projects.north, published, block=wrong, holds_texts=INSTEAD)

    [stated] = await follow(session, published)

    text = await text_of_project(session, projects.north.project, made.urn)
    assert (stated.block, stated.holds_texts) == (wrong, INSTEAD)
    assert text
    assert text.manifest
    assert [one.text for one in paragraphs(text.manifest, "en")] == [
        "Two online.",
        "Ring the supervisor.",
    ]
    assert await follow(session, published) == []


async def test_where_nobody_can_tell_which_part_all_of_it_goes(
    session: AsyncSession, projects: World
) -> None:
    published = await source(session, projects)
    await derived(session, projects.south, published, new_parts=True)
    wrong = read_manifest(published.manifest).blocks[1].id
    await withdraw(session, projects.north, published, block=wrong, holds_texts=INSTEAD)

    [stated] = await follow(session, published)

    assert (stated.block, stated.holds_texts) == (None, INSTEAD)


@pytest.mark.parametrize("place", [None, 1])
async def test_what_holds_in_too_many_words_is_said_in_few(
    session: AsyncSession, projects: World, place: int | None
) -> None:
    """What the source says may be as long as a release; our own feed has to stay readable."""
    parts = ("Two online.", "\N{TELEPHONE RECEIVER}" * 20_000)
    first = await released(session, projects.north, protocol(Told(parts=parts)))
    second = await revised(session, projects.north, first, Told(parts=("Wrong.", "Wrong, too.")))
    made = await derived(session, projects.south, second)
    block = None if place is None else read_manifest(second.manifest).blocks[place].id
    await withdraw(session, projects.north, second, block=block, holds_number="1.0.0")

    [stated] = await follow(session, first)

    assert (stated.urn, stated.block, stated.holds_texts) == (made.urn, block, ASK)
    lengths = [len(one) for one in await recall_statements(session)]
    assert len(lengths) == 2
    assert max(lengths) < 2000
    assert await follow(session, first) == []


async def test_a_text_that_merely_quotes_an_item_is_not_derived(
    session: AsyncSession, projects: World
) -> None:
    published = await source(session, projects)
    await released(session, projects.south, protocol(Told(parts=(f"See {published.urn}.",))))
    await withdraw(session, projects.north, published, holds_texts=INSTEAD)

    assert await follow(session, published) == []
    assert len((await session.scalars(select(Recall))).all()) == 1


def manifest_with(*blocks: UUID) -> Manifest:
    facts = {
        "format": "netreach-release/1",
        "release": str(uuid4()),
        "urn": f"urn:uuid:{uuid4()}",
        "project": str(uuid4()),
        "number": "1.0.0",
        "sequence": 1,
        "previous": None,
        "acknowledgement": "none",
        "kind": "protocol",
        "protocol_kind": "conduct",
        "source_language": "nl",
        "jurisdictions": ["netherlands"],
        "review_by": "2027-12-01",
        "use_limits": [],
        "channels": [],
        "stated": "2027-01-01T00:00:00Z",
        "expires": "2028-01-01T00:00:00Z",
        "blocks": [{"id": str(one), "locked": False} for one in blocks],
        "variants": {
            "nl": {
                "title": "x",
                "question": None,
                "keywords": [],
                "texts": {str(one): "x" for one in blocks},
                "source": None,
            }
        },
        "placeholders": [],
    }
    return read_manifest(canonical(facts))


def test_what_follows_for_a_derived_text() -> None:
    one, two, own = uuid4(), uuid4(), uuid4()
    theirs = manifest_with(one, two)

    def follows(ours: Manifest, block: UUID | None, **instead: str) -> Withdrawal | None:
        return what_follows(ours, theirs, block, instead)

    assert follows(manifest_with(one), None, en="Stop.") == Withdrawal(None, {"en": "Stop."})
    assert follows(manifest_with(one), None) == Withdrawal(None, ASK)
    # what holds is said in the derived text's own language, too
    assert follows(manifest_with(one, own), one, en="Stop.") == Withdrawal(
        one, {"nl": "Stop.", "en": "Stop."}
    )
    assert follows(manifest_with(one), two, en="Stop.") is None
    assert follows(manifest_with(own), two, en="Stop.") == Withdrawal(None, {"en": "Stop."})


async def test_releasing_a_derived_text_asks_whether_its_source_still_stands(
    session: AsyncSession, projects: World
) -> None:
    published = await source(session, projects)
    draft = replace(
        protocol(Told(parts=("In our own words.",))),
        derived_from=Source(urn=published.urn, hash=published.hash),
    )
    made = await released(session, projects.south, draft)
    asked = await session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == FOLLOW_RECALLS))
    assert list(asked) == [{"urn": published.urn}]
    await withdraw(session, projects.north, published, holds_texts=INSTEAD)

    [stated] = await follow(session, published)

    assert (stated.urn, stated.block) == (made.urn, None)
