"""A host that is silent: each partner goes on publishing its pool's hours, with their time."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from httpx2 import AsyncClient
from sqlalchemy import update

from api.peers.client import PartnerUnreachableError
from api.peers.events import APPLY
from api.peers.rota_events import rota_events
from database.session import door
from federation.partners.models import Partner
from federation.partners.rules.capabilities import SHIFTS
from federation.pools.actions import give_handle
from federation.pools.models import Pool
from rota.attendance.actions import check_in
from rota.sign_up.actions import claim_seat
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.test_partners_that_are_away import move, nowhere
from tests.api.peers.test_pulling_feeds import pull_now
from tests.rota.world import a_person, a_pool, a_project, a_shift

Pair = tuple[RunningNode, RunningNode]
CLOSED: dict[str, Any] = {"open": False, "busy": False, "until": None, "channels": []}
TWO_WORKERS: dict[str, Any] = {
    "roles": ("lead", "second"),
    "minimum_supervisors": 0,
    "trainings": [],
}


@dataclass(frozen=True)
class Published:
    """What anybody can read at a partner's own address of a pool."""

    page: str
    json: dict[str, Any]
    calendar: str

    @property
    def as_of(self) -> datetime:
        return datetime.fromisoformat(self.json["as_of"])


async def published(node: RunningNode, slug: str) -> Published:
    async with AsyncClient(base_url=f"{node.settings.base_url}/open/") as anybody:
        forms = ("", ".json", ".ics")
        page, said, calendar = [await anybody.get(f"{slug}{form}") for form in forms]
    assert {one.status_code for one in (page, said, calendar)} == {200}
    return Published(page.text, said.json(), calendar.text)


async def a_running_pool(north: RunningNode, reader: RunningNode, capability: str = SHIFTS) -> str:
    """Let north host a pool that is open now and in two days, and another node read of it."""
    now = clock()
    async with door(north.engine) as session:
        coordinator = await a_project(session, "northern")
        pool = await a_pool(session, coordinator)
        (await session.get_one(Pool, pool.id)).speakers_shown_from = 2
        granted = update(Partner).where(Partner.node_id == reader.id)
        await session.execute(granted.values(we_grant=[f"{capability}:{pool.id}"]))
        starts = (now - timedelta(minutes=5), now + timedelta(days=2))
        running, coming = [await a_shift(session, pool, at, **TWO_WORKERS) for at in starts]
        for role in ("lead", "second"):
            worker = await a_person(session, coordinator.project_id, "worker")
            await give_handle(session, coordinator, pool.id, worker.person_id, now)
            for shift in (running, coming):
                await claim_seat(session, worker, shift.seats[role], now - timedelta(hours=5))
            await check_in(session, worker, running.id, now)
    return pool.slug


async def test_partners_publish_the_hours_of_a_silent_host_and_call_nothing_open(
    two_nodes: Pair,
) -> None:
    north, south = two_nodes
    south.apply.update({**APPLY, **rota_events(south.node.keys)})
    with time_machine.travel(clock() + timedelta(hours=1), tick=True) as time:
        slug = await a_running_pool(north, south)
        await pull_now(south, north)
        before = await published(south, slug)
        assert (before.json["now"]["open"], len(before.json["hours"])) == (True, 2)

        line = (await south.partner(north)).base_url
        await move(south, north, nowhere())
        time.shift(timedelta(minutes=3))
        with pytest.raises(PartnerUnreachableError):
            await pull_now(south, north)
        silent = await published(south, slug)
        # the session that may be running is what comes next, as far as anybody here can tell
        assert silent.json == before.json | {"now": CLOSED, "next": before.json["hours"][0]}
        assert silent.calendar == before.calendar
        assert re.search(rf"As of [^<]*{silent.as_of:%H:%M}\.<", silent.page)
        assert "Open now" in before.page
        assert "Open now" not in silent.page

        await move(south, north, line)
        await pull_now(south, north)
        # what is published is built once a minute
        time.shift(timedelta(minutes=1))
        again = await published(south, slug)
        assert (again.json["now"]["open"], again.as_of > silent.as_of) == (True, True)
