"""The pages of workers and coordinators, used as a browser uses them, without JavaScript."""

import gzip
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import event, select

from api.parts import current_time
from database.session import door
from rota.board.marks import marks_of_boards
from rota.claims.models import Claim
from rota.leave.actions import enter_leave
from rota.sign_up.actions import claim_seat
from tests.api.conftest import Node, form_token
from tests.api.evening import Evening, an_evening


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


@pytest.fixture
async def worker(evening: Evening) -> AsyncIterator[AsyncClient]:
    async with evening.node.signed_in(evening.worker.id) as browser:
        yield browser


@pytest.fixture
async def coordinator(evening: Evening) -> AsyncIterator[AsyncClient]:
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        yield browser


def week(evening: Evening) -> str:
    day = evening.shift.starts.date()
    return str(day - timedelta(days=day.weekday()))


def seat_form(evening: Evening, role: str = "lead") -> str:
    return f"/seats/{evening.shift.seats[role]}/claim"


async def send(browser: AsyncClient, page: str, path: str, **fields: str) -> Response:
    """Press a button of a page: its hidden field comes along."""
    token = await form_token(browser, page)
    return await browser.post(path, data={"_csrf_token": token, **fields})


async def claims(evening: Evening) -> list[tuple[str, str]]:
    async with door(evening.node.engine) as session:
        rows = await session.execute(
            select(Claim.state, Claim.origin)
            .where(Claim.seat_id.in_(list(evening.shift.seats.values())))
            .order_by(Claim.id)
        )
        return [(state, origin) for state, origin in rows]


async def text(browser: AsyncClient, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text


async def test_a_worker_takes_a_seat_and_gives_it_back(
    evening: Evening, worker: AsyncClient
) -> None:
    page = f"/week?week={week(evening)}"
    before = await text(worker, page)
    assert f'action="{seat_form(evening)}"' in before
    # the supervisor's seat is not for this worker
    assert seat_form(evening, "supervisor") not in before

    taken = await send(worker, page, seat_form(evening), week=week(evening))
    assert (taken.status_code, taken.headers["location"]) == (303, page)
    after = await text(worker, page)
    assert "/release" in after
    assert seat_form(evening) not in after
    assert await claims(evening) == [("held", "worker")]

    release = after.split("/claims/", 1)[1].split("/release", 1)[0]
    given = await send(worker, page, f"/claims/{release}/release", week=week(evening))
    assert (given.status_code, given.headers["location"]) == (303, page)
    # but for how often its pool has changed, and that this can be undone
    asked = re.compile(r'since=\d+|<form method="post" action="/undo".*?</form>\n', re.DOTALL)
    shown = [asked.sub("", each) for each in (before, await text(worker, page))]
    assert shown[0] == shown[1]
    assert await claims(evening) == [("released", "worker")]


async def test_a_refusal_is_a_page_with_its_reasons(evening: Evening, worker: AsyncClient) -> None:
    async with door(evening.node.engine) as session:
        begins = evening.shift.starts
        await enter_leave(
            session,
            evening.worker.asker,
            evening.worker.id,
            begins,
            begins + timedelta(hours=1),
            current_time(),
        )
    refused = await send(worker, f"/week?week={week(evening)}", seat_form(evening))
    assert refused.status_code == 422
    assert "Leave is entered for part of this time, its meetings included." in refused.text
    assert await claims(evening) == []


async def test_without_the_forms_field_nothing_is_taken_or_given_back(
    evening: Evening, worker: AsyncClient
) -> None:
    for fields in ({}, {"_csrf_token": "guessed"}):
        refused = await worker.post(seat_form(evening), data=fields)
        assert refused.status_code == 403
        assert "This form is no longer valid." in refused.text
    async with door(evening.node.engine) as session:
        claim = await claim_seat(session, evening.worker.asker, evening.shift.lead, current_time())
    refused = await worker.post(f"/claims/{claim.id}/release")
    assert refused.status_code == 403
    assert await claims(evening) == [("held", "worker")]


async def test_who_is_not_signed_in_sees_no_week_and_no_board(evening: Evening) -> None:
    async with evening.node.browser() as browser:
        board = f"/board/{evening.pool.slug}"
        for path in ("/week", "/board", board, f"{board}/changes", "/calendar"):
            answer = await browser.get(path)
            assert answer.status_code == 401
            assert "Please sign in." in answer.text


async def test_a_colleague_sees_that_a_seat_is_held_and_not_by_whom(evening: Evening) -> None:
    async with door(evening.node.engine) as session:
        await claim_seat(session, evening.worker.asker, evening.shift.lead, current_time())
    colleague, _handle = await evening.colleague()
    async with evening.node.signed_in(colleague.id) as browser:
        page = await text(browser, f"/week?week={week(evening)}")
    assert evening.handle not in page
    assert seat_form(evening) not in page
    assert seat_form(evening, "second") in page


async def test_workers_have_no_board(evening: Evening, worker: AsyncClient) -> None:
    board = f"/board/{evening.pool.slug}"
    for path in ("/board", board, f"{board}/changes", f"{board}/print"):
        answer = await worker.get(path)
        assert answer.status_code == 403
    ordered = await send(worker, "/week", f"/board/{evening.pool.slug}/plans", weeks="4")
    assert ordered.status_code == 403


async def test_a_coordinator_sees_gaps_and_assigns(
    evening: Evening, coordinator: AsyncClient
) -> None:
    answer = await coordinator.get("/board")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/board/{evening.pool.slug}",
    )
    page = f"/board/{evening.pool.slug}?week={week(evening)}"
    before = await text(coordinator, page)
    assert "Short of 2 more workers and an on-call supervisor" in before
    closer = f"/board/{evening.pool.slug}/shifts/{evening.shift.id}"
    assert f'href="{closer}"' in before
    assert f"<option>{evening.handle}</option>" in await text(coordinator, closer)
    assigned = await send(
        coordinator,
        closer,
        seat_form(evening),
        week=week(evening),
        board=evening.pool.slug,
        worker=evening.handle,
    )
    assert (assigned.status_code, assigned.headers["location"]) == (303, page)
    after = await text(coordinator, page)
    assert f'<span class="who">{evening.handle} ' in after
    assert "Short of 1 more worker and an on-call supervisor" in after
    assert await claims(evening) == [("held", "coordinator")]


async def test_a_board_says_what_is_missing_in_the_readers_language(
    evening: Evening, coordinator: AsyncClient
) -> None:
    coordinator.headers["Accept-Language"] = "ro"
    slug, missing = evening.pool.slug, "<p>Mai lipsește: 2 lucrători și un supervizor de gardă"
    assert missing in await text(coordinator, f"/board/{slug}?week={week(evening)}")
    assert missing in await text(coordinator, f"/board/{slug}/shifts/{evening.shift.id}")
    for path, title in (("plans", "Planuri"), ("coverage", "Acoperire")):
        assert f"<title>{title} ·" in await text(coordinator, f"/{path}/{slug}")


async def test_another_projects_board_is_not_found(evening: Evening) -> None:
    stranger = await evening.node.somebody("coordinator")
    async with evening.node.signed_in(stranger.id) as browser:
        for shown in ("", "/changes", "/print", f"/shifts/{evening.shift.id}"):
            answer = await browser.get(f"/board/{evening.pool.slug}{shown}")
            assert answer.status_code == 404
            assert evening.handle not in answer.text
        path = f"/board/{evening.pool.slug}/plans"
        assert (await send(browser, "/board", path, weeks="4")).status_code == 404


async def test_a_board_knows_how_it_stood_when_it_was_loaded(
    evening: Evening, coordinator: AsyncClient
) -> None:
    async def marks() -> tuple[list[str], str]:
        page = await text(coordinator, f"/board/{evening.pool.slug}")
        found = await marks_of_boards(evening.node.engine, [evening.pool.id])
        pattern = rf'data-changes="/board/{evening.pool.slug}/changes\?since=([^"]+)"'
        return re.findall(pattern, page), found[evening.pool.id]

    before, stood = await marks()
    assert before == [stood]
    async with door(evening.node.engine) as session:
        await claim_seat(session, evening.worker.asker, evening.shift.lead, current_time())
    taken, stood = await marks()
    assert taken == [stood]
    monday = week(evening)
    board = f"/board/{evening.pool.slug}"
    await send(coordinator, board, f"{board}/plans", week=monday, weeks="1")
    ordered, stood = await marks()
    assert ordered == [stood]
    assert len({*before, *taken, *ordered}) == 3


@pytest.mark.parametrize(
    "day", ["soon", "2027-02-30", "0001-01-01", "9999-12-31", "2027-W01-1x", "1999-12-31"]
)
async def test_a_week_that_cannot_be_is_refused(
    evening: Evening, coordinator: AsyncClient, day: str
) -> None:
    for path in ("/week", f"/board/{evening.pool.slug}"):
        assert (await coordinator.get(path, params={"week": day})).status_code == 400


@pytest.mark.parametrize(
    ("board", "where"),
    [("//evil.test", "/week"), ("../admin", "/week"), ("https://evil.test", "/week")],
)
async def test_a_form_returns_to_this_node_only(
    evening: Evening, worker: AsyncClient, board: str, where: str
) -> None:
    taken = await send(worker, "/week", seat_form(evening), board=board, week="//evil.test")
    assert (taken.status_code, taken.headers["location"]) == (303, where)


async def test_pages_without_a_pool_say_so(node: Node) -> None:
    somebody = await node.somebody("worker", "coordinator")
    async with node.signed_in(somebody.id) as browser:
        for path in ("/week", "/board"):
            assert "does not take part in a pool yet" in await text(browser, path)


async def statements_of_a_board(evening: Evening, coordinator: AsyncClient) -> int:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    engine = evening.node.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        await text(coordinator, f"/board/{evening.pool.slug}?week={week(evening)}")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


async def test_a_board_takes_eight_queries_at_most_whatever_the_number_of_shifts(
    evening: Evening, coordinator: AsyncClient
) -> None:
    """And a full one stays small enough for a telephone: 450 shifts in 60 kB, compressed."""
    asked = [await statements_of_a_board(evening, coordinator)]
    for more in (2, 447):
        await evening.more_shifts([evening.shift.starts] * more)
        asked.append(await statements_of_a_board(evening, coordinator))
    assert asked[0] <= 8
    assert set(asked) == {asked[0]}
    full = await coordinator.get(f"/board/{evening.pool.slug}?week={week(evening)}")
    assert full.text.count("Look closer") == 450
    assert len(gzip.compress(full.content)) <= 60_000
