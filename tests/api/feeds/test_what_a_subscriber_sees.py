"""Plans change through the same requests that people send, and a subscribed calendar follows.

Numbers are those of the checks in the reference for calendars.
"""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from api.parts import current_time
from database.session import door
from federation.people.actions import let_go
from federation.people.rules import OPERATOR
from rota.calendar.actions import revoke_all_addresses
from rota.timetable.actions import cancel_shift, change_shift
from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening, coming
from tests.api.feeds.subscriber import NOTHING, Change, Subscriber
from tests.rota.timetable.test_moving_and_cancelling_shifts import moved_draft
from tests.rota.world import Planned


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def subscribed(node: Node, somebody: Somebody, **wanted: Any) -> Subscriber:
    answer = await node.web.post(
        "/api/v1/calendars", json={"label": "Phone"} | wanted, headers=somebody.bearer
    )
    assert answer.status_code == 201
    return Subscriber(node.web, answer.json()["url"])


async def take(evening: Evening, who: Somebody, seat: UUID) -> str:
    answer = await evening.node.web.post(f"/api/v1/seats/{seat}/claims", headers=who.bearer)
    assert (answer.status_code, answer.json()["state"]) == (201, "held")
    return f"/api/v1/claims/{answer.json()['id']}"


async def give_back(evening: Evening, who: Somebody, claim: str) -> None:
    assert (await evening.node.web.delete(claim, headers=who.bearer)).status_code == 204


async def move(evening: Evening, shift: Planned, by: timedelta) -> None:
    """Let the coordinator move a shift; the worker is asked again, and stays."""
    async with door(evening.node.engine) as session:
        draft = await moved_draft(session, shift.id, by)
        await change_shift(session, evening.coordinator.asker, shift.id, draft, current_time())


def stamp(moment: datetime, minutes: int = 0) -> str:
    return f"{moment + timedelta(minutes=minutes):%Y%m%dT%H%M%SZ}"


async def test_15_a_new_seat_is_added_with_the_next_look(evening: Evening) -> None:
    phone = await subscribed(evening.node, evening.worker)
    assert await phone.look() == NOTHING
    await take(evening, evening.worker, evening.shift.lead)
    assert await phone.look() == Change([stamp(evening.shift.starts, -15)], [], [])
    assert await phone.look() == NOTHING
    assert (phone.asked, phone.answered_unchanged) == (3, 1)


async def test_10_11_14_a_moved_seat_is_moved_and_rises(evening: Evening) -> None:
    phone = await subscribed(evening.node, evening.worker)
    await take(evening, evening.worker, evening.shift.lead)
    await phone.look()
    seen, starts = [], evening.shift.starts
    for minutes in (30, -60, 30):
        await move(evening, evening.shift, timedelta(minutes=minutes))
        seen.append(await phone.look())
    times = [stamp(starts, minutes - 15) for minutes in (0, 30, -30, 0)]
    assert seen == [Change([], [pair], []) for pair in pairwise(times)]
    (event,) = phone.events.values()
    assert event["SEQUENCE"] == "3"


async def test_moved_and_moved_back_between_two_looks_is_no_change(evening: Evening) -> None:
    phone = await subscribed(evening.node, evening.worker)
    await take(evening, evening.worker, evening.shift.lead)
    await phone.look()
    for minutes in (30, -30):
        await move(evening, evening.shift, timedelta(minutes=minutes))
    assert await phone.look() == NOTHING
    assert phone.answered_unchanged == 1


async def test_13_16_a_seat_given_back_or_taken_away_is_removed(evening: Evening) -> None:
    later = await evening.more_shifts([coming(96)])
    phone = await subscribed(evening.node, evening.worker)
    mine = await take(evening, evening.worker, evening.shift.lead)
    second = await take(evening, evening.worker, later[0].lead)
    assert len((await phone.look()).added) == 2
    await give_back(evening, evening.worker, mine)
    assert await phone.look() == Change([], [], [stamp(evening.shift.starts, -15)])
    # a coordinator takes the other one away: the worker is not assigned any more
    await give_back(evening, evening.coordinator, second)
    assert await phone.look() == Change([], [], [stamp(later[0].starts, -15)])


async def test_13_and_bug_10_a_shift_that_is_called_off_is_removed(evening: Evening) -> None:
    """Failure 34 of federations: an end is exported, whoever asks."""
    phone = await subscribed(evening.node, evening.worker)
    pool = await subscribed(evening.node, evening.coordinator, shows="pool", pool=evening.pool.slug)
    await take(evening, evening.worker, evening.shift.lead)
    assert [len((await each.look()).added) for each in (phone, pool)] == [1, 1]
    async with door(evening.node.engine) as session:
        await cancel_shift(session, evening.coordinator.asker, evening.shift.id, current_time())
    assert await phone.look() == Change([], [], [stamp(evening.shift.starts, -15)])
    assert await pool.look() == Change([], [], [stamp(evening.shift.starts)])


async def test_17_and_bug_11_an_exchange_of_seats_is_seen_in_both_calendars(
    evening: Evening,
) -> None:
    other, _ = await evening.colleague()
    (wednesday,) = await evening.more_shifts([coming(96)])
    phones = [await subscribed(evening.node, each) for each in (evening.worker, other)]
    mine = await take(evening, evening.worker, evening.shift.lead)
    theirs = await take(evening, other, wednesday.lead)
    first, then = stamp(evening.shift.starts, -15), stamp(wednesday.starts, -15)
    assert [await phone.look() for phone in phones] == [
        Change([first], [], []),
        Change([then], [], []),
    ]
    offered = await evening.node.web.post(f"{mine}/swaps", headers=evening.worker.bearer)
    assert offered.status_code == 201
    accepted = await evening.node.web.post(
        f"/api/v1/swaps/{offered.json()['id']}/acceptance",
        json={"gives": theirs.rpartition("/")[2]},
        headers=other.bearer,
    )
    assert accepted.status_code == 201
    assert [await phone.look() for phone in phones] == [
        Change([then], [], [first]),
        Change([first], [], [then]),
    ]


async def test_29_a_leaver_reads_an_empty_calendar_and_no_more(evening: Evening) -> None:
    phone = await subscribed(evening.node, evening.worker)
    await take(evening, evening.worker, evening.shift.lead)
    await phone.look()
    now = current_time()
    async with door(evening.node.engine) as session:
        await let_go(session, OPERATOR, person_id=evening.worker.id, now=now)
        await revoke_all_addresses(session, "operator", evening.worker.id, now)
    assert await phone.look() == Change([], [], [stamp(evening.shift.starts, -15)])
    assert phone.events == {}


async def test_11_new_words_are_read_by_those_who_skip_what_did_not_rise(evening: Evening) -> None:
    node, worker = evening.node, evening.worker
    phone = await subscribed(node, worker, title="Yoga")
    await take(evening, worker, evening.shift.lead)
    await phone.look()
    (listed,) = (await node.web.get("/api/v1/calendars", headers=worker.bearer)).json()["items"]
    path = f"/api/v1/calendars/{listed['id']}"
    told = []
    for changes in ({"title": "Class"}, {"alarm_minutes": 30}, {"level": "busy"}):
        answer = await node.web.patch(path, json=changes, headers=worker.bearer)
        assert answer.status_code == 200
        await phone.look()
        (event,) = phone.events.values()
        told.append((event.get("SUMMARY"), event.get("ALARM"), event["SEQUENCE"]))
    assert told == [("Class", None, "0"), ("Class", "-PT30M", "0"), (None, "-PT30M", "0")]
    # moved within the same second as it was worded: that must rise as well
    await move(evening, evening.shift, timedelta(minutes=30))
    assert len((await phone.look()).moved) == 1


async def test_two_devices_are_told_the_same_of_one_event(evening: Evening) -> None:
    one = await subscribed(evening.node, evening.worker)
    await take(evening, evening.worker, evening.shift.lead)
    await one.look()
    await move(evening, evening.shift, timedelta(minutes=30))
    other = await subscribed(evening.node, evening.worker, title="Class")
    await other.look()
    await one.look()
    (here,), (there,) = one.events.items(), other.events.items()
    assert here == (there[0], there[1] | {"SUMMARY": "Shift"})


async def test_seats_to_take_come_and_go_with_claims_and_moves(evening: Evening) -> None:
    (other,) = await evening.more_shifts([coming(240)], roles=("lead",))
    phone = await subscribed(evening.node, evening.worker, shows="open-seats")
    starts = [stamp(each.starts, -15) for each in (evening.shift, other)]
    assert await phone.look() == Change(starts, [], [])
    for event in phone.events.values():
        assert (event["STATUS"], event["TRANSP"], event["SUMMARY"]) == (
            "TENTATIVE",
            "TRANSPARENT",
            "Free",
        )
    colleague, _ = await evening.colleague()
    claim = await take(evening, colleague, other.lead)
    assert await phone.look() == Change([], [], [starts[1]])
    await give_back(evening, colleague, claim)
    before = phone.events
    assert await phone.look() == Change([starts[1]], [], [])
    assert before.keys() < phone.events.keys()
    mine = await take(evening, evening.worker, evening.shift.lead)
    assert await phone.look() == Change([], [], [starts[0]])
    await give_back(evening, evening.worker, mine)
    await phone.look()
    assert sorted(event["SEQUENCE"] for event in phone.events.values()) == ["1", "1"]


@pytest.mark.parametrize(("weeks", "shown"), [(4, 1), (8, 2)])
async def test_seats_to_take_are_shown_for_as_many_weeks_as_chosen(
    evening: Evening, weeks: int, shown: int
) -> None:
    await evening.more_shifts([coming(24 * 50), coming(24 * 70)])
    phone = await subscribed(evening.node, evening.worker, shows="open-seats", weeks=weeks)
    assert len((await phone.look()).added) == shown


async def test_a_pool_is_followed_by_its_coordinator(evening: Evening) -> None:
    phone = await subscribed(
        evening.node, evening.coordinator, shows="pool", pool=evening.pool.slug, title="Team"
    )
    await phone.look()
    supervisor, _ = await evening.colleague("supervisor")
    second, _ = await evening.colleague()
    told = [*phone.events.values()]
    for who, role in ((evening.worker, "lead"), (second, "second"), (supervisor, "supervisor")):
        await take(evening, who, evening.shift.seats[role])
        assert len((await phone.look()).moved) == 1
        told += phone.events.values()
    names = ("SUMMARY", "STATUS", "TRANSP", "SEQUENCE")
    shown = [tuple(event[name] for name in names) for event in told]
    assert shown == [
        ("Team 0/3", "TENTATIVE", "TRANSPARENT", "0"),
        ("Team 1/3", "TENTATIVE", "TRANSPARENT", "1"),
        ("Team 2/3", "TENTATIVE", "TRANSPARENT", "2"),
        ("Team 3/3", "CONFIRMED", "TRANSPARENT", "3"),
    ]


async def test_one_person_has_the_same_uid_in_no_two_calendars(evening: Evening) -> None:
    worker = evening.worker
    own = await subscribed(evening.node, worker)
    await take(evening, worker, evening.shift.lead)
    colleague, _ = await evening.colleague()
    phones = [
        own,
        await subscribed(evening.node, colleague, shows="open-seats"),
        await subscribed(evening.node, colleague, shows="open-seats"),
        await subscribed(evening.node, evening.coordinator, shows="pool", pool=evening.pool.slug),
    ]
    for phone in phones:
        await phone.look()
    uids = [uid for phone in phones for uid in phone.events]
    assert len(uids) == len(set(uids)) == 4
