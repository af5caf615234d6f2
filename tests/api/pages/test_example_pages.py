"""The example on pages: whoever is in it changes nothing but it, and nobody outside hears of it."""

from collections.abc import AsyncIterator

import pytest
from httpx2 import AsyncClient
from sqlalchemy import func, select

from database.session import door
from federation.access.models import WebSession
from federation.notices.addresses.models import MailAddress
from federation.notices.models import Notice
from federation.people.models import Person
from federation.pools.models import Pool
from federation.projects.models import Project
from rota.shifts.models import Seat, Shift
from tests.api.conftest import Node, Somebody, form_token
from tests.api.pages.test_people_and_pools_pages import LINK, sent

HERE = "/setup/example"
BANNER = "This is the example."
APART = "example-stays-apart"


@pytest.fixture
async def head(node: Node) -> AsyncIterator[Somebody]:
    """Let a coordinator have an example while the test runs."""
    head = await node.somebody("coordinator", "partner-administrator")
    async with node.signed_in(head.id) as browser:
        assert (await sent(browser, HERE)).headers["location"] == "/setup#example"
        yield head
        assert (await sent(browser, f"{HERE}/remove")).status_code == 303


async def come_in(node: Node, head: Somebody, role: str, browser: AsyncClient) -> None:
    """Follow the link that a coordinator is shown, in a window of its own."""
    async with node.signed_in(head.id) as own:
        shown = await sent(own, f"{HERE}/link", role=role)
    [secret] = LINK.findall(shown.text)
    token = await form_token(browser, f"/sign-in/{secret}")
    answer = await browser.post(f"/sign-in/{secret}", data={"_csrf_token": token, "device": ""})
    assert answer.status_code == 303


async def its_pool(node: Node, head: Somebody) -> Pool:
    async with door(node.engine) as session:
        project = select(Project.slug).where(Project.example_of == head.project_id)
        [pool] = await session.scalars(select(Pool).where(Pool.slug.in_(project)))
        return pool


async def test_a_worker_of_it_takes_a_seat_there_and_sees_what_it_is(
    node: Node, head: Somebody
) -> None:
    pool = await its_pool(node, head)
    async with door(node.engine) as session:
        seat = await session.scalar(
            select(Seat.id)
            .join(Shift, Shift.id == Seat.shift_id)
            .where(Shift.pool_id == pool.id, Seat.role == "lead", Seat.state == "open")
            .order_by(Shift.starts)
            .limit(1)
        )
    async with node.browser() as browser:
        await come_in(node, head, "worker", browser)
        week = await browser.get("/week")
        assert (week.status_code, BANNER in week.text) == (200, True)
        taken = await sent(browser, f"/seats/{seat}/claim")
        assert taken.status_code == 303
        async with door(node.engine) as session:
            assert (await session.get_one(Seat, seat)).state == "held"


async def test_whoever_is_in_it_changes_nothing_else(node: Node, head: Somebody) -> None:
    async with node.browser() as browser:
        await come_in(node, head, "coordinator", browser)
        for path, fields in (
            ("/people", {"name": "X", "languages": "en", "roles": "worker"}),
            ("/pools", {"name": "X", "channel": "Y", "zone": "Europe/London"}),
            ("/notices/mail", {"address": "somebody@example.org"}),
            ("/calendar", {}),
            ("/texts/new", {}),
            ("/partners/invitations", {}),
            ("/partners/accept", {"link": "x"}),
            (HERE, {}),
            (f"{HERE}/remove", {}),
        ):
            refused = await sent(browser, path, **fields)
            assert (path, refused.status_code, APART in refused.text) == (path, 403, True)
        assert "An example to try things on" not in (await browser.get("/setup")).text
    async with door(node.engine) as session:
        people = select(Person.id).join(Project, Project.id == Person.project_id)
        apart = people.where(Project.example_of == head.project_id)
        assert await session.scalar(select(func.count()).select_from(apart.subquery())) == 5
        addresses = select(MailAddress).where(MailAddress.person_id.in_(apart))
        assert (await session.scalars(addresses)).all() == []


async def test_nobody_outside_hears_of_it(node: Node, head: Somebody) -> None:
    pool = await its_pool(node, head)
    for form in ("", ".json", ".ics", "/embed"):
        assert (await node.web.get(f"/open/{pool.slug}{form}")).status_code == 404
    stranger = await node.somebody("coordinator")
    async with node.signed_in(stranger.id) as browser:
        for path in ("/", "/pools", "/partners"):
            assert pool.slug not in (await browser.get(path)).text
        assert (await browser.get(f"/board/{pool.slug}")).status_code == 404
        gone = await sent(browser, f"{HERE}/remove")
        assert (gone.status_code, "no-example" in gone.text) == (404, True)
    async with node.signed_in(head.id) as browser:
        for path in ("/", "/pools", "/people", "/board", "/coverage", "/hours"):
            shown = (await browser.get(path)).text
            assert ("Example:" in shown, pool.slug in shown) == (False, False)
        again = await sent(browser, HERE)
        assert (again.status_code, "example-there" in again.text) == (409, True)


async def test_removing_it_signs_out_whoever_is_in_it(node: Node) -> None:
    head = await node.somebody("coordinator")
    async with node.signed_in(head.id) as own, node.browser() as browser:
        await sent(own, HERE)
        assert "Remove the example" in (await own.get("/setup")).text
        await come_in(node, head, "worker", browser)
        pool = await its_pool(node, head)
        await sent(own, f"{HERE}/remove")
        assert (await browser.get("/week")).status_code == 401
        assert "Fill in an example" in (await own.get("/setup")).text
    async with door(node.engine) as session:
        assert await session.get(Pool, pool.id) is None
        left = select(Notice.id).where(Notice.person_id.not_in(select(Person.id)))
        assert (await session.scalars(left)).all() == []
        sessions = select(WebSession.id).where(WebSession.person_id == head.id)
        assert len((await session.scalars(sessions)).all()) == 2
