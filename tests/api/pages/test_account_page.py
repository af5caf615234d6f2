"""The page on which people see where they are signed in, and what its buttons end."""

import re
from datetime import timedelta

from httpx2 import AsyncClient, Response
from sqlalchemy import update

from api.parts import current_time
from database.session import door
from federation.access.models import WebSession
from tests.api.conftest import Node, form_token
from tests.questions import counted

ONE = re.compile(r"/account/sign-ins/([0-9a-f-]{36})/end")


async def press(browser: AsyncClient, path: str) -> Response:
    return await browser.post(path, data={"_csrf_token": await form_token(browser, "/account")})


async def status(browser: AsyncClient) -> int:
    return (await browser.get("/account")).status_code


async def test_one_sign_in_is_ended_from_another(node: Node) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id, "phone") as lost, node.signed_in(ann.id) as here:
        page = (await here.get("/account")).text
        assert page.count("this one") == 1
        [mine, phone] = ONE.findall(page)
        answer = await press(here, f"/account/sign-ins/{phone}/end")
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
        assert (await status(lost), await status(here)) == (401, 200)
        again = await press(here, f"/account/sign-ins/{phone}/end")
        assert again.status_code == 404
        assert "<code>web-session-unknown</code>" in again.text
        answer = await press(here, f"/account/sign-ins/{mine}/end")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert await status(here) == 401


async def test_nobody_ends_the_sign_in_of_a_colleague(node: Node) -> None:
    ann = await node.somebody("worker")
    head = await node.somebody("coordinator", project_id=ann.project_id)
    async with node.signed_in(ann.id) as mine, node.signed_in(head.id) as theirs:
        [subject] = ONE.findall((await mine.get("/account")).text)
        assert subject not in (await theirs.get("/account")).text
        answer = await press(theirs, f"/account/sign-ins/{subject}/end")
        assert (answer.status_code, await status(mine)) == (404, 200)


async def test_everywhere_is_everywhere(node: Node) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id) as one, node.signed_in(ann.id) as two:
        assert (await press(one, "/account/sign-ins/end-others")).headers["location"] == "/account"
        assert (await status(one), await status(two)) == (200, 401)
        answer = await press(one, "/account/sign-ins/end-all")
        assert answer.headers["location"] == "/sign-in"
        assert "Max-Age=0" in answer.headers["set-cookie"]
        assert await status(one) == 401


async def test_a_day_is_noted_once(node: Node) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id, "tablet") as browser:
        yesterday = current_time().date() - timedelta(days=1)
        async with door(node.engine) as session:
            mine = update(WebSession).where(WebSession.person_id == ann.id)
            await session.execute(mine.values(last_seen_on=yesterday))
        writes, shown = [], ""
        for _ in range(2):
            with counted(node.engine) as asked:
                shown = (await browser.get("/account")).text
            writes.append([said for said in asked if said.startswith("UPDATE")])
            assert len(asked) <= 8
        assert [len(each) for each in writes] == [1, 0]
        assert "A tablet" in shown


async def test_a_program_lists_and_ends_sign_ins(node: Node) -> None:
    ann = await node.somebody("worker")
    path = "/api/v1/me/sign-ins"
    async with node.signed_in(ann.id, "computer") as one, node.signed_in(ann.id) as two:
        listed = (await node.web.get(path, headers=ann.bearer)).json()
        items = [{key: item[key] for key in ("device", "here")} for item in listed["items"]]
        assert items == [{"device": None, "here": False}, {"device": "computer", "here": False}]
        assert listed["items"][0]["last_seen"] == current_time().date().isoformat()
        subject = listed["items"][1]["id"]
        ended = await node.web.delete(f"{path}/{subject}", headers=ann.bearer)
        assert (ended.status_code, await status(one), await status(two)) == (204, 401, 200)
        again = await node.web.delete(f"{path}/{subject}", headers=ann.bearer)
        assert (again.status_code, again.json()["code"]) == (404, "web-session-unknown")
        assert (await node.web.delete(path, headers=ann.bearer)).status_code == 204
        assert await status(two) == 401


async def test_a_device_is_chosen_from_the_list(node: Node) -> None:
    ann = await node.somebody("worker")
    link = f"/sign-in/{await node.sign_in_link(ann.id)}"
    async with node.browser() as browser:
        form = {"_csrf_token": await form_token(browser, link), "device": "Ann's phone"}
        refused = await browser.post(link, data=form)
        assert refused.status_code == 400
        assert "<code>wrong-type</code>" in refused.text
        # what was refused has not spent the link
        assert (await browser.post(link, data=form | {"device": "phone"})).status_code == 303
