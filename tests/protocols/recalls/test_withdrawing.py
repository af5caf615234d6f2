from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import broken_constraint
from federation.errors import NotAllowed, NotFound
from protocols.adoption.queries import text_of_project
from protocols.adoption.rules import InForce
from protocols.recalls.actions import recall
from protocols.recalls.errors import AlreadyRecalled, NothingWouldHold, Withdrawn
from protocols.recalls.models import Recall
from protocols.recalls.rules import Standing, Withdrawal, what_holds
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
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
    withdraw,
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
