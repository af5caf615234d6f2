"""A new project from an empty node to hours that the public sees, with scripts and without."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser, Page
from sqlalchemy.ext.asyncio import AsyncEngine

from api.parts import current_time
from database.session import door, make_engine
from federation.access.actions import make_sign_in_link
from federation.partners.keys import NodeKeys
from federation.people.actions import add_person
from federation.people.rules import OPERATOR
from federation.projects.actions import add_project
from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import PHONE, Visitor
from tests.conftest import own_name
from tests.netreach_client.conftest import served
from tests.postgres import copy_of

FORMS = 10
"""How many forms are sent on the way; docs/guides/coordinators.md says so too."""

POOL = re.compile("Night and Day Chat: (.+)")


@dataclass(frozen=True)
class Empty:
    """A node as `netreach-server` leaves it: one project, its coordinator, a link for them."""

    engine: AsyncEngine
    url: str
    link: str


async def first_coordinator(engine: AsyncEngine) -> str:
    now = current_time()
    async with door(engine) as session:
        project = await add_project(
            session,
            OPERATOR,
            slug="harbour",
            name="Harbour Lights",
            region="North East",
            jurisdiction="england-and-wales",
            zone="Europe/London",
            languages=["en"],
            now=now,
        )
        person = await add_person(
            session,
            OPERATOR,
            project_id=project,
            name="Ann",
            languages=["en"],
            roles=["coordinator"],
            now=now,
        )
        secret = await make_sign_in_link(session, OPERATOR, person_id=person, hours=1, now=now)
    return f"/sign-in/{secret}"


@pytest.fixture
async def empty(
    browser: Browser, server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Empty]:
    """Serve a node on which nobody has done anything yet."""
    del browser
    async with copy_of(server_url, template, own_name(template)) as database_url:
        engine = make_engine(database_url, connections=2)
        folder = tmp_path_factory.mktemp("empty")
        NodeKeys.create(folder / "keys")
        with served(database_url, folder) as url:
            yield Empty(engine, url, await first_coordinator(engine))
        await engine.dispose()


@pytest.fixture(params=[False, True], ids=["without-scripts", "with-scripts"])
async def page(request: pytest.FixtureRequest, browser: Browser) -> AsyncIterator[Page]:
    width, height = PHONE
    context = await browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=request.param
    )
    yield await context.new_page()
    await context.close()


async def send(page: Page, button: str) -> None:
    async with page.expect_navigation():
        await page.get_by_role("button", name=button).first.click()


async def follow(page: Page, link: str) -> None:
    async with page.expect_navigation():
        await page.get_by_role("main").get_by_role("link", name=link, exact=True).first.click()


async def let_in(page: Page, name: str, role: str) -> None:
    await follow(page, "People and their sign-in links")
    await page.get_by_label("Name", exact=True).fill(name)
    form = page.locator("form", has=page.get_by_role("button", name="Let them in"))
    await form.get_by_label("Worker", exact=True).set_checked(role == "Worker")
    await form.get_by_label(role, exact=True).check()
    await send(page, "Let them in")
    link = await page.get_by_label("The link").input_value()
    assert "/sign-in/" in link
    await follow(page, "First steps of your project")


async def set_down(page: Page) -> None:
    await follow(page, "Set down a session")
    await page.get_by_label("Name of the series").fill("Evening")
    await send(page, "Look at what comes of it")
    await send(page, "Save this session")


async def pseudonyms(page: Page, empty: Empty) -> dict[str, str]:
    await page.goto(f"{empty.url}/people")
    cards = [await one.inner_text() for one in await page.locator("li.card").all()]
    await page.goto(f"{empty.url}/setup")
    told = {text.split("\n", 1)[0]: POOL.search(text) for text in cards}
    return {name: found[1] for name, found in told.items() if found}


async def assign(page: Page, seat: str, handle: str) -> None:
    place = page.locator(".seats > li", has_text=seat)
    await place.locator("summary", has_text="Assign one of your people").click()
    await place.get_by_role("combobox").select_option(handle)
    async with page.expect_navigation():
        await place.get_by_role("button", name="Assign").click()


async def test_an_empty_node_publishes_its_first_session(empty: Empty, page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    await page.goto(empty.url + empty.link)
    await send(page, "Sign in")
    said = "Your project has taken 1 of its 5 first steps. Next: a pool and its first channel."
    await page.get_by_text(said).wait_for()
    await follow(page, "Go on setting up")

    await page.get_by_label("Name of the pool").fill("Night and Day Chat")
    await page.get_by_label("Name of the channel").fill("Live chat")
    await send(page, "Found this pool")
    await page.get_by_text("Night and Day Chat, with 1 channel.").wait_for()

    for name, role in (("Bea", "Worker"), ("Cay", "Worker"), ("Dee", "Supervisor, on call")):
        await let_in(page, name, role)
    people = "A session needs workers: 2, there are 2. Supervisors on call: 1, there are 1."
    await page.get_by_text(people).wait_for()

    known = await pseudonyms(page, empty)

    await set_down(page)
    await page.goto(f"{empty.url}/open/night-and-day-chat")
    await page.get_by_text("Nobody is there at the moment").wait_for()
    await page.goto(f"{empty.url}/setup")
    await follow(page, "Give the seats of the next session")
    session = page.url
    for seat, name in (("Lead", "Bea"), ("Second", "Cay"), ("On-call supervisor", "Dee")):
        await assign(page, seat, known[name])
        await page.goto(session)

    await page.goto(f"{empty.url}/setup")
    await page.get_by_text("Night and Day Chat has a session that is published.").wait_for()
    await follow(page, "When somebody is there: the public page")
    await page.get_by_text("19:00").first.wait_for()
    assert len(sent) == FORMS
    await page.goto(empty.url)
    assert await page.get_by_text("first steps. Next").count() == 0


async def test_the_pages_on_the_way_have_no_barriers(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "coordinator")
    for path in ("/setup", "/people", "/pools"):
        await visitor.see(path)
        await visitor.no_barriers()
    for summary in ("Add a channel", "What the public page tells ahead"):
        await visitor.unfold(summary)
    await visitor.no_barriers()
    await visitor.see("/people")
    await visitor.press("Make a sign-in link")
    await visitor.no_barriers()


async def test_the_example_has_no_barriers(site: Site, visitor: Visitor) -> None:
    await signed_in(visitor, site, "coordinator")
    await visitor.see("/setup")
    filled = await visitor.press("Fill in an example")
    assert "It is there: a project apart" in filled
    await visitor.no_barriers()
    await visitor.press("Look at it as a coordinator")
    await visitor.no_barriers()
    link = await visitor.page.get_by_label("The link").input_value()
    await visitor.see("/setup")
    own: Any = await visitor.page.context.cookies()
    await visitor.page.context.clear_cookies()
    await visitor.see(link.removeprefix(visitor.home))
    await visitor.press("Sign in")
    board = await visitor.follow("Board")
    assert "This is the example." in board
    await visitor.no_barriers()
    await visitor.page.context.add_cookies(own)
    await visitor.see("/setup")
    assert "Fill in an example" in await visitor.press("Remove the example")
