"""Whoever looks at a week of a board comes back to that week."""

import re
from collections.abc import AsyncIterator

import pytest
from httpx2 import AsyncClient, Response

from database.session import door
from federation.pools.actions import join_pool
from tests.api.conftest import Node, form_token
from tests.api.evening import Evening, an_evening
from tests.rota.world import NOW, SHARE, a_pool, a_project

WEEK = "2031-03-03"


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


@pytest.fixture
async def coordinator(evening: Evening) -> AsyncIterator[AsyncClient]:
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        yield browser


async def main_of(browser: AsyncClient, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200
    return answer.text.split("<main")[1].split("</main>")[0]


async def send(browser: AsyncClient, page: str, path: str, **fields: str) -> Response:
    token = await form_token(browser, page)
    return await browser.post(path, data={"_csrf_token": token, **fields})


async def test_the_only_board_is_shown_at_the_week_that_was_asked_for(
    evening: Evening, coordinator: AsyncClient
) -> None:
    for asked in ("", f"?week={WEEK}"):
        answer = await coordinator.get(f"/board{asked}")
        board = f"/board/{evening.pool.slug}{asked}"
        assert (answer.status_code, answer.headers["location"]) == (303, board)


async def test_a_board_that_is_chosen_is_shown_at_that_week(
    evening: Evening, coordinator: AsyncClient
) -> None:
    async with door(evening.node.engine) as session:
        other = await a_pool(session, await a_project(session))
        await join_pool(session, evening.pool.coordinator, other.id, SHARE, NOW)
    shown = await main_of(coordinator, f"/board?week={WEEK}")
    links = re.findall(r'href="(/board/[^"]+)"', shown)
    boards = [f"/board/{slug}?week={WEEK}" for slug in (evening.pool.slug, other.slug)]
    assert sorted(links) == sorted(boards)


async def test_whose_yes_counts_is_set_without_leaving_the_week(
    evening: Evening, coordinator: AsyncClient
) -> None:
    board = f"/board/{evening.pool.slug}?week={WEEK}"
    form = (await main_of(coordinator, board)).split(f'action="/board/{evening.pool.slug}/consent"')
    assert f'name="week" value="{WEEK}"' in form[1].split("</form>")[0]
    path = f"/board/{evening.pool.slug}/consent"
    answer = await send(coordinator, board, path, consent="yes", week=WEEK)
    assert (answer.status_code, answer.headers["location"]) == (303, board)


async def test_a_plan_that_is_refused_leads_back_to_its_week(
    evening: Evening, coordinator: AsyncClient
) -> None:
    board = f"/board/{evening.pool.slug}?week={WEEK}"
    path = f"/board/{evening.pool.slug}/plans"
    answer = await send(coordinator, board, path, weeks="13", week=WEEK)
    assert answer.status_code == 400
    assert f'href="{board}"' in answer.text.split("</main>")[0]


@pytest.mark.parametrize("page", ["sessions", "languages", "plans"])
async def test_pages_about_a_pool_lead_back_to_the_week_from_which_one_came(
    evening: Evening, coordinator: AsyncClient, page: str
) -> None:
    slug = evening.pool.slug
    board = f"/board/{slug}?week={WEEK}"
    path = f"/plans/{slug}" if page == "plans" else f"/board/{slug}/{page}"
    assert f'href="{path}?week={WEEK}"' in await main_of(coordinator, board)
    assert f'href="{board}"' in await main_of(coordinator, f"{path}?week={WEEK}")
    assert f'href="/board/{slug}"' in await main_of(coordinator, path)


async def test_what_people_need_is_set_without_losing_the_week(
    evening: Evening, coordinator: AsyncClient
) -> None:
    slug = evening.pool.slug
    page = f"/board/{slug}/sessions?week={WEEK}"
    shown = await main_of(coordinator, page)
    forms = re.findall(r'<form method="post".*?</form>', shown, re.DOTALL)
    assert [f'name="week" value="{WEEK}"' in form for form in forms] == [True] * len(forms)
    for path, fields in (
        (f"/board/{slug}/topics", {"topics": ""}),
        (f"/board/{slug}/channels/live-chat/rules", {"rules": "Be kind."}),
        (f"/board/{slug}/sessions", {}),
    ):
        answer = await send(coordinator, page, path, week=WEEK, **fields)
        assert (answer.status_code, answer.headers["location"]) == (303, page)


async def test_languages_are_proposed_without_losing_the_week(
    evening: Evening, coordinator: AsyncClient
) -> None:
    slug = evening.pool.slug
    page = f"/board/{slug}/languages?week={WEEK}"
    answer = await send(coordinator, page, f"/board/{slug}/languages", what="en", week=WEEK)
    assert answer.status_code == 400
    assert f'href="{page}"' in answer.text.split("</main>")[0]
