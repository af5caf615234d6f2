from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import broken_constraint
from federation.errors import NotAllowed, NotFound
from federation.partners.errors import BadSignature
from federation.partners.rules.encoding import with_payload
from federation.partners.rules.signatures import sign
from federation.partners.sender import Sender
from federation.pools.models import Pool, PoolMember
from federation.projects.models import Project
from protocols.adoption.queries import text_of_project
from protocols.adoption.rules import InForce
from protocols.recalls.actions import recall, receive_recall
from protocols.recalls.errors import AlreadyRecalled, NothingWouldHold, Withdrawn
from protocols.recalls.models import Recall
from protocols.recalls.rules import Standing, Withdrawal, what_holds
from protocols.releases.actions import receive_releases
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from protocols.statements.errors import AlreadyDifferent, NotAStatement, NotTheirs
from protocols.statements.rules import signed, statement_of
from tests.protocols.example_texts import (
    NOW,
    OTHER_KEY,
    PURPOSE,
    Members,
    Told,
    World,
    events,
    partner,
    project_with_people,
    protocol,
    recall_statements,
    released,
    revised,
    sender_of,
    signer,
    take_up,
    verbs,
    verifier,
    withdraw,
    world,
)

LATER = NOW + timedelta(minutes=1)
EMERGENCY = {"en": "Close the chat and ring the supervisor.", "nl": "Sluit de chat."}


async def as_south_has_it(session: AsyncSession, south: Members, urn: str) -> InForce:
    text = await text_of_project(session, south.project, urn)
    assert text is not None
    return text


async def two_releases(session: AsyncSession, projects: World) -> tuple[Release, Release]:
    first = await released(session, projects.north, protocol(Told()))
    second = await revised(session, projects.north, first, Told(parts=("Two.", "Wrong.")))
    return first, second


async def test_an_earlier_release_holds(session: AsyncSession, projects: World) -> None:
    first, second = await two_releases(session, projects)
    await take_up(session, projects.south, second)

    await withdraw(session, projects.north, second, holds_number="1.0.0")

    text = await as_south_has_it(session, projects.south, first.urn)
    assert text.manifest == read_manifest(first.manifest)
    assert text.withdrawn_because == "The law has changed."
    assert (await verbs(session))[-1] == ("recalled", "recall")


async def test_an_emergency_text_holds(session: AsyncSession, projects: World) -> None:
    _, second = await two_releases(session, projects)
    await take_up(session, projects.south, second)

    await withdraw(session, projects.north, second, holds_texts=EMERGENCY)

    text = await as_south_has_it(session, projects.south, second.urn)
    assert (text.manifest, text.emergency) == (None, EMERGENCY)
    assert text.locked == read_manifest(second.manifest)


async def test_who_uses_another_release_is_not_touched(
    session: AsyncSession, projects: World
) -> None:
    first, second = await two_releases(session, projects)
    await take_up(session, projects.south, first)

    await withdraw(session, projects.north, second, holds_number="1.0.0")

    text = await as_south_has_it(session, projects.south, first.urn)
    assert (text.manifest, text.withdrawn_because, text.pending) == (
        read_manifest(first.manifest),
        None,
        None,
    )


async def test_a_recalled_release_is_not_taken_up(session: AsyncSession, projects: World) -> None:
    _, second = await two_releases(session, projects)
    await withdraw(session, projects.north, second, holds_texts=EMERGENCY)

    with pytest.raises(Withdrawn):
        await take_up(session, projects.south, second)


async def test_a_recall_must_say_what_holds(session: AsyncSession, projects: World) -> None:
    first, second = await two_releases(session, projects)

    for holds in (
        {},
        {"holds_texts": {"en": "  "}},
        {"holds_number": "2.0.0"},
        {"holds_number": "1.0.0", "holds_texts": EMERGENCY},
    ):
        with pytest.raises(NothingWouldHold):
            await withdraw(session, projects.north, second, **holds)
    await withdraw(session, projects.north, first, holds_texts=EMERGENCY)
    with pytest.raises(NothingWouldHold):
        await withdraw(session, projects.north, second, holds_number="1.0.0")

    assert len(await recall_statements(session)) == 1


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"holds_texts": None}, "ck_recall_says_what_holds"),
        ({"holds_sequence": 2, "holds_texts": None}, "ck_recall_an_earlier_release_holds"),
        ({"manifest": b"{}"}, "ck_recall_hash_of_bytes"),
    ],
)
async def test_the_database_holds_recalls_to_their_word(
    session: AsyncSession, projects: World, change: dict[str, object], constraint: str
) -> None:
    _, second = await two_releases(session, projects)
    await withdraw(session, projects.north, second, holds_texts=EMERGENCY)

    with pytest.raises(IntegrityError) as broken:
        await session.execute(update(Recall).values(**change))

    assert broken_constraint(broken.value) == constraint


async def test_only_the_own_coordinator_recalls(session: AsyncSession, projects: World) -> None:
    first = await released(session, projects.north, protocol(Told()))

    for asker, refusal in (
        (projects.north.worker, NotAllowed),
        (projects.north.reviewer, NotAllowed),
        (projects.south.coordinator, NotFound),
        (projects.elsewhere.coordinator, NotFound),
    ):
        with pytest.raises(refusal):
            await recall(
                session,
                asker,
                urn=first.urn,
                number="1.0.0",
                reason="x",
                holds_texts=EMERGENCY,
                sign=signer,
                now=NOW,
            )
    assert await recall_statements(session) == []


async def test_a_release_is_recalled_once(session: AsyncSession, projects: World) -> None:
    first = await released(session, projects.north, protocol(Told()))
    await withdraw(session, projects.north, first, holds_texts=EMERGENCY)

    with pytest.raises(AlreadyRecalled):
        await withdraw(session, projects.north, first, holds_texts=EMERGENCY)


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
        ("0", "1", "recall"),
        ("recall", "0", "1"),
        ("0", "recall", "1"),
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


async def test_another_recall_of_the_same_release_is_refused(
    session: AsyncSession, sent: FromNorth
) -> None:
    await receive(session, sent, "recall")
    statement = statement_of(sent.recall)
    other = statement.manifest.replace("The law has changed.", "The law is back.")
    again = signed(other.encode(), signer)
    payload = with_payload(again.signature, other.encode())

    with pytest.raises(AlreadyDifferent):
        await receive_recall(session, sent.sender, payload, LATER, verify=verifier)


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


def read_project(manifest: str) -> Any:
    return msgspec.json.decode(manifest)["project"]


def test_recalls_are_followed_down_to_what_is_right() -> None:
    texts = {"en": "Stop."}
    to_two = Withdrawal("first", 2, None)
    to_one = Withdrawal("second", 1, None)
    stop = Withdrawal("third", None, texts)

    assert what_holds(3, {}) == Standing(3)
    assert what_holds(3, {3: to_two}) == Standing(2, None, "first")
    assert what_holds(3, {3: to_two, 2: to_one}) == Standing(1, None, "first")
    assert what_holds(3, {3: to_two, 2: stop}) == Standing(None, texts, "first")
    assert what_holds(1, {3: to_two, 2: stop}) == Standing(1)
