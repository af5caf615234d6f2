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
from tests.browser.effort import Thumb
from tests.browser.site import Site
from tests.browser.test_pages_as_people_meet_them import signed_in
from tests.browser.visitor import PHONE, Visitor
from tests.conftest import own_name
from tests.netreach_client.conftest import served
from tests.postgres import copy_of

FORMS = 10
"""How many forms are sent on the way; docs/guides/coordinators.md says so too."""

TEN_MINUTES = 600

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
        viewport={"width": width, "height": height},
        java_script_enabled=request.param,
        has_touch=True,
        is_mobile=True,
    )
    yield await context.new_page()
    await context.close()


async def let_in(thumb: Thumb, name: str, role: str) -> None:
    await thumb.follow("People and their sign-in links")
    form = thumb.page.locator("form", has=thumb.page.get_by_role("button", name="Let them in"))
    await thumb.within(form).write("name", name)
    if not await form.locator(f"input[value={role}]").is_checked():
        await thumb.within(form).tick("roles", "worker")
        await thumb.within(form).tick("roles", role)
    await thumb.end("Let them in")
    link = await thumb.page.get_by_label("The link").input_value()
    assert "/sign-in/" in link
    await thumb.follow("First steps of your project")


async def pseudonyms(thumb: Thumb) -> dict[str, str]:
    """Look up under which names one's people stand on the board."""
    await thumb.follow("People and their sign-in links")
    cards = [await one.inner_text() for one in await thumb.page.locator("li.card").all()]
    await thumb.follow("First steps of your project")
    told = {text.split("\n", 1)[0]: POOL.search(text) for text in cards}
    return {name: found[1] for name, found in told.items() if found}


async def assign(thumb: Thumb, seat: str, handle: str) -> None:
    place = thumb.within(thumb.page.locator(".seats > li", has_text=seat))
    await place.unfold("Assign one of your people")
    await place.choose("worker", handle)
    await place.end("Assign")


async def test_an_empty_node_publishes_its_first_session(empty: Empty, page: Page) -> None:
    """By taps alone, from the sign-in link on; whoever does it reads all that is said."""
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    thumb = Thumb(page, reads=True)
    await page.goto(empty.url + empty.link)
    await thumb.read()
    await thumb.end("Sign in")
    said = "Your project has taken 1 of its 5 first steps. Next: a pool and its first channel."
    await page.get_by_text(said).wait_for()
    await thumb.follow("Go on setting up")

    await thumb.write("name", "Night and Day Chat")
    await thumb.write("channel", "Live chat")
    await thumb.end("Found this pool")
    await page.get_by_text("Night and Day Chat, with 1 channel.").wait_for()

    for name, role in (("Bea", "worker"), ("Cay", "worker"), ("Dee", "supervisor")):
        await let_in(thumb, name, role)
    people = "A session needs workers: 2, there are 2. Supervisors on call: 1, there are 1."
    await page.get_by_text(people).wait_for()

    known = await pseudonyms(thumb)

    await thumb.follow("Set down a session")
    await thumb.write("series", "Evening")
    await thumb.end("Look at what comes of it")
    await thumb.end("Save this session")
    await thumb.follow("Start")
    await thumb.follow("Go on setting up")
    await thumb.follow("Give the seats of the next session")
    for seat, name in (("Lead", "Bea"), ("Second", "Cay"), ("On-call supervisor", "Dee")):
        await assign(thumb, seat, known[name])

    await thumb.follow("Start")
    await thumb.follow("First steps of your project")
    await page.get_by_text("Night and Day Chat has a session that is published.").wait_for()
    await thumb.follow("When somebody is there: the public page")
    await page.get_by_text("19:00").first.wait_for()
    assert len(sent) == FORMS
    assert thumb.seconds < TEN_MINUTES
    # swipes depend on the letters of a machine, and words on the names of days
    del thumb.did["swipe"], thumb.did["word"]
    assert thumb.did == {"tap": 43, "think": 30, "letter": 43, "answer": 26}
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
