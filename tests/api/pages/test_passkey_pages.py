"""Passkeys as a browser's script speaks to the node, and as programs list them."""

import re
from dataclasses import replace
from typing import Any

from httpx2 import AsyncClient, Response

from api.parts import current_time
from api.settings import Settings
from federation.passkeys.rules import Made, Used
from tests.api.conftest import ADDRESS, Node, form_token, node_on
from tests.api.pages.test_second_step_page import refused, set_up
from tests.federation.passkeys.soft_key import SoftKey
from tests.questions import counted

ONE = re.compile(r"/account/passkeys/([0-9a-f-]{36})/remove")


async def send(browser: AsyncClient, page: str, path: str, **fields: str) -> Response:
    token = await form_token(browser, page)
    return await browser.post(path, data={"_csrf_token": token, **fields})


async def asked(browser: AsyncClient, page: str, path: str, **fields: str) -> dict[str, Any]:
    answer = await send(browser, page, f"{path}/options", **fields)
    assert answer.status_code == 200
    question: dict[str, Any] = answer.json()
    return question


async def adds(browser: AsyncClient, key: SoftKey, **fields: str) -> Response:
    made: Made = key.make(await asked(browser, "/account", "/account/passkeys", **fields))
    return await send(browser, "/account", "/account/passkeys", kind="phone", **made._asdict())


async def comes_in(browser: AsyncClient, key: SoftKey) -> tuple[Response, Used]:
    used = key.use(await asked(browser, "/sign-in", "/sign-in/passkey"))
    form = used._asdict() | {"device": "tablet"}
    return await send(browser, "/sign-in", "/sign-in/passkey", **form), used


async def test_a_passkey_is_added_used_and_removed(node: Node) -> None:
    ann = await node.somebody("worker")
    key = SoftKey(ADDRESS, count=1)
    async with node.signed_in(ann.id) as old, node.browser() as new:
        answer = await adds(old, key)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
        key.count = 2
        answer, used = await comes_in(new, key)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        with counted(node.engine) as questions:
            shown = (await new.get("/account")).text
        assert len(questions) <= 8
        assert "A passkey on a phone" in shown
        assert "A tablet" in shown
        # what a session is left by ends with the next one
        answer, _ = await comes_in(new, key)
        assert refused(answer) == (422, "passkey-went-back")
        async with node.browser() as thief:
            again = await send(thief, "/sign-in", "/sign-in/passkey", **used._asdict())
            assert refused(again) == (409, "passkey-late")
            assert (await thief.get("/account")).status_code == 401
        [subject] = ONE.findall(shown)
        path = f"/account/passkeys/{subject}/remove"
        assert (await send(old, "/account", path)).headers["location"] == "/account"
        assert refused(await send(old, "/account", path)) == (404, "not-found")
        await send(new, "/account", "/sign-out")
        answer, _ = await comes_in(new, replace(key, count=9))
        assert refused(answer) == (422, "passkey-unknown")


async def test_a_wrong_answer_stays_used_up(node: Node) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id) as old, node.browser() as new:
        key = SoftKey(ADDRESS)
        await adds(old, key)
        answer, used = await comes_in(new, replace(key, origin="https://evil.test"))
        assert refused(answer) == (422, "passkey-wrong")
        again = await send(new, "/sign-in", "/sign-in/passkey", **used._asdict())
        assert refused(again) == (409, "passkey-late")


async def test_who_has_a_second_step_shows_a_code_to_add_a_passkey(node: Node) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id) as browser, node.browser() as new:
        app, *_ = await set_up(browser)
        path = "/account/passkeys/options"
        answer = await send(browser, "/account", path, code="000000")
        assert refused(answer) == (422, "code-wrong")
        key = SoftKey(ADDRESS)
        code = app.at(current_time(), counter_offset=1)
        assert (await adds(browser, key, code=code)).status_code == 303
        answer, _ = await comes_in(new, key)
        assert answer.status_code == 303


async def test_pages_load_one_script_and_say_what_holds_without(node: Node) -> None:
    ann = await node.somebody("worker")
    async with node.browser() as nobody, node.signed_in(ann.id) as browser:
        for shown in (await nobody.get("/sign-in"), await browser.get("/account")):
            policy = shown.headers["content-security-policy"]
            assert "script-src 'self'; connect-src 'self'" in policy
            assert re.findall("<script[^>]*>", shown.text) == [
                '<script src="/static/passkey.js" defer>'
            ]
            assert "A passkey needs JavaScript" in shown.text


async def test_a_node_without_a_name_offers_none(node: Node) -> None:
    settings: Settings = node.settings
    numbered = Settings(
        database_url=settings.database_url, base_url="https://192.0.2.1", keys=settings.keys
    )
    ann = await node.somebody("worker")
    async with node_on(numbered) as other, other.signed_in(ann.id) as browser:
        assert "so passkeys cannot be used" in (await browser.get("/account")).text
        answer = await send(browser, "/account", "/account/passkeys/options")
        assert refused(answer) == (409, "passkeys-not-here")
        async with other.browser() as nobody:
            assert "asskey" not in (await nobody.get("/sign-in")).text


async def test_a_program_lists_and_removes_passkeys(node: Node) -> None:
    ann, bob = await node.somebody("worker"), await node.somebody("worker")
    async with node.signed_in(ann.id) as browser:
        await adds(browser, SoftKey(ADDRESS))
    listed = (await node.web.get("/api/v1/me/passkeys", headers=ann.bearer)).json()
    [item] = listed["items"]
    assert (listed["next"], item["device"], item["last_used"]) == (None, "phone", None)
    assert set(item) == {"id", "device", "made", "last_used"}
    path = f"/api/v1/me/passkeys/{item['id']}"
    assert (await node.web.delete(path, headers=bob.bearer)).status_code == 404
    assert (await node.web.delete(path, headers=ann.bearer)).status_code == 204
    listed = (await node.web.get("/api/v1/me/passkeys", headers=ann.bearer)).json()
    assert listed == {"items": [], "next": None}
