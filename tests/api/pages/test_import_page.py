"""A coordinator imports an old spreadsheet in a browser without a script; nothing typed stays."""

import base64
import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from api.import_runs import ImportRuns
from database.session import door
from tests.api.conftest import Node, Somebody, form_token
from tests.logs import everything_logged
from tests.rota.world import ExamplePool, a_pool, everything

FIELD = re.compile(r'<(input type="hidden"|select)[^>]* name="(\w+)"(?: value="([^"]*)")?')
CHOSEN = re.compile(r'<option value="([^"]*)" selected')
MANY = re.compile(r"(\d+) rows?: (is \w+(?: out)?)")
TABLE = """Date,Start,Worker,Language,Topic,Area,Phone,Notes,Zqcanary80
03/11/2026,19:30,Zqcanary0,Dutch,Housing,,07700900863,zqcanary1 wrote from zqcanary2,x
04/11/2026,20:15,Zqcanary0,Zqcanary3,Tax,zqcanary4@example.org,,,x
05/11/2026,zqcanary5,,English,ring 07700 900863 zqcanary6,,,,x
zqcanary7,19:00,,English,Housing,,,,x
06/11/2026,19:00,,English,Housing,Zqcanary8,,,x
"""


async def a_coordinator(node: Node) -> tuple[Somebody, ExamplePool]:
    keeper = await node.somebody("coordinator")
    async with door(node.engine) as session:
        return keeper, await a_pool(session, keeper.asker)


def form_of(page: str) -> list[tuple[str, str]]:
    """Read the form of a look as a browser would send it back."""
    form = page.partition('name="content"')[2].partition("</form>")[0]
    content = form.partition(">\n")[2].partition("</textarea>")[0]
    found = [("content", unescape(content))]
    for match in FIELD.finditer(form):
        value = match[3] or ""
        if match[1] == "select":
            inside = form[match.end() :].partition("</select>")[0]
            chosen = CHOSEN.search(inside)
            value = chosen[1] if chosen else ""
        found.append((match[2], unescape(value)))
    return found


async def send(browser: AsyncClient, slug: str, fields: list[tuple[str, str]]) -> Response:
    path = f"/records/import/{slug}"
    token = await form_token(browser, path)
    parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in fields]
    return await browser.post(path, files=[("_csrf_token", (None, token)), *parts])


async def uploaded(browser: AsyncClient, slug: str, table: str) -> Response:
    path = f"/records/import/{slug}"
    token = await form_token(browser, path)
    file = {"file": ("Zqcanary81 list.csv", table.encode(), "text/csv")}
    return await browser.post(path, data={"_csrf_token": token}, files=file)


async def read_to_its_end(node: Node, browser: AsyncClient, begun: Response) -> Response:
    """Open the page of an import once it has ended."""
    assert begun.status_code == 303
    runs: ImportRuns = node.app.state.import_runs
    await runs.ended()
    return await browser.get(begun.headers["location"])


def changed(fields: list[tuple[str, str]], **said: str) -> list[tuple[str, str]]:
    return [(name, said.get(name, value)) for name, value in fields if name != "_csrf_token"]


@pytest.fixture
def log() -> Iterator[io.BytesIO]:
    with everything_logged() as written:
        yield written


async def test_a_table_is_looked_at_explained_and_taken_in_and_no_cell_stays(
    node: Node, log: io.BytesIO
) -> None:
    keeper, pool = await a_coordinator(node)
    async with node.signed_in(keeper.id) as browser:
        first = await uploaded(browser, pool.slug, TABLE)
        asked = changed(form_of(first.text), channel="live-chat", order="day-first")
        second = await send(browser, pool.slug, asked)
        sent = [*changed(form_of(second.text)), ("do", "take")]
        taken = await read_to_its_end(node, browser, await send(browser, pool.slug, sent))
        again = await send(browser, pool.slug, sent)
        broken = await uploaded(browser, pool.slug, 'Date\n"zqcanary82')
    content = base64.b64encode(TABLE.encode()).decode()
    wrong = await node.web.post(
        f"/api/v1/pools/{pool.slug}/record-imports",
        json={"content": content, "choices": {"columns": ["zqcanary83"]}},
        headers=keeper.bearer,
    )
    metrics = (await node.web.get("/metrics")).text
    assert "0 contacts would count" in first.text
    assert "Say above which comes first" in first.text
    assert "1 contact would count" in second.text
    assert MANY.findall(second.text) == [
        ("1", "is taken"),
        ("2", "is left out"),
        ("2", "is refused"),
    ]
    assert "Zqcanary0" in first.text
    assert [word for word in ("Zqcanary0", "zqcanary1") if word in second.text] == []
    assert "1 contact counts in your report" in " ".join(taken.text.split())
    assert "These rows were imported before, and are counted once." in again.text
    refused = (again, broken, wrong)
    assert [each.status_code for each in refused] == [422, 422, 422]
    # the form that carries the table goes back to who has just given it
    assert "Zqcanary0" not in again.text
    assert [each.text for each in refused[1:] if "zqcanary" in each.text.lower()] == []
    async with door(node.engine) as session:
        kept = repr(await everything(session)).lower()
    assert "imported-old-records" in kept
    logs = log.getvalue().decode().lower()
    assert ("/records/import" in logs, "/records/import" in metrics) == (True, True)
    told = {"database": kept, "logs": logs, "metrics": metrics.lower()}
    assert [where for where, words in told.items() if "zqcanary" in words] == []
    assert "07700 900863" not in kept
    assert "07700900863" not in kept


async def test_the_page_is_for_coordinators_of_members(node: Node) -> None:
    keeper, pool = await a_coordinator(node)
    worker = await node.somebody("worker", project_id=keeper.project_id)
    stranger = await node.somebody("coordinator")
    async with node.signed_in(keeper.id) as browser:
        page = await browser.get("/records")
        led = await browser.get("/records/import")
    assert 'href="/records/import"' in page.text
    assert led.headers["location"] == f"/records/import/{pool.slug}"
    for somebody, status in ((worker, 403), (stranger, 404)):
        async with node.signed_in(somebody.id) as browser:
            seen = await browser.get(f"/records/import/{pool.slug}")
            token = await form_token(browser, "/availability")
            sent = await browser.post(
                f"/records/import/{pool.slug}",
                data={"_csrf_token": token},
                files={"file": ("old.csv", b"Date\n2026-11-03\n")},
            )
        assert (seen.status_code, sent.status_code) == (status, status)
