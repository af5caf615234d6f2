"""Who hears early that a seat is gone, and that nobody else does."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from api.claim_turns import ClaimTurns
from api.parts import current_time
from database.session import door
from federation.access.actions import make_api_token, revoke_api_token
from federation.access.rules import secret_hash
from federation.people.rules import OPERATOR
from rota.claims.errors import SeatTaken
from rota.claims.models import Claim
from rota.sign_up.queries import AskedSeat, seats_gone
from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


def asked(who: Somebody, seat_id: UUID, key: str | None = None) -> AskedSeat:
    return AskedSeat(secret_hash(who.token), seat_id, key, current_time())


async def claimed(evening: Evening, who: Somebody, key: str | None = None) -> tuple[int, str]:
    headers = who.bearer | ({"Idempotency-Key": key} if key else {})
    path = f"/api/v1/seats/{evening.shift.lead}/claims"
    answer = await evening.node.web.post(path, headers=headers)
    return answer.status_code, answer.json().get("code", "")


async def late_answers(evening: Evening) -> float:
    """Read how many claims have been too late so far; the node may serve other tests, too."""
    counter = 'netreach_requests_total{method="POST",route="/api/v1/seats/{seat}/claims"'
    lines = (await evening.node.web.get("/metrics")).text.splitlines()
    told = [line for line in lines if line.startswith(f'{counter},status="409"}}')]
    return float(told[0].split()[-1]) if told else 0


async def used_today(evening: Evening, who: Somebody) -> Somebody:
    answer = await evening.node.web.get("/api/v1/me", headers=who.bearer)
    assert answer.status_code == 200
    return who


async def test_of_many_who_press_together_one_wins_and_the_others_are_too_late(
    evening: Evening,
) -> None:
    people = [(await evening.colleague())[0] for _ in range(12)]
    answers = await asyncio.gather(*(claimed(evening, who) for who in people))
    assert Counter(answers) == {(201, ""): 1, (409, "seat-taken"): 11}
    async with door(evening.node.engine) as session:
        claims = await session.scalar(
            select(func.count()).where(Claim.seat_id == evening.shift.lead)
        )
    assert claims == 1


async def test_when_the_first_is_refused_the_next_is_let_through(evening: Evening) -> None:
    turns, seat = ClaimTurns(evening.node.engine), evening.shift.lead
    supervisor, _ = await evening.colleague("supervisor")
    worker, _ = await evening.colleague()
    came: list[str] = []

    async def next_in_line() -> None:
        with await turns.begin(asked(worker, seat)):
            came.append("next")

    async def first() -> asyncio.Task[None]:
        with await turns.begin(asked(supervisor, seat)):
            waiting = asyncio.create_task(next_in_line())
            assert await claimed(evening, supervisor) == (422, "claim-refused")
            came.append("first")
        return waiting

    await (await first())
    assert came == ["first", "next"]
    assert await claimed(evening, worker) == (201, "")


async def test_only_who_could_claim_the_seat_is_told_that_it_is_gone(evening: Evening) -> None:
    node, seat = evening.node, evening.shift.lead
    late = await used_today(evening, (await evening.colleague())[0])
    new, _ = await evening.colleague()
    stranger = await used_today(evening, await node.somebody("worker"))
    reader = await used_today(evening, await node.somebody("worker", scopes=["read"]))
    everybody = [asked(who, seat) for who in (late, new, stranger, reader)]
    assert await seats_gone(node.engine, everybody) == {everybody[0]: False, everybody[1]: False}
    assert await claimed(evening, evening.worker) == (201, "")
    # a token that is new today has its first use noted, so its claim goes the whole way
    assert await seats_gone(node.engine, everybody) == {everybody[0]: True, everybody[1]: False}
    assert await claimed(evening, stranger) == (404, "not-found")
    later = asked(late, seat)._replace(at=current_time() + timedelta(days=2))
    assert await seats_gone(node.engine, [later]) == {}


async def test_a_token_that_was_revoked_is_no_longer_told_anything(evening: Evening) -> None:
    now = current_time()
    async with door(evening.node.engine) as session:
        token = await make_api_token(
            session,
            OPERATOR,
            person_id=evening.worker.id,
            label="lost",
            scopes=["read", "write"],
            days=1,
            now=now,
        )
    one = AskedSeat(secret_hash(token.secret), evening.shift.lead, None, now)
    assert await seats_gone(evening.node.engine, [one]) == {one: False}
    async with door(evening.node.engine) as session:
        await revoke_api_token(session, OPERATOR, token_id=token.id, now=now)
    assert await seats_gone(evening.node.engine, [one]) == {}


async def test_a_key_that_made_a_claim_is_answered_with_it_not_with_too_late(
    evening: Evening,
) -> None:
    assert await claimed(evening, evening.worker, "key-1") == (201, "")
    kept, fresh = (asked(evening.worker, evening.shift.lead, key) for key in ("key-1", "key-2"))
    assert await seats_gone(evening.node.engine, [kept, fresh]) == {kept: False, fresh: True}
    assert await claimed(evening, evening.worker, "key-1") == (201, "")
    assert await claimed(evening, evening.worker, "key-2") == (409, "seat-taken")


async def test_who_waits_hears_of_the_winner_and_then_nobody_is_waited_for(
    evening: Evening,
) -> None:
    turns = ClaimTurns(evening.node.engine)
    late = await used_today(evening, (await evening.colleague())[0])
    heard: list[str] = []

    async def come_late() -> None:
        with pytest.raises(SeatTaken), await turns.begin(asked(late, evening.shift.lead)):
            heard.append("was let through")

    with await turns.begin(asked(evening.worker, evening.shift.lead)):
        waiting = asyncio.create_task(come_late())
        with await turns.begin(asked(late, evening.shift.seats["second"])):
            heard.append("another seat")
        assert await claimed(evening, evening.worker) == (201, "")
    await waiting
    assert heard == ["another seat"]
    stranger = await evening.node.somebody("worker")
    with await turns.begin(asked(stranger, evening.shift.lead)):
        heard.append("left to the claim itself")
    assert heard[1:] == ["left to the claim itself"]


async def test_who_hears_it_early_hears_the_same_as_who_is_told_by_the_claim(
    evening: Evening,
) -> None:
    late = await used_today(evening, (await evening.colleague())[0])
    path = f"/api/v1/seats/{evening.shift.lead}/claims"
    assert await claimed(evening, evening.worker) == (201, "")
    web = evening.node.web
    counted = await late_answers(evening)
    early = await web.post(path, headers=late.bearer)
    whole_way = await web.post(path, headers=late.bearer, json={})
    assert (early.status_code, early.json()) == (whole_way.status_code, whole_way.json())
    assert early.json()["code"] == "seat-taken"
    told = {"content-type", "content-length", "cache-control", "x-content-type-options"}
    assert {name: early.headers[name] for name in told} == {
        name: whole_way.headers[name] for name in told
    }
    assert await late_answers(evening) == counted + 2


async def test_a_turn_ends_once_however_often_it_is_ended(evening: Evening) -> None:
    turns, seat = ClaimTurns(evening.node.engine), evening.shift.lead
    people = [await used_today(evening, (await evening.colleague())[0]) for _ in range(2)]
    first = await turns.begin(asked(people[0], seat))
    first.end()
    with await turns.begin(asked(people[1], seat)):
        first.end()
        assert list(turns._deciding) == [seat]  # noqa: SLF001 -- it is still the second one's
    assert not turns._deciding  # noqa: SLF001 -- nobody is waited for
