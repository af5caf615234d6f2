"""A recall as a partner sends it: before its release, twice, in any order, and never forged."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.feeds.errors import RecallTooLarge
from federation.partners.errors import BadSignature
from federation.partners.rules.canonical import canonical
from federation.partners.rules.encoding import with_payload
from federation.partners.rules.signatures import sign
from federation.partners.sender import Sender
from federation.pools.models import Pool, PoolMember
from federation.projects.models import Project
from protocols.adoption.queries import text_of_project
from protocols.confirmations.actions import CONFIRMED, confirm_recall
from protocols.recalls.errors import Withdrawn
from protocols.recalls.models import Recall
from protocols.recalls.receiving import receive_recall
from protocols.releases.actions import receive_releases
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from protocols.statements.errors import NotAStatement, NotTheirs
from protocols.statements.rules import statement_of
from tests.protocols.example_texts import (
    NOW,
    OTHER_KEY,
    PURPOSE,
    Members,
    events,
    partner,
    project_with_people,
    recall_statements,
    sender_of,
    signer,
    take_up,
    verbs,
    verifier,
    withdraw,
    world,
)
from tests.protocols.recalls.test_withdrawing import as_south_has_it, two_releases
from tests.tampering import altered

LATER = NOW + timedelta(minutes=1)
FEW = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@dataclass(frozen=True)
class FromNorth:
    """What North has sent over its feed; North's own rows are gone from this database."""

    releases: list[dict[str, Any]]
    recall: str
    urn: str
    sender: Sender
    south: Members


@pytest.fixture
async def sent(session: AsyncSession) -> FromNorth:
    north = await session.begin_nested()
    projects = await world(session)
    first, second = await two_releases(session, projects)
    await withdraw(session, projects.north, second, holds_number=first.number)
    payloads = [msgspec.json.decode(event.payload or b"") for event in await events(session)]
    [statement] = await recall_statements(session)
    await north.rollback()
    node = await partner(session, "node-north")
    south = await project_with_people(session, "south")
    await share_a_pool(session, projects.north.project, south.project, node)
    return FromNorth(
        payloads,
        statement,
        first.urn,
        sender_of(node, projects.north.project),
        south,
    )


async def share_a_pool(session: AsyncSession, north: Any, south: Any, node: str) -> None:
    pool = Pool(slug="chat", name="Chat", zone="Europe/London", host=node)
    session.add(pool)
    session.add(
        Project(
            id=north,
            slug="north",
            name="North",
            region="",
            jurisdiction="england",
            zone="Europe/London",
            languages=["en"],
            node=node,
        )
    )
    await session.flush()
    session.add_all(
        PoolMember(
            pool_id=pool.id,
            project_id=project,
            hours_offered_per_week=1,
            hours_before_per_week=1,
            joined_at=NOW,
        )
        for project in (north, south)
    )
    await session.flush()


async def receive(session: AsyncSession, sent: FromNorth, *what: str) -> None:
    for name in what:
        if name == "recall":
            await receive_recall(session, sent.sender, sent.recall, LATER, verify=verifier)
        else:
            payload = sent.releases[int(name)]
            await receive_releases(session, sent.sender, [payload], LATER, verify=verifier)


@pytest.mark.parametrize(
    "order",
    [
        *permutations(("0", "1", "recall")),
        ("recall", "recall", "0", "1"),
        ("recall", "1", "recall", "0", "0", "1", "recall"),
    ],
)
async def test_a_recall_wins_in_any_order_of_arrival(
    session: AsyncSession, sent: FromNorth, order: tuple[str, ...]
) -> None:
    await receive(session, sent, *order)

    with pytest.raises(Withdrawn):
        await take_up(session, sent.south, await the_second(session))
    first = (await session.scalars(select(Release).where(Release.sequence == 1))).one()
    await take_up(session, sent.south, first)
    text = await as_south_has_it(session, sent.south, sent.urn)
    assert (text.manifest, text.pending) == (read_manifest(first.manifest), None)
    assert len((await session.scalars(select(Recall))).all()) == 1


@FEW
@given(
    order=st.lists(st.sampled_from(("0", "1", "recall", "newest", "oldest")), max_size=9).flatmap(
        lambda more: st.permutations([*more, "0", "1", "recall", "newest"])
    )
)
async def test_whenever_somebody_decides_a_withdrawn_release_never_holds(
    session: AsyncSession, sent: FromNorth, order: list[str]
) -> None:
    """Before, between and after what arrives, once or again, somebody takes a release up."""
    async with session.begin_nested() as example:
        for place, name in enumerate(order):
            if name in {"newest", "oldest"}:
                await decide(session, sent, newest=name == "newest")
            else:
                await receive(session, sent, name)
            text = await text_of_project(session, sent.south.project, sent.urn)
            if text is not None and "recall" in order[: place + 1]:
                assert text.manifest is None or text.manifest.sequence == 1
                assert text.is_recalled == (text.locked is not None and text.locked.sequence == 2)
        await example.rollback()
    session.expunge_all()


async def decide(session: AsyncSession, sent: FromNorth, *, newest: bool) -> None:
    """Take up a release that is known, if there is one that stands."""
    found = await session.scalars(select(Release).order_by(Release.sequence))
    known = [one for one in found if one.urn == sent.urn]
    if known:
        with suppress(Withdrawn):
            await take_up(session, sent.south, known[-1 if newest else 0])


async def the_second(session: AsyncSession) -> Release:
    return (await session.scalars(select(Release).where(Release.sequence == 2))).one()


async def test_a_recall_reaches_who_adopted_before_it(
    session: AsyncSession, sent: FromNorth
) -> None:
    await receive(session, sent, "0", "1")
    await take_up(session, sent.south, await the_second(session))

    await receive(session, sent, "recall")

    text = await as_south_has_it(session, sent.south, sent.urn)
    assert text.manifest is not None
    assert (text.manifest.number, text.withdrawn_because) == ("1.0.0", "The law has changed.")


async def test_the_recalls_bytes_are_kept_as_they_came(
    session: AsyncSession, sent: FromNorth
) -> None:
    await receive(session, sent, "recall")

    stated = (await session.scalars(select(Recall))).one()
    assert with_payload(stated.signature, stated.manifest) == sent.recall
    assert (await verbs(session))[-1] == ("received", "recall")


async def test_nobody_keeps_a_recall_out_by_taking_its_id_first(
    session: AsyncSession, sent: FromNorth
) -> None:
    """Whoever reads North's recall before South does could send its id with words of their own."""
    hostile = await project_with_people(session, "hostile", node=await partner(session, "node-bad"))
    manifest = msgspec.json.decode(statement_of(sent.recall).manifest)
    urn = "urn:uuid:11111111-1111-4111-8111-111111111111"
    taken = manifest | {"project": str(hostile.project), "urn": urn}
    sender = sender_of("node-bad", hostile.project)
    await receive_recall(session, sender, signer(canonical(taken)), NOW, verify=verifier)

    await receive(session, sent, "0", "1")
    await take_up(session, sent.south, await the_second(session))
    for _ in range(2):
        await receive(session, sent, "recall")

    text = await as_south_has_it(session, sent.south, sent.urn)
    assert text.manifest is not None
    assert (text.manifest.number, text.withdrawn_because) == ("1.0.0", "The law has changed.")
    [kept] = await session.scalars(select(Recall).where(Recall.node_id == "node-north"))
    await confirm_recall(session, kept, NOW)
    said = [event for event in await events(session) if event.kind == CONFIRMED]
    assert msgspec.json.decode(said[0].payload or b"")["recall"] == manifest["recall"]


async def test_a_forged_or_foreign_recall_is_refused(
    session: AsyncSession, sent: FromNorth
) -> None:
    statement = statement_of(sent.recall)
    forged = sign(statement.manifest.encode(), OTHER_KEY, PURPOSE)
    wrong_feed = sender_of("node-north", sent.south.project)
    await partner(session, "node-wrong")
    project = read_project(statement.manifest)

    with pytest.raises(BadSignature):
        await receive_recall(session, sent.sender, forged, LATER, verify=verifier)
    for sender in (wrong_feed, sender_of("node-wrong", project)):
        with pytest.raises(NotTheirs):
            await receive_recall(session, sender, sent.recall, LATER, verify=verifier)
    for payload in ("", "a.b", "a.ÿ.b", signer(b"{}")):
        with pytest.raises(NotAStatement):
            await receive_recall(session, sent.sender, payload, LATER, verify=verifier)

    assert (await session.scalars(select(Recall))).all() == []


async def test_a_recall_of_any_length_is_not_taken_in(
    session: AsyncSession, sent: FromNorth
) -> None:
    """It would be shown, and signed again for what was derived, as long as it came."""
    manifest = msgspec.json.decode(statement_of(sent.recall).manifest)
    manifest["holds"] = {"sequence": None, "texts": {"en": "Stop. " * 12_000}}
    huge = signer(canonical(manifest))

    with pytest.raises(RecallTooLarge) as refused:
        await receive_recall(session, sent.sender, huge, LATER, verify=verifier)

    assert refused.value.code == "recall-too-large"
    assert (await session.scalars(select(Recall))).all() == []


async def test_every_field_of_a_recall_is_held(session: AsyncSession, sent: FromNorth) -> None:
    statement = statement_of(sent.recall)
    tried = []
    for name, forged in altered(msgspec.json.decode(statement.manifest)):
        jws = with_payload(statement.signature, canonical(forged))
        with pytest.raises(BadSignature):
            await receive_recall(session, sent.sender, jws, LATER, verify=verifier)
        tried.append(name)

    assert {"urn", "sequence", "reason", "holds.sequence", "stated", "without holds"} <= {*tried}
    assert (await session.scalars(select(Recall))).all() == []


def read_project(manifest: str) -> Any:
    return msgspec.json.decode(manifest)["project"]
