"""A member keeps a copy of what the host states of its shifts; nothing else becomes of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from database.ids import new_id
from federation.notices.models import Notice
from rota.seats.actions import lock_shift_of, settle
from rota.shifts.models import Seat, Shift
from rota.sign_up.actions import claim_seat, release_claim
from tests.rota.two_nodes import Said, Side, TwoNodes
from tests.rota.world import (
    CORE,
    NOW,
    TUESDAY_19,
    Planned,
    a_pool,
    a_shift,
    a_worker,
    everything,
    is_open,
)


@pytest.fixture
async def shift(nodes: TwoNodes) -> Planned:
    return await nodes.shift(
        lambda session: a_shift(session, nodes.pool, theme="Health", series="tue-19")
    )


async def stated(nodes: TwoNodes) -> Said:
    return (await nodes.host.said("shift.stated"))[-1]


async def test_what_the_host_states_is_exactly_this(nodes: TwoNodes, shift: Planned) -> None:
    said = await stated(nodes)
    assert (said.feed_kind, said.subject) == ("pool/shifts", str(nodes.pool.id))
    assert said.content == {
        "id": str(shift.id),
        "channel": "live-chat",
        "starts": "2027-01-05T19:00:00+00:00",
        "ends": "2027-01-05T21:00:00+00:00",
        "zone": "Europe/London",
        "briefing_minutes": 15,
        "debrief_minutes": 15,
        "languages": ["en"],
        "wanted_languages": [],
        "theme": "Health",
        "demand": "1.5",
        "minimum_workers": 2,
        "minimum_supervisors": 1,
        "trainings": [CORE],
        "series": "tue-19",
        "ground_rules": None,
        "open": False,
        "cancelled": False,
        "seats": [
            {"id": str(seat), "role": role, "state": "open"} for role, seat in shift.seats.items()
        ],
        "term": 1,
    }


async def facts(side: Side, shift: Planned) -> list[Any]:
    row = await side.session.execute(
        select(
            *(
                column
                for column in Shift.__table__.columns
                if column.name not in {"channel_id", "cancelled_at"}
            )
        ).where(Shift.id == shift.id)
    )
    seats = await side.session.execute(
        select(Seat.id, Seat.role, Seat.state).where(Seat.shift_id == shift.id).order_by(Seat.id)
    )
    return [*row, *seats]


async def test_the_copy_is_the_shift(nodes: TwoNodes, shift: Planned) -> None:
    async with nodes.host.door() as session:
        worker = await a_worker(session, nodes.pool.id, nodes.pool.coordinator)
        await claim_seat(session, worker.asker, shift.lead, NOW)
    await nodes.exchange()
    copied = await facts(nodes.home, shift)
    assert copied == await facts(nodes.host, shift)
    assert len(copied) == 4


async def test_a_cancelled_shift_is_cancelled_in_the_copy(nodes: TwoNodes, shift: Planned) -> None:
    async with nodes.host.door() as session:
        planned = await lock_shift_of(session, shift.lead)
        planned.cancelled_at = NOW
        await settle(session, planned, NOW)
    await nodes.exchange()
    copy = await nodes.home.session.get_one(Shift, shift.id)
    assert copy.cancelled_at == NOW
    assert not copy.open


async def test_home_tells_its_own_people_when_their_shift_closes(nodes: TwoNodes) -> None:
    ours = await nodes.worker()
    late = TUESDAY_19 + timedelta(hours=5)
    shift = await nodes.shift(
        lambda session: a_shift(session, nodes.pool, late, zone="Europe/Amsterdam")
    )
    async with nodes.host.door() as session:
        second = await a_worker(session, nodes.pool.id, nodes.pool.coordinator)
        supervisor = await a_worker(session, nodes.pool.id, nodes.pool.coordinator, "supervisor")
        claim = await claim_seat(session, second.asker, shift.seats["second"], NOW)
        await claim_seat(session, supervisor.asker, shift.seats["supervisor"], NOW)
    async with nodes.home.door() as session:
        await claim_seat(session, ours.asker, shift.lead, NOW)
    await nodes.exchange()
    assert await is_open(nodes.home.session, shift)
    async with nodes.host.door() as session:
        await release_claim(session, second.asker, claim.id, NOW)
    await nodes.exchange()
    assert not await is_open(nodes.home.session, shift)
    notices = await nodes.home.session.execute(select(Notice.person_id, Notice.code, Notice.text))
    # midnight in London is one o'clock of the next day in Amsterdam
    text = (
        "There is a change in your plan on 6 January: "
        "it is short of people and not announced at the moment."
    )
    assert [tuple(row) for row in notices] == [(ours.id, "shift-closed", text)]


async def test_a_newer_host_may_say_more_and_the_same_twice(
    nodes: TwoNodes, shift: Planned
) -> None:
    before = await facts(nodes.home, shift)
    said = await stated(nodes)
    assert await nodes.home.hear(nodes.host, said.saying(meeting="later")) is None
    assert await facts(nodes.home, shift) == before


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"channel": "unheard-of"}, "not-here-yet"),
        ({"zone": "Mars/Olympus"}, "unknown-zone"),
        ({"starts": "2027-01-05T19:00:00"}, "ValidationError"),
        ({"ends": "2027-01-05T19:00:00Z"}, "IntegrityError"),
        ({"demand": "nan"}, "ValidationError"),
        ({"demand": "-1"}, "ValidationError"),
        ({"briefing_minutes": -15}, "ValidationError"),
        ({"seats": [{"id": str(new_id()), "role": "boss", "state": "open"}]}, "IntegrityError"),
        ({"seats": [{"id": str(new_id()), "role": "lead", "state": "mine"}]}, "IntegrityError"),
    ],
)
@pytest.mark.usefixtures("shift")
async def test_a_shift_that_cannot_be_is_set_aside(
    nodes: TwoNodes, changed: dict[str, Any], code: str
) -> None:
    said = await stated(nodes)
    before = await everything(nodes.home.session)
    assert await nodes.home.hear(nodes.host, said.saying(**changed)) == code
    assert await everything(nodes.home.session) == before


async def test_a_host_changes_shifts_of_its_own_pools_only(nodes: TwoNodes, shift: Planned) -> None:
    """Home hosts a pool too: its shift gets neither other facts nor seats from the partner."""
    async with nodes.home.door() as session:
        own = await a_pool(session, nodes.coordinator)
        ours = await a_shift(session, own)
    said = await stated(nodes)
    taken = {"id": str(new_id()), "role": "lead", "state": "held"}
    before = await everything(nodes.home.session)
    for forged, code in (
        (said.saying(id=str(ours.id), seats=[taken]), "not-found"),
        (said._replace(subject=str(own.id)).saying(id=str(ours.id), seats=[taken]), "not-here-yet"),
        (said._replace(feed_kind="private", subject=nodes.home.id), "not-found"),
    ):
        assert await nodes.home.hear(nodes.host, forged) == code
    assert await everything(nodes.home.session) == before
    # nor does it move a seat of another shift to its own
    moved = {"id": str(ours.lead), "role": "observer", "state": "held"}
    assert await nodes.home.hear(nodes.host, said.saying(seats=[moved])) is None
    seat = await nodes.home.session.get_one(Seat, ours.lead, populate_existing=True)
    assert (seat.shift_id, seat.role, seat.state) == (ours.id, "lead", "open")
    assert shift.id != ours.id
