"""A notice says little, since others may read it; its link leads to where something can be done."""

from uuid import UUID, uuid4

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import select

from api.pages.notice_links import PAGES
from api.parts import current_time
from database.session import door
from federation.notices.actions import notify
from federation.notices.models import Notice
from federation.partners.keys import NodeKeys
from federation.people.models import Handle
from rota.claims.models import Claim
from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening, coming

OF_WORKERS = {"training-ends", "text-to-read", "seat-unread", "swap-offered", "slot-asked"}


@pytest.fixture
async def evening(node: Node) -> Evening:
    """Give an evening that is so near that everybody is asked at once."""
    return await an_evening(node, coming(3))


async def asked(evening: Evening) -> str:
    """Let the worker take the lead and ask others; gives the request."""
    web, bearer = evening.node.web, evening.worker.bearer
    taken = await web.post(f"/api/v1/seats/{evening.shift.lead}/claims", headers=bearer)
    claim = taken.json()["id"]
    answer = await web.post(f"/api/v1/claims/{claim}/cover", headers=bearer)
    request: str = answer.json()["id"]
    return request


async def notice_of(node: Node, person: Somebody, code: str) -> UUID:
    async with door(node.engine) as session:
        mine = Notice.person_id == person.id, Notice.code == code
        return (await session.scalars(select(Notice.id).where(*mine))).one()


async def shown(browser: AsyncClient, notice: UUID) -> Response:
    path = f"/notices/{notice}/show"
    assert f'href="{path}"' in (await browser.get("/")).text
    return await browser.get(path)


def in_week(evening: Evening, answer: Response) -> bool:
    week, _, place = answer.headers["location"].partition("#")
    return week.startswith("/week?week=") and place == f"shift-{evening.shift.id}"


async def test_a_worker_is_led_to_the_seat_that_is_wanted(evening: Evening) -> None:
    colleague, _ = await evening.colleague()
    cover = await asked(evening)
    notice = await notice_of(evening.node, colleague, "cover-wanted")
    async with evening.node.signed_in(colleague.id) as browser:
        answer = await shown(browser, notice)
        assert answer.status_code == 303
        assert in_week(evening, answer)
        week = (await browser.get(answer.headers["location"].partition("#")[0])).text
        assert f'id="shift-{evening.shift.id}"' in week
        path = f"/api/v1/covers/{cover}/claims"
        assert (await evening.node.web.post(path, headers=colleague.bearer)).status_code == 201
        over = await browser.get(f"/notices/{notice}/show")
    assert over.status_code == 409
    assert "Nobody is asked to take this seat any more." in over.text


async def test_a_coordinator_is_led_to_the_session_on_the_board(evening: Evening) -> None:
    await asked(evening)
    notice = await notice_of(evening.node, evening.coordinator, "cover-open")
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        answer = await shown(browser, notice)
    where = f"/board/{evening.pool.slug}/shifts/{evening.shift.id}"
    assert (answer.status_code, answer.headers["location"]) == (303, where)


async def test_who_waits_is_led_to_what_is_offered(evening: Evening) -> None:
    now = current_time()
    async with door(evening.node.engine) as session:
        handle = select(Handle.id).where(Handle.person_id == evening.worker.id)
        session.add(
            Claim(
                seat_id=evening.shift.lead,
                handle_id=(await session.scalars(handle)).one(),
                state="proposed",
                origin="cover",
                decided_here=True,
                answer_by=coming(2),
                made_at=now,
            )
        )
        notice = await notify(
            session, person_id=evening.worker.id, code="offered", text="Offered.", now=now
        )
    async with evening.node.signed_in(evening.worker.id) as browser:
        answer = await shown(browser, notice)
    assert answer.status_code == 303
    assert in_week(evening, answer)


async def test_a_notice_leads_to_the_page_that_shows_all_there_is_to_do(evening: Evening) -> None:
    node, boss = evening.node, evening.coordinator
    if not (node.settings.keys / "node-id").exists():
        NodeKeys.create(node.settings.keys)
    async with door(node.engine) as session:
        told = [
            (
                code,
                await notify(session, person_id=one.id, code=code, text=code, now=current_time()),
            )
            for code in PAGES
            for one in [evening.worker if code in OF_WORKERS else boss]
        ]
    async with (
        node.signed_in(boss.id) as theirs,
        node.signed_in(evening.worker.id) as own,
    ):
        for code, notice in told:
            browser = own if code in OF_WORKERS else theirs
            answer = await shown(browser, notice)
            assert (answer.status_code, answer.headers["location"]) == (303, PAGES[code])
            assert (await browser.get(PAGES[code])).status_code == 200


async def test_nobody_follows_the_notice_of_somebody_else(evening: Evening) -> None:
    colleague, _ = await evening.colleague()
    await asked(evening)
    notice = await notice_of(evening.node, colleague, "cover-wanted")
    async with evening.node.signed_in(evening.worker.id) as browser:
        for one in (notice, uuid4()):
            assert (await browser.get(f"/notices/{one}/show")).status_code == 404


async def test_who_was_given_seats_is_led_to_the_next_one(evening: Evening) -> None:
    async with door(evening.node.engine) as session:
        _, notice = [
            await notify(
                session, person_id=evening.worker.id, code="seated", text="New.", now=current_time()
            )
            for _ in range(2)
        ]
    async with evening.node.signed_in(evening.worker.id) as browser:
        free = await shown(browser, notice)
        await asked(evening)
        taken = await shown(browser, notice)
        start = (await browser.get("/")).text
    assert (free.status_code, free.headers["location"]) == (303, "/week")
    assert (taken.status_code, in_week(evening, taken)) == (303, True)
    assert start.count(">New.<") == 1
    assert "2 times, last on " in start


async def test_a_notice_that_asks_for_nothing_leads_nowhere(evening: Evening) -> None:
    async with door(evening.node.engine) as session:
        notice = await notify(
            session, person_id=evening.worker.id, code="test", text="New.", now=current_time()
        )
    async with evening.node.signed_in(evening.worker.id) as browser:
        assert f"/notices/{notice}/show" not in (await browser.get("/")).text
        assert (await browser.get(f"/notices/{notice}/show")).status_code == 404
