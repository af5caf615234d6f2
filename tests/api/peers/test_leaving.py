"""One node leaves another: at once and alone; the other hears of it, and seats go as was chosen."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from api.peers.client import PartnerRefusedError
from api.worker.parting_jobs import TOLD_FOR
from database.ids import new_id
from database.outbox import OutboxRow
from database.session import door
from federation.notices.models import Notice
from federation.partners.models import Partner
from federation.partners.rules.document import Role
from federation.relations.leaving.actions import TELL, end
from federation.relations.leaving.rules import PURPOSE
from rota.shifts.models import Seat
from rota.sign_up.actions import release_claim
from rota.timetable.actions import cancel_shift
from tests.api.peers.desk import desk
from tests.api.peers.handing import a_worker_of_north, claim_at
from tests.api.peers.nodes import ADMINISTRATOR, RunningNode, clock, join
from tests.api.peers.pool_of_two import (
    DAY,
    PoolOfTwo,
    booked,
    pool_of_two,
    pull_now,
    seat_state,
    set_aside,
    standing,
)
from tests.api.peers.test_partners_json import program
from tests.api.peers.test_pulling_feeds import note_in, say
from tests.rota.world import TUESDAY_19, Worker

Pair = tuple[RunningNode, RunningNode]


async def leave(at: RunningNode, other: RunningNode, claims_until: datetime | None = None) -> None:
    async with door(at.engine) as session:
        await end(
            session,
            asker=ADMINISTRATOR,
            node_id=other.id,
            now=clock(),
            claims_until=claims_until,
        )


async def stands(at: RunningNode, other: RunningNode) -> tuple[str, bool]:
    partner = await at.partner(other)
    return partner.state, partner.ended_there


async def untold(node: RunningNode) -> list[str | None]:
    async with door(node.engine) as session:
        rows = await session.scalars(select(OutboxRow).where(OutboxRow.kind == TELL))
        return [row.last_error for row in rows]


async def bring(node: RunningNode, statement: str) -> tuple[int, str]:
    async with httpx2.AsyncClient() as http:
        url = f"{node.settings.base_url}/fed/v1/leave"
        answer = await http.post(url, json={"statement": statement})
        return answer.status_code, answer.json()["code"] if answer.content else ""


def word_of(
    node: RunningNode,
    to: RunningNode,
    *,
    at: datetime | None = None,
    role: Role = "transport",
    **more: Any,
) -> str:
    said: dict[str, Any] = {
        "node": node.id,
        "to": to.id,
        "at": (at or clock()).isoformat(),
        "claims_until": None,
        **more,
    }
    return node.node.keys.sign(role, said, purpose=PURPOSE)


async def held_twice(shared: PoolOfTwo) -> tuple[Worker, list[UUID], list[UUID]]:
    """Let somebody of South hold the lead of two sessions of North's, a day apart."""
    worker = await shared.worker()
    shifts = await shared.shifts(2)
    seats = [shift.lead for shift in shifts]
    return worker, seats, [await shared.claim(worker, seat) for seat in seats]


@pytest.mark.parametrize("who", ["host", "home"])
async def test_30_seats_are_kept_until_a_day_and_given_back_from_then_on_at_both(
    two_nodes: Pair, who: str
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    worker, seats, claims = await held_twice(shared)
    leaves, left = (north, south) if who == "host" else (south, north)
    await leave(leaves, left, TUESDAY_19 + DAY / 2)
    assert await stands(leaves, left) == ("ended", False)
    await leaves.loop.work_off()
    await left.loop.work_off()
    assert await stands(left, leaves) == ("ended", True)
    for node in two_nodes:
        assert [(await standing(node, claim))[0] for claim in claims] == ["held", "released"]
        assert await untold(node) == []
    assert await booked(south, worker) == claims[:1]
    assert [await seat_state(north, seat) for seat in seats] == ["held", "open"]
    async with door(south.engine) as session:
        told = select(Notice.code).where(Notice.person_id == worker.id)
        assert list(await session.scalars(told)) == ["claim-ended"]


async def test_what_is_given_back_after_the_end_is_heard_on_the_other_side(
    two_nodes: Pair,
) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    worker, seats, claims = await held_twice(shared)
    await leave(north, south)
    await north.loop.work_off()
    async with door(south.engine) as session:
        await release_claim(session, worker.asker, claims[0], clock())
    for node in (south, north, south):
        await node.loop.work_off()
    assert [(await standing(north, claim))[0] for claim in claims] == ["released", "held"]
    assert [await seat_state(north, seat) for seat in seats] == ["open", "held"]

    async with door(north.engine) as session:
        shift = await session.scalar(select(Seat.shift_id).where(Seat.id == seats[1]))
        assert shift is not None
        await cancel_shift(session, shared.pool.coordinator, shift, clock())
    for node in (north, south, north):
        await node.loop.work_off()
    assert [(await standing(south, claim))[0] for claim in claims] == ["released"] * 2
    assert (await booked(south, worker), await untold(north), await untold(south)) == ([], [], [])


async def test_nobody_gives_back_what_is_not_theirs(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _, _, [hers, _] = await held_twice(shared)
    robin = await a_worker_of_north(shared)
    [evening] = await shared.shifts(1)
    his = await claim_at(north, robin, evening.lead)
    said = word_of(south, north, given_back=[str(his), str(hers), str(new_id())])
    assert await bring(north, said) == (204, "")
    await north.loop.work_off()
    assert await standing(north, hers) == ("released", [])
    assert await standing(north, his) == ("held", [])
    too_many = word_of(south, north, given_back=[str(new_id()) for _ in range(1001)])
    assert await bring(north, too_many) == (422, "bad-signature")


async def test_30_leaving_is_at_once_also_where_the_partner_is_down(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _, seats, claims = await held_twice(shared)
    address = south.settings.base_url
    async with door(north.engine) as session:
        (await session.get_one(Partner, south.id)).base_url = "http://127.0.0.1:9"
    await leave(north, south, clock())
    with pytest.raises(PartnerRefusedError, match="invalid_client"):
        await pull_now(south, north)
    await north.loop.work_off()
    assert [(await standing(north, claim))[0] for claim in claims] == ["released"] * 2
    assert [await seat_state(north, seat) for seat in seats] == ["open"] * 2
    # the end, and which seats were given back since
    assert await untold(north) == ["ConnectError"] * 2
    async with desk(north, "partner-administrator") as acts:
        assert "not been reached yet" in await acts.see(f"/partners/{south.id}")

    async with door(north.engine) as session:
        (await session.get_one(Partner, south.id)).base_url = address
    usual = north.workshop.clock
    north.workshop.clock = lambda: clock() + timedelta(minutes=2)
    try:
        await north.loop.work_off()
    finally:
        north.workshop.clock = usual
    await south.loop.work_off()
    assert (await stands(south, north), await untold(north)) == (("ended", True), [])
    assert [(await standing(south, claim))[0] for claim in claims] == ["released"] * 2


async def test_a_month_later_nobody_is_told_any_more(two_nodes: Pair) -> None:
    north, south = two_nodes
    async with door(north.engine) as session:
        (await session.get_one(Partner, south.id)).base_url = "http://127.0.0.1:9"
    await leave(north, south)
    await north.loop.work_off()
    assert await untold(north) == ["ConnectError"]
    usual = north.workshop.clock
    north.workshop.clock = lambda: clock() + TOLD_FOR + timedelta(minutes=2)
    try:
        await north.loop.work_off()
    finally:
        north.workshop.clock = usual
    assert (await untold(north), await stands(south, north)) == ([], ("joined", False))


async def test_21_a_word_of_before_ends_nothing_that_was_begun_anew(two_nodes: Pair) -> None:
    north, south = two_nodes
    before = word_of(north, south)
    await leave(north, south)
    await north.loop.work_off()
    assert await stands(south, north) == ("ended", True)
    await join(north, south)
    assert await stands(south, north) == ("joined", False)
    assert await bring(south, before) == (204, "")
    assert await stands(south, north) == ("joined", False)


async def test_only_a_partner_s_own_word_for_this_node_ends_it(two_nodes: Pair) -> None:
    north, south = two_nodes
    late = clock() + timedelta(minutes=6)
    said = word_of(north, south)
    for wrong in (
        word_of(north, south, role="head"),
        word_of(north, north),
        word_of(north, south, at=late),
        # south's own, under no name that it knows
        word_of(south, south),
        said[:-4],
        "a.b",
        "",
    ):
        assert await bring(south, wrong) == (422, "bad-signature")
    assert await stands(south, north) == ("joined", False)
    assert await bring(south, said) == (204, "")
    assert await stands(south, north) == ("ended", True)
    assert await bring(south, said) == (204, "")


async def test_a_page_and_programs_say_which_seats_are_given_back(two_nodes: Pair) -> None:
    shared = await pool_of_two(two_nodes)
    north, south = two_nodes
    _, _, claims = await held_twice(shared)
    path, here = f"/{south.id}/end", f"/partners/{south.id}"
    async with desk(north, "partner-administrator") as acts:
        odd = await acts.press(path, typed="South", since="tomorrow")
        assert (odd.status_code, await stands(north, south)) == (400, ("joined", False))
        day = (TUESDAY_19 + DAY).date().isoformat()
        done = await acts.press(path, typed="South", since=day)
        assert (done.status_code, done.headers["location"]) == (303, here)
        assert "You ended it" in await acts.see(here)
    await north.loop.work_off()
    assert [(await standing(north, claim))[0] for claim in claims] == ["held", "released"]
    async with desk(south, "coordinator") as reads:
        assert "They ended it" in await reads.see(f"/partners/{north.id}")

    there = await program(south, "partner-administrator")
    wrong = await there.ask("DELETE", f"/{north.id}?claims_until=soon")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "wrong-type")
    assert (await there.ask("DELETE", f"/{north.id}?claims_until=2000-01-01")).status_code == 204
    await south.loop.work_off()
    assert [(await standing(south, claim))[0] for claim in claims] == ["released"] * 2
    # it was north who ended it
    assert await stands(south, north) == ("ended", True)
    assert await untold(south) == []
    await north.loop.work_off()
    assert [(await standing(north, claim))[0] for claim in claims] == ["released"] * 2


async def test_what_was_set_aside_is_forgotten_on_the_page_after_a_look(two_nodes: Pair) -> None:
    north, south = two_nodes
    south.apply["greeting"] = note_in("greeting")
    here, path = f"/partners/{north.id}", f"/{north.id}/forget"
    async with desk(south, "partner-administrator") as acts, desk(south, "coordinator") as reads:
        assert "Forget what was set aside" not in await acts.see(here)
        await say(north, south, {"bad": "refused"})
        await pull_now(south, north)
        assert "Forget what was set aside" in await acts.see(here)
        assert "Forget what was set aside" not in await reads.see(here)
        assert (await reads.press(path)).status_code == 403
        south.apply.clear()
        await say(north, south, {"n": 1})
        await pull_now(south, north)
        kinds = [("greeting", "bad", "refused"), ("greeting", "unknown-kind", "")]
        assert await set_aside(south) == kinds
        gone = await acts.press(path, waiting="no")
        assert (gone.status_code, gone.headers["location"]) == (303, here)
        assert await set_aside(south) == kinds[1:]
        await acts.press(path, waiting="yes")
        assert await set_aside(south) == []
