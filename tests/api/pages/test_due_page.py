"""What is due stands on one page and, counted, on the start page, with what would settle it."""

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from httpx2 import AsyncClient

from api.dates import full_date
from api.parts import current_time
from database.session import door
from federation.pools.actions import add_channel, join_pool
from federation.pools.drafts import ChannelDraft
from protocols.items.actions import draft_item
from protocols.items.models import Item
from rota.passport.actions import attest_training
from rota.sign_up.actions import claim_seat
from tests.api.conftest import Node, Somebody, form_token
from tests.api.evening import Evening, an_evening, coming
from tests.protocols.example_texts import Told, protocol
from tests.questions import counted
from tests.rota.world import SHARE, Planned, a_shift

TODAY = current_time().date()
ISSUED = TODAY - timedelta(days=300)
ENDED, ENDING, REVIEW = (TODAY + timedelta(days=days) for days in (-4, 12, -2))


@dataclass(frozen=True)
class Due:
    """A project of which something of each kind is due."""

    evening: Evening
    shift: Planned
    text: UUID
    expired: UUID

    @property
    def boss(self) -> Somebody:
        return self.evening.coordinator

    @property
    def now(self) -> str:
        """Where the worker says how the work goes."""
        return f"/shifts/{self.shift.id}/now"


async def answering(evening: Evening, hours: float) -> Planned:
    """Let the worker have a time for messages that begins in so many hours."""
    pool, starts = evening.pool, coming(hours)
    async with door(evening.node.engine) as session:
        draft = ChannelDraft(f"inbox-{-hours:.0f}", "Messages left", "inbox", 1, 0, [])
        channel = await add_channel(session, pool.coordinator, pool.id, draft, current_time())
        shift = await a_shift(
            session,
            pool,
            starts,
            roles=("lead",),
            channel_id=channel.id,
            trainings=[],
            minimum_workers=1,
            minimum_supervisors=0,
        )
        await claim_seat(session, evening.worker.asker, shift.lead, starts - timedelta(days=2))
    return shift


@pytest.fixture
async def due(node: Node) -> Due:
    evening = await an_evening(node)
    boss, worker, now = evening.coordinator, evening.worker, current_time()
    shift = await answering(evening, -30)
    async with door(node.engine) as session:
        expired = await attest_training(
            session, boss.asker, worker.id, "netreach-core", ISSUED, ENDED, now
        )
        await attest_training(session, boss.asker, worker.id, "boundaries", ISSUED, ENDING, now)
        text = await draft_item(session, boss.asker, protocol(Told(title="How we write")), now)
        item = await session.get_one(Item, text.id)
        item.review_by = REVIEW
    return Due(evening, shift, text.id, expired.id)


async def main(browser: AsyncClient, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200
    return answer.text.split("<main", 1)[1].split("</main>", 1)[0]


async def test_a_coordinator_finds_each_with_what_would_settle_it(due: Due) -> None:
    node, handle = due.evening.node, due.evening.handle
    async with node.signed_in(due.boss.id) as browser:
        start, page = await main(browser, "/"), await main(browser, "/due")
        for told in (
            "Trainings that end soon or have expired: 2",
            "Messages and tasks that are late: 1",
            "Texts that should have been reviewed: 1",
        ):
            assert told in start
        assert f"{handle}: netreach-core" in page
        assert f"It was valid until {full_date(ENDED)}." in page
        assert page.index("netreach-core") < page.index(f"{handle}: boundaries")
        assert f"It is valid until {full_date(ENDING)}." in page
        assert "A pool asks for it" in page
        assert f"It is with {handle}." in page
        assert f'href="/board/{due.evening.pool.slug}/shifts/{due.shift.id}"' in page
        assert f"This text should have been reviewed by {full_date(REVIEW)}." in page
        assert f'href="/texts/{due.text}"' in page
        # by pseudonym, and nowhere by name
        assert "Ann Example" not in page.replace("Its owner is Ann Example.", "")
        renewing = await main(browser, f"/trainings?renew={due.expired}")
        form = renewing.split('id="attest"', 1)[1]
        assert f'value="{due.evening.worker.id}" selected' in form
        assert 'value="netreach-core"' in form
        # also a training that nobody lacks: its name has to be the same each time
        offered = re.findall(r'<option value="([a-z-]+)"></option>', form)
        assert offered == ["boundaries", "netreach-core"]
        token = await form_token(browser, "/due")
        done = await browser.post(f"/due/{due.shift.id}/done", data={"_csrf_token": token})
        assert (done.status_code, done.headers["location"]) == (303, "/due")
        assert f"It is with {handle}." not in await main(browser, "/due")


async def test_where_nothing_is_due_the_page_says_so_and_the_start_says_nothing(node: Node) -> None:
    boss = await node.somebody("coordinator")
    async with node.signed_in(boss.id) as browser:
        page, start = await main(browser, "/due"), await main(browser, "/")
    assert "No training of your people ends within 30 days, and none has expired." in page
    assert "Nothing is late." in page
    assert 'id="due"' not in start


async def test_workers_and_other_projects_see_nothing_of_it(due: Due) -> None:
    node, pool = due.evening.node, due.evening.pool
    partner = await node.somebody("coordinator")
    async with door(node.engine) as session:
        await join_pool(session, partner.asker, pool.id, SHARE, current_time())
    async with node.signed_in(due.evening.worker.id) as browser:
        assert (await browser.get("/due")).status_code == 403
        assert 'href="/due"' not in (await browser.get("/")).text
    async with node.signed_in(partner.id) as browser:
        page = await main(browser, "/due")
        # the pool's messages are late for both; who has them is not told
        assert "It is with somebody of another project." in page
        for hidden in (due.evening.handle, "netreach-core", "boundaries", "How we write", "/done"):
            assert hidden not in page
        token = await form_token(browser, "/availability")
        done = await browser.post(f"/due/{due.shift.id}/done", data={"_csrf_token": token})
    assert done.status_code == 404


async def test_a_worker_says_on_the_page_of_the_work_that_it_is_done(due: Due) -> None:
    node, worker = due.evening.node, due.evening.worker
    running = await answering(due.evening, -1)
    async with node.signed_in(worker.id) as browser:
        late, now = await main(browser, due.now), await main(browser, f"/shifts/{running.id}/now")
        assert "Its time is over, and nobody has said yet that it is done." in late
        assert "The public is told that messages are answered by" in now
        assert "nobody is there until one of you checks in" not in now
        token = await form_token(browser, due.now)
        done = await browser.post(f"/shifts/{due.shift.id}/done", data={"_csrf_token": token})
        assert (done.status_code, done.headers["location"]) == (303, due.now)
        page = await main(browser, due.now)
    assert "Somebody has said that it is done." in page
    assert "/done" not in page


async def test_a_program_says_so_as_well(due: Due) -> None:
    node, worker = due.evening.node, due.evening.worker
    path = f"/api/v1/shifts/{due.shift.id}/done"
    assert (await node.web.post(path, headers=worker.bearer)).status_code == 204
    coming_up = f"/api/v1/shifts/{due.evening.shift.id}/done"
    assert (await node.web.post(coming_up, headers=worker.bearer)).status_code == 404


async def test_the_page_asks_as_often_for_many_as_for_one(due: Due) -> None:
    node, boss = due.evening.node, due.boss
    async with node.signed_in(boss.id) as browser:
        with counted(node.engine) as one:
            await main(browser, "/due")
        for hours in (-60, -90):
            await answering(due.evening, hours)
        worker, _ = await due.evening.colleague()
        async with door(node.engine) as session:
            await attest_training(
                session, boss.asker, worker.id, "tax", ISSUED, ENDING, current_time()
            )
        with counted(node.engine) as several:
            assert (await main(browser, "/due")).count("It is with") == 3
    assert len(one) == len(several) == 5
