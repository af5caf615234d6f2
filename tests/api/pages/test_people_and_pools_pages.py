"""A coordinator lets people in and founds pools on pages, and nobody else does."""

import re
from uuid import uuid4

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import select

from api.parts import current_time
from database.session import door
from federation.access.queries import require_usable_link
from federation.people.models import Handle, Person
from federation.people.queries import person
from federation.people.rules import OPERATOR
from federation.pools.models import Channel, Pool, PoolMember
from tests.api.conftest import Node, Somebody, form_token
from tests.questions import counted

LINK = re.compile(r"/sign-in/([\w-]+)</textarea>")
POOL = {
    "name": "Caf\u00e9 & chat",
    "zone": "Europe/London",
    "offered": "12",
    "before": "4,5",
    "channel": "Live chat",
    "kind": "session",
    "workers": "2",
    "supervisors": "1",
    "trainings": "netreach-core, tool",
}


async def sent(browser: AsyncClient, path: str, **fields: str | list[str]) -> Response:
    token = await form_token(browser, "/account")
    return await browser.post(path, data={"_csrf_token": token, **fields})


async def found(browser: AsyncClient, **fields: str) -> str:
    """Found a pool of a name of its own; gives its short name."""
    slug = f"chat-{uuid4().hex[:8]}"
    answer = await sent(browser, "/pools", **POOL | {"slug": slug} | fields)
    assert answer.status_code == 303, answer.text
    return slug


async def test_a_pool_is_founded_with_its_first_channel(node: Node) -> None:
    head = await node.somebody("coordinator")
    name = f"Caf\u00e9 & chat {uuid4().hex[:8]}"
    async with node.signed_in(head.id) as browser:
        assert "Your project takes part in no pool yet" in (await browser.get("/pools")).text
        answer = await sent(browser, "/pools", **POOL | {"name": name, "then": "setup"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/setup")
        shown = (await browser.get("/pools")).text
    assert "at least 2 workers, 1 on-call supervisor; trainings: netreach-core, tool" in shown
    async with door(node.engine) as session:
        pool = await session.scalar(select(Pool).where(Pool.name == name))
        assert pool
        channel = await session.scalar(select(Channel).where(Channel.pool_id == pool.id))
        member = await session.scalar(select(PoolMember).where(PoolMember.pool_id == pool.id))
    assert channel
    assert member
    assert pool.slug == "cafe-chat-" + name[-8:]
    assert (channel.slug, channel.trainings) == ("live-chat", ["netreach-core", "tool"])
    assert (member.hours_offered_per_week, member.hours_before_per_week) == (12, 4.5)


@pytest.mark.parametrize(
    ("field", "value", "status", "said"),
    [
        ("name", " ", 400, "name: must have 1 to 80 characters."),
        ("slug", "Night Chat", 422, "slug-unfit"),
        ("zone", "London", 422, "unknown-zone"),
        ("channel", "", 400, "channel: must have 1 to 80 characters."),
        ("channel", "\u4e2d", 422, "slug-unfit"),
        ("kind", "party", 400, "kind: must be one of the choices."),
        ("workers", "0", 400, "workers: must be a number from 1 to 10."),
        ("offered", "-1", 400, "offered: must be a number from 0 to 168."),
    ],
)
async def test_what_cannot_be_a_pool_is_refused_whole(
    node: Node, field: str, value: str, status: int, said: str
) -> None:
    head = await node.somebody("coordinator")
    async with node.signed_in(head.id) as browser:
        answer = await sent(
            browser, "/pools", **POOL | {"slug": f"chat-{uuid4().hex[:8]}", field: value}
        )
        assert (answer.status_code, said in answer.text) == (status, True), answer.text
        assert "Your project takes part in no pool yet" in (await browser.get("/pools")).text


async def test_short_names_are_given_once(node: Node) -> None:
    head = await node.somebody("coordinator")
    async with node.signed_in(head.id) as browser:
        slug = await found(browser)
        again = await sent(browser, "/pools", **POOL | {"slug": slug})
        assert (again.status_code, "slug-taken" in again.text) == (409, True)
        channel = {name: POOL[name] for name in ("channel", "kind", "workers", "supervisors")}
        twice = await sent(browser, f"/pools/{slug}/channels", **channel)
        assert (twice.status_code, "slug-taken" in twice.text) == (409, True)
        other = await sent(browser, f"/pools/{slug}/channels", **channel | {"channel": "Forum"})
        assert other.status_code == 303
        assert "<strong>Forum</strong>" in (await browser.get("/pools")).text


async def test_another_project_joins_and_a_stranger_changes_nothing(node: Node) -> None:
    head, other = await node.somebody("coordinator"), await node.somebody("coordinator")
    async with node.signed_in(head.id) as browser:
        slug = await found(browser)
        told = await sent(
            browser, f"/pools/{slug}/publication", planned="yes", message_languages="ro, en"
        )
        assert told.status_code == 303
        assert 'name="planned" value="yes" checked' in (await browser.get("/pools")).text
    async with node.signed_in(other.id) as browser:
        for path in ("channels", "publication"):
            refused = await sent(browser, f"/pools/{slug}/{path}", channel="X")
            assert refused.status_code == 404
        assert f'action="/pools/{slug}/join"' in (await browser.get("/pools")).text
        joined = await sent(browser, f"/pools/{slug}/join", offered="3", before="0")
        assert joined.status_code == 303
        again = await sent(browser, f"/pools/{slug}/join", offered="3", before="0")
        assert (again.status_code, "already-member" in again.text) == (409, True)
        missing = await sent(browser, "/pools/none-such/join", offered="3", before="0")
        assert missing.status_code == 404
    async with door(node.engine) as session:
        pool = await session.scalar(select(Pool).where(Pool.slug == slug))
        assert pool
        assert (pool.publishes_planned, pool.message_languages) == (True, ["en", "ro"])


async def handles_of(node: Node, who: Somebody) -> dict[str, str]:
    async with door(node.engine) as session:
        rows = await session.execute(
            select(Person.name, Handle.display)
            .join(Handle, Handle.person_id == Person.id)
            .where(Person.project_id == who.project_id)
        )
        return {row.name: row.display for row in rows}


async def test_somebody_is_let_in_with_a_pseudonym_and_a_link_that_works(node: Node) -> None:
    head = await node.somebody("coordinator")
    async with node.signed_in(head.id) as browser:
        await found(browser)
        await found(browser)
        shown = await sent(
            browser, "/people", name="Orla Inlet", languages="en, ro", roles=["worker"]
        )
        assert shown.status_code == 200
        [secret] = LINK.findall(shown.text)
        writer = await sent(browser, "/people", name="Rea", languages="en", roles="reviewer")
        assert writer.status_code == 200
        listed = (await browser.get("/people")).text
    async with door(node.engine) as session:
        await require_usable_link(session, secret, current_time())
    known = await handles_of(node, head)
    assert list(known) == ["Orla Inlet"]
    assert known["Orla Inlet"] in listed
    assert secret not in listed
    assert "English, Romanian" in listed


async def test_roles_change_except_the_one_by_which_one_changes_them(node: Node) -> None:
    head = await node.somebody("coordinator", "partner-administrator")
    worker = await node.somebody("reviewer", project_id=head.project_id, name="Wil")
    async with node.signed_in(head.id) as browser:
        await found(browser)
        for who in (head, worker):
            answer = await sent(browser, f"/people/{who.id}/roles", roles=["worker", "supervisor"])
            assert (answer.status_code, answer.headers["location"]) == (303, "/people")
        unknown = await sent(browser, f"/people/{worker.id}/roles", roles="captain")
        assert (unknown.status_code, "unknown-role" in unknown.text) == (422, True)
        nameless = await sent(browser, "/people", name=" ", languages="en", roles="worker")
        assert (nameless.status_code, "name-missing" in nameless.text) == (422, True)
    async with door(node.engine) as session:
        told = [(await person(session, OPERATOR, who.id)).roles for who in (head, worker)]
    assert told == [{"coordinator", "worker", "supervisor"}, {"worker", "supervisor"}]
    assert sorted(await handles_of(node, head)) == ["Ann Example", "Wil"]


async def test_who_was_there_before_the_pool_gets_a_pseudonym_by_a_button(node: Node) -> None:
    head = await node.somebody("coordinator")
    worker = await node.somebody("worker", project_id=head.project_id, name="Early")
    async with node.signed_in(head.id) as browser:
        assert f'action="/people/{worker.id}/handles"' not in (await browser.get("/people")).text
        await found(browser)
        assert f'action="/people/{worker.id}/handles"' in (await browser.get("/people")).text
        for _ in range(2):
            assert (await sent(browser, f"/people/{worker.id}/handles")).status_code == 303
        assert f'action="/people/{worker.id}/handles"' not in (await browser.get("/people")).text
    assert list(await handles_of(node, head)) == ["Early"]


async def test_nobody_else_sees_people_or_makes_links(node: Node) -> None:
    head = await node.somebody("coordinator", name="Hedda Hidden")
    worker = await node.somebody("worker", project_id=head.project_id)
    stranger = await node.somebody("coordinator")
    async with node.signed_in(worker.id) as browser:
        for path in ("/people", "/pools", "/setup"):
            assert (await browser.get(path)).status_code == 403
        for path in ("/people", f"/people/{head.id}/link", "/pools", "/setup/hidden"):
            fields = POOL | {"languages": "en", "hidden": "yes"}
            assert (await sent(browser, path, **fields)).status_code == 403
    async with node.signed_in(stranger.id) as browser:
        assert "Hedda Hidden" not in (await browser.get("/people")).text
        for path in ("link", "roles", "handles"):
            answer = await sent(browser, f"/people/{head.id}/{path}", roles="worker")
            assert answer.status_code == (303 if path == "handles" else 404)
    assert await handles_of(node, head) == {}


async def test_the_steps_leave_the_start_page_when_somebody_hides_them(node: Node) -> None:
    head = await node.somebody("coordinator")
    said = "Your project has taken 1 of its 5 first steps."
    async with node.signed_in(head.id) as browser:
        assert said in (await browser.get("/")).text
        hidden = await sent(browser, "/setup/hidden", hidden="yes")
        assert (hidden.status_code, hidden.headers["location"]) == (303, "/")
        assert said not in (await browser.get("/")).text
        assert "Show this on the start page again" in (await browser.get("/setup")).text
        await sent(browser, "/setup/hidden")
        assert said in (await browser.get("/")).text


async def test_pages_of_more_people_and_pools_ask_no_more(node: Node) -> None:
    head = await node.somebody("coordinator")
    asked = []
    async with node.signed_in(head.id) as browser:
        for number in range(2):
            await found(browser)
            await sent(browser, "/people", name=f"P{number}", languages="en", roles="worker")
            once = []
            for path in ("/people", "/pools", "/setup"):
                with counted(node.engine) as said:
                    assert (await browser.get(path)).status_code == 200
                once.append(len([one for one in said if one.startswith("SELECT")]))
            asked.append(once)
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 8


async def test_only_who_may_see_partners_is_told_how_far_one_is(node: Node) -> None:
    worker = await node.somebody("worker")
    head = await node.somebody("coordinator")
    for who, status in ((worker, 403), (head, 404)):
        async with node.signed_in(who.id) as browser:
            assert (await browser.get("/partners/nobody/changes")).status_code == status
