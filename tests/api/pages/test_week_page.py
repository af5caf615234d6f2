from uuid import uuid4

import pytest
from httpx2 import AsyncClient

from api.parts import current_time
from database.session import door
from federation.notices.actions import notify
from tests.api.conftest import Node
from tests.api.sessions import RunningChat, running_chat


@pytest.fixture
async def chat(node: Node) -> RunningChat:
    return await running_chat(node)


def field(html: str, name: str) -> str:
    return html.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]


async def press(browser: AsyncClient, path: str, **fields: str) -> tuple[int, str]:
    """Press a button of one's week; gives the status and where it leads."""
    page = (await browser.get("/week")).text
    form = {"_csrf_token": field(page, "_csrf_token"), **fields}
    answer = await browser.post(path, data=form)
    return answer.status_code, answer.headers.get("location", "")


async def test_a_worker_begins_a_session_says_busy_and_ends_it(
    node: Node, chat: RunningChat
) -> None:
    shift = f"/shifts/{chat.shift}"
    told = []
    async with node.signed_in(chat.wren.id) as browser:
        before = (await browser.get("/week")).text
        for path, fields in (
            (f"{shift}/check-in", {"week": field(before, "week")}),
            (f"{shift}/busy", {"busy": "yes"}),
            (f"{shift}/busy", {"busy": "no"}),
            (f"{shift}/end", {}),
        ):
            status, where = await press(browser, path, **fields)
            assert status == 303
            assert where.startswith("/week")
            public = await chat.public()
            told.append((public["open"], public["busy"]))
        after = (await browser.get("/week")).text

    assert "The public page says that nobody is there until one of you checks in." in before
    assert told == [(True, False), (True, True), (True, False), (False, False)]
    assert "Check in again" in after
    assert f"With {chat.robin.display} (second)" in after


async def test_only_who_sits_there_sees_the_buttons(node: Node, chat: RunningChat) -> None:
    async with node.signed_in(chat.finch.id) as browser:
        page = (await browser.get("/week")).text
        answer = await press(browser, f"/shifts/{chat.shift}/check-in")
    assert f"/shifts/{chat.shift}" not in page
    assert chat.wren.display not in page
    assert answer == (404, "")
    assert (await chat.public())["open"] is False


async def test_a_refusal_is_a_page_that_leads_back(node: Node, chat: RunningChat) -> None:
    async with node.signed_in(chat.wren.id) as browser:
        token = field((await browser.get("/week")).text, "_csrf_token")
        refused = await browser.post(
            f"/shifts/{chat.shift}/end", data={"_csrf_token": token, "week": "2027-01-04"}
        )
        hostile = await browser.post(
            f"/seats/{uuid4()}/claim",
            data={"_csrf_token": token, "week": "//evil.example", "board": "../evil"},
        )
    assert refused.status_code == 409
    assert "<h1>Nobody has checked in to this session yet.</h1>" in refused.text
    assert 'href="/week?week=2027-01-04"' in refused.text
    assert hostile.status_code == 404
    assert "evil" not in hostile.text
    assert 'href="/week"' in hostile.text


async def test_giving_back_is_asked_first(node: Node, chat: RunningChat) -> None:
    async with node.signed_in(chat.finch.id) as browser:
        assert await press(browser, f"/seats/{chat.free}/claim") == (303, "/week")
        page = (await browser.get(f"/week?week={chat.tomorrow}")).text
        form = page.split('<form method="post" action="/claims/', 1)[1].split("</form>", 1)[0]
        claim = form.split("/", 1)[0]
        given_back = await press(browser, f"/claims/{claim}/release", week=chat.tomorrow)
        after = (await browser.get(f"/week?week={chat.tomorrow}")).text
    assert "Others can then take this seat." in page
    assert "Yes, give it back" in form
    assert given_back == (303, f"/week?week={chat.tomorrow}")
    assert "Yes, give it back" not in after
    assert f"/seats/{chat.free}/claim" in after


async def test_an_empty_week_leads_to_the_next_one_with_shifts(
    node: Node, chat: RunningChat
) -> None:
    async with node.signed_in(chat.finch.id) as browser:
        page = (await browser.get("/week?week=2020-01-06")).text
    assert "You have no seat this week." in page
    assert "Go to the next week with shifts" in page


async def test_a_notice_is_put_away_by_its_button(node: Node, chat: RunningChat) -> None:
    async with door(node.engine) as session:
        notice = await notify(
            session,
            person_id=chat.wren.id,
            code="test",
            text="There is a change in your plan.",
            now=current_time(),
        )
    async with node.signed_in(chat.robin.id) as browser:
        foreign = await press(browser, f"/notices/{notice}/seen")
    async with node.signed_in(chat.wren.id) as browser:
        before = (await browser.get("/")).text
        pressed = await press(browser, f"/notices/{notice}/seen")
        after = (await browser.get("/")).text
    assert foreign == (404, "")
    assert "There is a change in your plan." in before
    assert pressed == (303, "/")
    assert "There is a change in your plan." not in after
