"""What every page says when something fails behind it: a sentence of ours, and no more."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from httpx2 import Response
from litestar import get
from litestar.response import Template
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from api.notices.words import notice_keys
from federation.partners.keys import NodeKeys
from tests.all_done import all_to_do
from tests.api.conftest import ADDRESS, Node
from tests.api.pages.test_every_page_refused_or_empty import content, heading
from tests.browser.site import furnished
from tests.questions import counted
from tests.walk import page_at, pages, walk

HEADING = "Er ging hier iets mis, en er is niets veranderd. Probeer het later opnieuw."
SAID = f"{HEADING} Naar de startpagina Vraag je iemand om hulp, noem dan dit: failed …"
WAYS_BACK = (" Terug naar waar je was", " Hoe je inlogt")
GOES_ON = {"/open/{page}", "/open/{slug}/embedded"}
"""What the public sees is kept, so that nothing has to work for it to be shown."""
CANARY = "Ruby Fox of 12 Mill Lane"
TAG = re.compile(r"<[^>]*>")


@contextmanager
def broken_at(engine: AsyncEngine, number: int) -> Iterator[None]:
    """Let the statement of this number fail as a fault of ours would, naming somebody."""
    asked = 0

    def fail(*_told: Any) -> None:
        nonlocal asked
        asked += 1
        if asked == number:
            raise RuntimeError(CANARY)

    event.listen(engine.sync_engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", fail)


def words(shown: Response) -> str:
    """Give what the page says below its navigation, without the number of the request."""
    found = " ".join(TAG.sub(" ", content(shown).partition(">")[2]).split())
    for way in WAYS_BACK:
        found = found.replace(way, "")
    return found.replace(shown.headers["x-request-id"], "…")


async def test_a_page_that_breaks_says_what_helps_and_nothing_else(fresh_node: Node) -> None:
    node = fresh_node
    NodeKeys.create(node.settings.keys)
    site = await furnished(node.engine, ADDRESS)
    start = await all_to_do(site, notice_keys(node.app.state))
    known = pages(node.app)
    said: dict[str | None, tuple[int, str]] = {}
    async with node.signed_in(site.people["colleague"].asker.person_id) as browser:
        browser.headers["Accept-Language"] = "nl,en;q=0.5"

        async def opened(path: str) -> str:
            page = await browser.get(path)
            # what the first visit has made is kept and not asked for again
            with counted(node.engine) as statements:
                await browser.get(path)
            with broken_at(node.engine, len(statements)):
                broken = await browser.get(path)
            assert CANARY not in broken.text
            said[page_at(path, known)] = (broken.status_code, words(broken))
            where = page.headers.get("location")
            return f'href="{where}"' if where else page.text

        seen = await walk(known, start, opened)
    assert known - seen == set()
    assert {page for page, (status, _) in said.items() if status == HTTPStatus.OK} == GOES_ON
    assert {page: one for page, one in said.items() if one != (500, SAID)}.keys() == GOES_ON


@get("/badly-written", opt={"exclude_from_csrf": True}, include_in_schema=False)
async def badly_written() -> Template:
    """Fail only when the page is written."""
    return Template("no-such-page.html")


async def test_a_page_that_cannot_be_written_says_the_same(fresh_node: Node) -> None:
    fresh_node.app.register(badly_written)
    async with fresh_node.browser() as browser:
        broken = await browser.get("/badly-written", headers={"Accept-Language": "nl"})
    assert (broken.status_code, heading(broken)) == (500, HEADING)
