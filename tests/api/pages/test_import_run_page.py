"""An import goes on without its page, and its page shows how far it is whenever it is opened."""

import re
from uuid import UUID, uuid4

import pytest
from httpx2 import AsyncClient

from api.import_runs import Given, ImportRuns, run_import
from api.parts import current_time
from database.session import door
from federation.access.seal import Seal
from federation.pools.actions import join_pool
from rota.import_runs.actions import begin_import, note_rows
from rota.import_runs.models import ImportRun
from rota.import_runs.rules import SILENT
from rota.record_imports.rules.choices import Choices
from rota.record_imports.rules.tables import read_sheet
from tests.api.conftest import Node, Somebody
from tests.logs import everything_logged
from tests.questions import counted
from tests.rota.world import SHARE, ExamplePool, a_pool, everything

CANARY = "Qvist Runcanary"
TABLE = read_sheet(f"Date,Language,Notes\n2026-11-03,English,{CANARY}\n".encode())
SEAL = Seal(b"r" * 32)


async def a_run(node: Node) -> tuple[Somebody, ExamplePool, UUID]:
    """Let a coordinator have begun to take a table of three hundred rows in."""
    keeper = await node.somebody("coordinator")
    async with door(node.engine) as session:
        pool = await a_pool(session, keeper.asker)
        run = await begin_import(session, keeper.asker, pool.id, 300, current_time())
    return keeper, pool, run


async def main(browser: AsyncClient, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200
    return " ".join(answer.text.split("<main", 1)[1].split("</main>", 1)[0].split())


async def test_it_says_how_far_it_is_and_is_found_again(node: Node) -> None:
    keeper, pool, run = await a_run(node)
    path = f"/records/import/{pool.slug}/runs/{run}"
    async with door(node.engine) as session:
        await note_rows(session, run, 120, current_time())
    async with node.signed_in(keeper.id) as browser:
        with counted(node.engine) as asked:
            page = await main(browser, path)
        with counted(node.engine) as asked_there:
            found = await main(browser, f"/records/import/{pool.slug}")
    assert "120 of 300 rows read" in page
    assert f'data-changes="{path}/changes"' in page
    assert 'max="300"' in page
    assert "A table is being taken in: 120 of 300 rows read." in found
    assert f'href="{path}"' in found
    assert (len(asked), len(asked_there) <= 8) == (3, True)


async def test_one_that_has_fallen_silent_was_interrupted(node: Node) -> None:
    keeper, pool, run = await a_run(node)
    async with door(node.engine) as session:
        (await session.get_one(ImportRun, run)).seen_at = current_time() - 2 * SILENT
    async with node.signed_in(keeper.id) as browser:
        page = await main(browser, f"/records/import/{pool.slug}/runs/{run}")
        found = await main(browser, f"/records/import/{pool.slug}")
    assert "It was interrupted before its end. Nothing of this table was taken in" in page
    assert "A table is being taken in" not in found


async def test_one_that_was_refused_says_every_reason(node: Node) -> None:
    keeper, pool, run = await a_run(node)
    twice = Choices(columns=["language", "language", ""], channel="live-chat")
    await run_import(node.engine, Given(run, keeper.asker, pool.id, TABLE, twice), SEAL)
    async with node.signed_in(keeper.id) as browser:
        page = await main(browser, f"/records/import/{pool.slug}/runs/{run}")
    note = page.partition('<p class="note bad" role="status">')[2].partition("</p>")[0]
    assert re.sub("<[^>]*>", "", note) == (
        "The table cannot be read this way. Two columns cannot tell the same thing. "
        "Say which column has the day. Nothing of this table was taken in."
    )


async def test_nobody_else_sees_it(node: Node) -> None:
    keeper, pool, run = await a_run(node)
    worker = await node.somebody("worker", project_id=keeper.project_id)
    partner, stranger = [await node.somebody("coordinator") for _ in range(2)]
    async with door(node.engine) as session:
        await join_pool(session, partner.asker, pool.id, SHARE, current_time())
    path = f"/records/import/{pool.slug}/runs/{run}"
    for somebody, status in ((worker, 403), (partner, 404), (stranger, 404)):
        async with node.signed_in(somebody.id) as browser:
            answers = [await browser.get(path), await browser.get(f"{path}/changes")]
        assert [each.status_code for each in answers] == [status, status]


async def test_what_fails_takes_nothing_in_and_says_nothing_of_the_table(node: Node) -> None:
    keeper, pool, run = await a_run(node)
    nowhere = Given(run, keeper.asker, uuid4(), TABLE, Choices(channel="live-chat"))
    runs = ImportRuns()
    with everything_logged() as log:
        await runs.start(run_import(node.engine, nowhere, SEAL))
        await runs.ended()
        logged = log.getvalue().decode()
    assert ("import failed" in logged, CANARY in logged) == (True, False)
    async with node.signed_in(keeper.id) as browser:
        page = await main(browser, f"/records/import/{pool.slug}/runs/{run}")
    assert "It was interrupted before its end." in page
    async with door(node.engine) as session:
        assert CANARY not in repr(await everything(session))


@pytest.mark.parametrize("may_end", [60.0, 0.0])
async def test_a_server_that_stops_ends_what_it_reads(node: Node, may_end: float) -> None:
    keeper, pool, run = await a_run(node)
    given = Given(run, keeper.asker, pool.id, TABLE, Choices(channel="live-chat"))
    late = may_end == 0
    runs = ImportRuns(at_once=0.0, may_end=may_end)
    await runs.start(run_import(node.engine, given, SEAL))
    await runs.end()
    async with node.signed_in(keeper.id) as browser:
        page = await main(browser, f"/records/import/{pool.slug}/runs/{run}")
        listed = await main(browser, f"/records/import/{pool.slug}")
    assert ("It was interrupted before its end." in page, "Nothing yet." in listed) == (late, late)
    assert ("1 contact counts in your report now." in page) is not late
