"""What a process tells pages that stay open, on real sockets."""

import asyncio
import json
import signal

from httpx2 import Response
from litestar.response import ServerSentEvent
from sqlalchemy import update

from api.changes import AGAIN_MILLISECONDS, MOST_PAGES, Changes
from api.parts import current_time
from database.session import door, make_engine
from federation.pools.models import Pool
from tests.api.server.conftest import log_of, serving
from tests.rota.example_rota import example_rota


async def a_pool(database_url: str) -> str:
    engine = make_engine(database_url)
    async with door(engine) as session:
        rota = await example_rota(session, now=current_time())
    await engine.dispose()
    return rota.pool.slug


async def name_it(database_url: str, slug: str, name: str) -> None:
    """Change what the public reads of a pool."""
    engine = make_engine(database_url)
    async with engine.begin() as connection:
        named = update(Pool).where(Pool.slug == slug)
        await connection.execute(named.values(zone=name, revision=Pool.revision + 1))
    await engine.dispose()


def unquoted(etag: str) -> str:
    return etag.strip('"')


class Lines:
    """An answer that goes on, read event by event."""

    def __init__(self, answer: Response) -> None:
        self.lines = answer.aiter_lines()

    async def event(self) -> list[str]:
        """Read up to the end of the next event, without comments and empty lines."""
        found: list[str] = []
        async for line in self.lines:
            if line and not line.startswith(":"):
                found.append(line)
            elif found and found[-1].startswith("data:"):
                break
        return found

    async def rest(self) -> list[str]:
        """Read to the end, which a server that is in order gives."""
        return [line async for line in self.lines if line and not line.startswith(":")]


async def test_a_page_is_told_of_each_change_and_let_go_when_the_server_ends(
    environment: dict[str, str], database_url: str
) -> None:
    slug = await a_pool(database_url)
    async with serving(environment) as (process, web):
        assert (await web.get("/open/no-such-pool/changes")).status_code == 404
        async with web.stream("GET", f"/open/{slug}/changes") as answer:
            told = Lines(answer)
            shown = (await web.get(f"/open/{slug}.json")).headers["etag"]
            first = await told.event()
            await name_it(database_url, slug, "Europe/Amsterdam")
            second = await told.event()
            later = (await web.get(f"/open/{slug}.json")).headers["etag"]
            process.terminate()
            # an answer that is broken off would raise here
            rest = await told.rest()
            headers = answer.headers
        out, _ = await asyncio.wait_for(process.communicate(), 20)
    assert first == ["retry: 5000", "event: changed", f"data: {unquoted(shown)}"]
    assert second == ["event: changed", f"data: {unquoted(later)}"]
    assert shown != later
    assert rest == []
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["x-accel-buffering"] == "no"
    assert (process.returncode, out) == (-signal.SIGTERM, b"")
    said = [json.loads(line) for line in log_of(environment).read_bytes().splitlines()]
    assert [line for line in said if line["event"] == "broken off"] == []


async def test_a_process_tells_so_many_pages_and_no_more() -> None:
    changes = Changes()

    async def mark() -> str:
        return "1"

    begun = [changes.told(mark, "1") for _ in range(MOST_PAGES)]
    for each in begun:
        await anext(each)
    assert changes.tell(mark, "1").status_code == 204

    await begun[0].aclose()
    assert isinstance(changes.tell(mark, "1"), ServerSentEvent)
    for each in begun:
        await each.aclose()


async def test_a_page_of_something_that_is_gone_is_let_go() -> None:
    async def mark() -> None:
        return None

    [first] = [one async for one in Changes().told(mark, "1")]
    assert first.retry == AGAIN_MILLISECONDS
