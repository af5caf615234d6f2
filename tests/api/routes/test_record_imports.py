"""An old spreadsheet through the API: told, taken, listed, taken back; for own coordinators."""

import base64
import re
from typing import Any

import pytest
import structlog.testing
from sqlalchemy import select

from api.tables import METADATA
from database.session import door
from rota.import_runs.models import ImportRun
from tests.api.conftest import Node, Somebody, form_token
from tests.canaries import found_in
from tests.rota.records.world import hour_sums, sums
from tests.rota.world import ExamplePool, a_pool

TABLE = """Datum;Tijd;Sessie;Taal;Onderwerp
3-11-2026;19:30;19:00-21:00;Nederlands;Huisvesting
13-11-2026;;;ro;Wat
"""
WORDS = [{"field": "topics", "said": "Wat", "becomes": "say-nothing"}]


CANARY = "Zarubina 07700 900861"
CARRIED = re.compile(r'<textarea name="content".*?</textarea>', re.DOTALL)
CANARIES = ("Zarubina", "900861", "7700900861")
"""Nobody else's: the node is shared with other tests."""
NAMING = f"""Datum;Naam;Onderwerp;Plaats;Notitie;{CANARY}
2026-11-03;{CANARY};Huisvesting;;{CANARY};{CANARY}
2026-11-03;;{CANARY};;;
2026-11-03;;;{CANARY};;
{CANARY};;tax;;;
"""


async def a_coordinator(node: Node) -> tuple[Somebody, ExamplePool]:
    keeper = await node.somebody("coordinator")
    async with door(node.engine) as session:
        return keeper, await a_pool(session, keeper.asker)


def body(text: str = TABLE, *, dry_run: bool = True, **choices: Any) -> dict[str, Any]:
    content = base64.b64encode(text.encode()).decode()
    said = {"channel": "live-chat", "order": "day-first"} | choices
    return {"content": content, "choices": said, "dry_run": dry_run}


async def test_a_table_is_told_taken_listed_and_taken_back(node: Node) -> None:
    keeper, pool = await a_coordinator(node)
    web, path = node.web, f"/api/v1/pools/{pool.slug}/record-imports"
    told = (await web.post(path, json=body(), headers=keeper.bearer)).json()
    assert (told["columns"], told["totals"]) == (
        ["date", "time", "session", "language", "topics"],
        {"taken": 1, "left-out": 1},
    )
    assert told["words"][0] == {"field": "topics", "said": "Wat", "rows": 1, "becomes": None}
    assert [(row["row"], row["fate"]) for row in told["rows"]] == [(2, "taken"), (3, "left-out")]
    assert (await web.get(path, headers=keeper.bearer)).json()["items"] == []

    taken = await web.post(path, json=body(dry_run=False, words=WORDS), headers=keeper.bearer)
    assert (taken.status_code, taken.json()["contacts"]) == (200, 2)
    assert taken.json()["in_demand"] == 1
    async with door(node.engine) as session:
        counted, by_hour = await sums(session, pool), await hour_sums(session, pool)
    assert counted["2026-11", "language", "nl"] == counted["2026-11", "topic", "housing"] == 1
    assert by_hour == {("2026-11-02", 43, "nl", "talked"): 1}
    [listed] = (await web.get(path, headers=keeper.bearer)).json()["items"]
    facts = {key: listed[key] for key in ("contacts", "sessions", "first_month", "last_month")}
    months = {"first_month": "2026-11-01", "last_month": "2026-11-01"}
    assert facts == {"contacts": 2, "sessions": 1} | months
    later = body(words=WORDS, first_day="2026-11-04")
    rest = (await web.post(path, json=later, headers=keeper.bearer)).json()
    assert rest["totals"] == {"left-out": 1, "taken": 1}
    assert rest["overlaps"] == [{"month": "2026-11-01", "counted": 2, "here": 1}]
    again = await web.post(path, json=body(dry_run=False, words=WORDS), headers=keeper.bearer)
    assert (again.status_code, again.json()["code"]) == (409, "already-imported")

    one = f"/api/v1/record-imports/{listed['id']}"
    stranger, worker = await node.somebody("coordinator"), await node.somebody("worker")
    assert (await web.delete(one, headers=stranger.bearer)).status_code == 404
    assert (await web.delete(one, headers=worker.bearer)).status_code == 403
    assert (await web.delete(one, headers=keeper.bearer)).status_code == 204
    async with door(node.engine) as session:
        assert (await sums(session, pool), await hour_sums(session, pool)) == ({}, {})
    assert (await web.get(path, headers=keeper.bearer)).json()["items"] == []


async def test_words_about_somebody_are_kept_nowhere_and_said_nowhere(
    node: Node, capfd: pytest.CaptureFixture[str]
) -> None:
    keeper, pool = await a_coordinator(node)
    path = f"/api/v1/pools/{pool.slug}/record-imports"
    wrong: list[dict[str, Any]] = [
        *({name: CANARY} for name in ("order", "channel", "language", "first_day")),
        {"columns": [CANARY] * 6},
        {"words": [{"field": "topics", "said": CANARY, "becomes": CANARY}]},
    ]
    tries: list[dict[str, Any]] = [body(NAMING), body(NAMING, dry_run=False), body(CANARY)]
    tries += [body(NAMING, **said) for said in wrong]
    tries += [{"content": CANARY}, {"dry_run": CANARY}]
    with structlog.testing.capture_logs() as logs:
        answers = [await node.web.post(path, json=one, headers=keeper.bearer) for one in tries]
        async with node.signed_in(keeper.id) as browser:
            page = f"/records/import/{pool.slug}"
            form: dict[str, Any] = {"_csrf_token": await form_token(browser, page), "do": "take"}
            form |= {"channel": "live-chat"}
            file = {"file": (f"{CANARY}.csv", NAMING.encode(), "text/csv")}
            form |= {"columns": ["date", "", "topics", "area", "", ""]}
            begun = await browser.post(page, data=form, files=file)
            async with door(node.engine) as session:
                run = await session.scalar(
                    select(ImportRun.id).where(ImportRun.project_id == keeper.project_id)
                )
            refused = await browser.get(f"{page}/runs/{run}")
    assert [one.status_code for one in answers[:3]] == [200, 200, 200]
    assert {one.status_code for one in answers[3:]} == {400, 422}
    assert (begun.status_code, refused.status_code) == (422, 200)
    assert "Nothing of this table was taken in." in refused.text
    answers += [begun, refused]
    assert answers[1].json()["totals"] == {"taken": 1, "screened": 2, "left-out": 1}
    # the table itself goes back to who has just given it, and nowhere else
    told = [CARRIED.sub("", one.text) for one in answers] + [str(logs), *capfd.readouterr()]
    assert [found_in(text, *CANARIES) for text in told] == [[]] * len(told)
    async with door(node.engine) as session:
        for table in METADATA.sorted_tables:
            rows = str([tuple(row) for row in await session.execute(select(table))])
            assert (table.name, found_in(rows, *CANARIES)) == (table.name, [])


async def test_choices_that_do_not_fit(node: Node) -> None:
    keeper, pool = await a_coordinator(node)
    path = f"/api/v1/pools/{pool.slug}/record-imports"
    wanted: dict[str, dict[str, Any]] = {
        "other-columns": {"columns": ["date"]},
        "unknown-column": {"columns": ["date", "gender", "", "", ""]},
        "column-twice": {"columns": ["date", "topics", "topics", "", ""]},
        "no-day-column": {"columns": ["time", "", "", "", ""]},
        "unknown-entry": {"words": [{"field": "topics", "said": "Wat", "becomes": "secret"}]},
        "unknown-channel": {"channel": "elsewhere"},
        "unknown-language": {"language": "klingon"},
        "no-such-days": {"first_day": "2026-11-04", "last_day": "2026-11-03"},
    }
    for code, choices in wanted.items():
        answer = (await node.web.post(path, json=body(**choices), headers=keeper.bearer)).json()
        assert (answer["code"], [one["code"] for one in answer["reasons"]]) == (
            "wrong-import-choices",
            [code],
        )
