"""One-time links, sessions and forms, as a browser meets them."""

import asyncio
from datetime import timedelta

import pytest
from httpx2 import Response
from sqlalchemy import func, select, update

from api.login.cookies import forms_key, session_cookie_name
from api.parts import current_time
from database.session import door
from federation.access.actions import end_web_sessions
from federation.access.models import SignInLink, WebSession
from federation.access.rules import secret_hash
from federation.audit.models import AuditEntry
from federation.people.actions import let_go, take_role
from federation.people.rules import OPERATOR
from tests.api.conftest import Node, form_token


async def sessions(node: Node, person_id: object) -> int:
    counted = select(func.count()).where(
        WebSession.person_id == person_id, WebSession.ended_at.is_(None)
    )
    async with node.engine.connect() as connection:
        return await connection.scalar(counted) or 0


def code_on(page: Response) -> str:
    return page.text.split("<code>", 1)[1].split("</code>", 1)[0]


async def test_only_the_button_spends_a_link(node: Node) -> None:
    ann = await node.somebody("worker")
    link = f"/sign-in/{await node.sign_in_link(ann.id)}"
    async with node.browser() as preview, node.browser() as browser:
        for _ in range(2):
            assert (await preview.get(link)).status_code == 200
            assert (await preview.head(link)).status_code == 200
        assert await sessions(node, ann.id) == 0
        answer = await browser.post(link, data={"_csrf_token": await form_token(browser, link)})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert "Sign out" in (await browser.get("/sign-in")).text
    assert await sessions(node, ann.id) == 1


async def test_a_link_works_once_also_when_two_press_at_once(node: Node) -> None:
    ann = await node.somebody("worker")
    link = f"/sign-in/{await node.sign_in_link(ann.id)}"
    async with node.browser() as one, node.browser() as two:
        data = [{"_csrf_token": await form_token(browser, link)} for browser in (one, two)]
        answers = await asyncio.gather(one.post(link, data=data[0]), two.post(link, data=data[1]))
        assert sorted(answer.status_code for answer in answers) == [303, 410]
        again = await one.get(link)
        assert (again.status_code, code_on(again)) == (410, "sign-in-link-used")
    assert await sessions(node, ann.id) == 1


async def test_an_expired_link_opens_nothing(node: Node) -> None:
    ann = await node.somebody("worker")
    secret = await node.sign_in_link(ann.id)
    async with node.browser() as browser:
        token = await form_token(browser, f"/sign-in/{secret}")
        async with door(node.engine) as session:
            await session.execute(
                update(SignInLink)
                .where(SignInLink.secret_hash == secret_hash(secret))
                .values(expires_at=current_time())
            )
        answer = await browser.post(f"/sign-in/{secret}", data={"_csrf_token": token})
        assert (answer.status_code, code_on(answer)) == (410, "sign-in-link-expired")
    assert await sessions(node, ann.id) == 0


async def test_an_unknown_link_says_so(node: Node) -> None:
    async with node.browser() as browser:
        shown = await browser.get("/sign-in/mistyped")
        assert (shown.status_code, code_on(shown)) == (404, "sign-in-link-unknown")
        token = await form_token(
            browser, f"/sign-in/{await node.sign_in_link((await node.somebody()).id)}"
        )
        answer = await browser.post("/sign-in/mistyped", data={"_csrf_token": token})
        assert (answer.status_code, code_on(answer)) == (404, "sign-in-link-unknown")


@pytest.mark.parametrize("token", ["", "0" * 128])
async def test_a_form_without_its_hidden_field_changes_nothing(node: Node, token: str) -> None:
    ann = await node.somebody("worker")
    link = f"/sign-in/{await node.sign_in_link(ann.id)}"
    async with node.browser() as browser:
        await browser.get(link)
        answer = await browser.post(link, data={"_csrf_token": token})
        assert (answer.status_code, code_on(answer)) == (403, "form-expired")
    assert await sessions(node, ann.id) == 0


async def test_the_cookie_is_out_of_reach_and_changes_at_each_sign_in(node: Node) -> None:
    ann = await node.somebody("worker")
    name = session_cookie_name(node.settings)
    async with node.signed_in(ann.id) as browser:
        before = browser.cookies[name]
        link = f"/sign-in/{await node.sign_in_link(ann.id)}"
        answer = await browser.post(link, data={"_csrf_token": await form_token(browser, link)})
        cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(name))
        assert name.startswith("__Host-")
        for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=1209600"):
            assert part in cookie
        assert browser.cookies[name] != before
    assert await sessions(node, ann.id) == 1


async def test_a_session_ends_on_the_server(node: Node) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id) as browser:
        assert (await browser.get("/api/v1/me")).status_code == 200
        async with door(node.engine) as session:
            await end_web_sessions(session, OPERATOR, person_id=ann.id, now=current_time())
        answer = await browser.get("/api/v1/me")
        assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-needed")


async def test_signing_out_ends_the_session_for_every_copy_of_its_cookie(node: Node) -> None:
    ann = await node.somebody("worker")
    name = session_cookie_name(node.settings)
    async with node.signed_in(ann.id) as browser, node.browser() as thief:
        thief.cookies.set(name, browser.cookies[name], domain="north.test")
        assert (await thief.get("/api/v1/me")).status_code == 200
        token = await form_token(browser, "/sign-in")
        answer = await browser.post("/sign-out", data={"_csrf_token": token})
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert name not in browser.cookies
        assert (await thief.get("/api/v1/me")).status_code == 401


async def test_whoever_leaves_is_out_at_once(node: Node) -> None:
    ann = await node.somebody("worker")
    link = f"/sign-in/{await node.sign_in_link(ann.id)}"
    async with node.signed_in(ann.id) as browser:
        token = await form_token(browser, link)
        async with door(node.engine) as session:
            await let_go(session, OPERATOR, person_id=ann.id, now=current_time())
        assert (await browser.get("/api/v1/me")).status_code == 401
        assert (await node.web.get("/api/v1/me", headers=ann.bearer)).status_code == 401
        answer = await browser.post(link, data={"_csrf_token": token})
        assert answer.status_code == 404


async def test_a_role_taken_away_is_gone_with_the_next_request(node: Node) -> None:
    ann = await node.somebody("worker", "coordinator")
    async with door(node.engine) as session:
        await take_role(session, OPERATOR, person_id=ann.id, role="coordinator", now=current_time())
    answer = await node.web.get("/api/v1/me", headers=ann.bearer)
    assert answer.json()["roles"] == ["worker"]


async def test_signing_in_is_written_down_by_ids_alone(node: Node) -> None:
    ann = await node.somebody("worker", name="Zelda Unmistakable")
    async with node.signed_in(ann.id):
        pass
    async with node.engine.connect() as connection:
        rows = await connection.execute(
            select(AuditEntry.verb, AuditEntry.facts)
            .where(AuditEntry.actor == str(ann.id))
            .order_by(AuditEntry.id)
        )
        assert [tuple(row) for row in rows] == [
            ("sign-in-link.used", {}),
            ("web-session.opened", {}),
        ]
        everything = await connection.execute(select(AuditEntry))
        assert "Zelda" not in repr(everything.all())


async def test_a_cookie_alone_changes_nothing_through_the_json_interface(node: Node) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id) as browser:
        answer = await browser.post("/api/v1/me/tokens", json={"label": "stolen"})
        listed = await browser.get("/api/v1/me/tokens")
    assert (answer.status_code, answer.json()["code"]) == (403, "token-needed")
    assert [token["label"] for token in listed.json()["items"]] == ["test"]


async def test_all_processes_of_a_node_sign_forms_with_one_key(node: Node) -> None:
    key = forms_key(node.settings.keys)
    assert forms_key(node.settings.keys) == key
    assert (node.settings.keys / "forms").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in node.settings.keys.iterdir() if "forms" in path.name] == ["forms"]


async def test_a_link_may_not_live_for_ever(node: Node) -> None:
    assert timedelta(days=7) < timedelta(hours=169)
    ann = await node.somebody("worker")
    with pytest.raises(Exception, match="at most 168 hours"):
        await node.sign_in_link(ann.id, hours=169)
