"""A report as a page, as a table and as data, from the same sums."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from api.parts import current_time
from database.ids import new_id
from database.session import door
from federation.people.actions import grant_role
from federation.people.models import Person
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from rota.record_sums.models import RecordSum
from rota.records.actions import keep_record
from rota.records.rules.drafts import Contact, Draft
from rota.reports.indicators import REPEATED, TABLES
from rota.reports.rules import months_later
from rota.shifts.models import Shift
from tests.api.conftest import Node
from tests.api.sessions import RunningChat, running_chat

SAID_AGAIN = {("table", key) for key in REPEATED}


@pytest.fixture
async def chat(node: Node) -> RunningChat:
    """Hold a session with two contacts; its lead also coordinates."""
    chat = await running_chat(node)
    async with door(node.engine) as session:
        shift = await session.get_one(Shift, chat.shift)
        now = shift.starts
        await grant_role(session, OPERATOR, person_id=chat.wren.id, role="coordinator", now=now)
        contacts = [
            Contact(at=now, language="nl", outcome="answered", topics=["tax"]),
            Contact(at=now, language="nl", outcome="declined"),
        ]
        asker = Asker(chat.wren.id, await project_of(chat), frozenset({"worker"}))
        draft = Draft(contacts=contacts, pace="busy", done=True)
        await keep_record(session, asker, shift.id, draft, now)
    return chat


async def project_of(chat: RunningChat) -> UUID:
    async with door(chat.node.engine) as session:
        found = await session.scalar(select(Person.project_id).where(Person.id == chat.wren.id))
    assert found
    return found


async def test_the_same_numbers_as_data_table_and_page(chat: RunningChat) -> None:
    today = current_time()
    web = chat.node.web
    asked = {"from": today.date().isoformat(), "until": today.date().isoformat()}
    address = f"/api/v1/pools/{chat.slug}/report"
    told = (await web.get(address, params=asked, headers=chat.wren.bearer)).json()
    assert (told["values"]["talked"], told["values"]["records"]) == (2, 1)
    assert told["tables"]["outcome"] == [
        {"value": "answered", "count": 1},
        {"value": "declined", "count": 1},
    ]
    month = today.strftime("%Y-%m")
    async with chat.node.signed_in(chat.wren.id) as browser:
        shown = await browser.get(f"/report/{chat.slug}?first={month}&last={month}")
        table = await browser.get(f"/report/{chat.slug}.csv?first={month}&last={month}")
    assert shown.status_code == 200
    anchors = re.findall(r'<dt id="how-([^"]+)"', shown.text)
    kinds = {"number": "", "table": "table-"}
    assert anchors == [
        kinds[one["kind"]] + one["key"]
        for one in told["dictionary"]
        if one["kind"] in kinds and (one["kind"], one["key"]) not in SAID_AGAIN
    ]
    assert set(re.findall(r'href="#how-([^"]+)"', shown.text)) <= set(anchors)
    assert 'href="#how-talked">2<' in shown.text
    named = f"{today:%B %Y}"
    assert f"{named} to {named}, of your own project." in shown.text
    drawn = re.search(r'<svg class="months" viewBox="0 0 22 80".*?</svg>', shown.text, re.DOTALL)
    assert drawn is not None
    assert re.findall(r"<text[^>]*>([^<]+)<", drawn[0]) == ["2", f"{today:%b}"]
    bare = re.findall(r"<td>\s*[\d.,]+", shown.text)
    assert bare == []
    rows = {(row[0], row[1]): row[2] for row in csv.reader(io.StringIO(table.text))}
    assert (rows["talked", ""], rows["language", "nl"], rows["by-month", month]) == ("2", "2", "2")


async def test_the_dictionary_names_all_of_the_document_at_every_level(chat: RunningChat) -> None:
    gone = await told_of_everything(chat)
    told = await data_of(chat)
    described = {one["where"]: one for one in told["dictionary"]}
    assert len(described) == len(told["dictionary"])
    nested = {"values", "tables"}
    places = {f"{outer}.{inner}" for outer in nested for inner in told[outer]}
    assert set(described) == places | (set(told) - nested)
    # every table has a row here, so that none can have columns that nobody has named
    columns = {place: one["columns"] for place, one in described.items() if one["columns"]}
    for place, names in columns.items():
        found = at(told, place)
        rows = found if isinstance(found, list) else [found]
        assert rows, place
        assert [list(row) for row in rows] == [names] * len(rows), place
    listed = {place for place in described if isinstance(at(told, place), list)}
    assert (listed - set(columns), {"project", "pool"} - set(columns)) == (set(), set())
    assert told["services"] == {gone: "a service that is gone"}


async def test_the_table_has_a_line_for_all_that_the_dictionary_names(chat: RunningChat) -> None:
    await told_of_everything(chat)
    told = await data_of(chat)
    today = current_time()
    month = f"{today:%Y-%m}"
    async with chat.node.signed_in(chat.wren.id) as browser:
        table = await browser.get(f"/report/{chat.slug}.csv?first={month}&last={month}")
    head, *rows = csv.reader(io.StringIO(table.text))
    assert head == ["key", "value", "number", "unit", "how it is counted", "kind", "title"]
    named = {(one["kind"], one["key"]): one for one in told["dictionary"] if one["kind"] != "list"}
    assert {(row[5], row[0]) for row in rows} == set(named)
    for key, _value, _number, unit, how, kind, title in rows:
        one = named[kind, key]
        assert (unit, how, title) == (one["unit"], one["how"], one["title"])
    about = {row[0]: row[1] for row in rows if row[5] == "about"}
    first = today.date().replace(day=1)
    assert list(about) == ["project", "pool", "first", "until", "as-of"]
    assert (about["project"], about["pool"]) == (told["project"]["name"], told["pool"]["name"])
    assert about["first"] == told["first"] == first.isoformat()
    assert about["until"] == told["until"] == months_later(first, 1).isoformat()
    assert [row[1:3] for row in rows if row[0] == "signpost"] == [["a service that is gone", "1"]]


def at(told: Any, place: str) -> Any:
    for step in place.split("."):
        told = told[step]
    return told


async def data_of(chat: RunningChat) -> dict[str, Any]:
    today = current_time().date().isoformat()
    told: dict[str, Any] = (
        await chat.node.web.get(
            f"/api/v1/pools/{chat.slug}/report",
            params={"from": today, "until": today},
            headers=chat.wren.bearer,
        )
    ).json()
    return told


async def told_of_everything(chat: RunningChat) -> str:
    """Count something in each table; gives the id of a service that has been deleted since."""
    gone, month = new_id(), current_time().date().replace(day=1)
    async with door(chat.node.engine) as session:
        shift = await session.get_one(Shift, chat.shift)
        over = current_time() - timedelta(minutes=1)
        await session.execute(
            update(Shift).where(Shift.id == shift.id).values(ends=over, open=True)
        )
        for key in (*TABLES, *REPEATED):
            session.add(
                RecordSum(
                    project_id=await project_of(chat),
                    pool_id=shift.pool_id,
                    channel_id=shift.channel_id,
                    month=month,
                    dimension=key,
                    value=str(gone) if key == "signpost" else "more",
                    count=1,
                )
            )
    return str(gone)


async def test_others_read_no_report(chat: RunningChat) -> None:
    web = chat.node.web
    address = f"/api/v1/pools/{chat.slug}/report"
    asked = {"from": "2027-01-01", "until": "2027-02-01"}
    worker = await web.get(address, params=asked, headers=chat.robin.bearer)
    assert (worker.status_code, worker.json()["code"]) == (403, "not-allowed")
    stranger = await chat.node.somebody("coordinator")
    hidden = await web.get(address, params=asked, headers=stranger.bearer)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "not-found")
    backwards = {"from": "2027-03-01", "until": "2027-02-01"}
    refused = await web.get(address, params=backwards, headers=chat.wren.bearer)
    assert refused.status_code == 400
    async with chat.node.signed_in(chat.wren.id) as browser:
        path = f"/report/{chat.slug}"
        wrong = await browser.get(f"{path}?first=soon")
        turned = await browser.get(f"{path}?first=2026-03&last=2026-02")
        long = await browser.get(f"{path}?first=2010-01&last=2020-01")
        far = await browser.get(f"{path}?first=0001-01&last=0001-02")
    assert (wrong.status_code, "is not a month" in wrong.text) == (400, True)
    words = "must not be before the first month, nor 10 years after it."
    for refused in (turned, long):
        assert (refused.status_code, words in refused.text) == (400, True)
    assert (far.status_code, "must be in the years 2000 to 2199." in far.text) == (400, True)


async def test_a_report_says_whether_the_running_month_is_in_it(chat: RunningChat) -> None:
    path = f"/report/{chat.slug}"
    left_out = "The month that is running is left out"
    async with chat.node.signed_in(chat.wren.id) as browser:
        usual = (await browser.get(path)).text
        included = re.search(rf'href="({path}[^"]*)">Include it', usual)
        assert included is not None
        whole = (await browser.get(unescape(included[1]))).text
        long_ago = (await browser.get(f"{path}?first=2020-01&last=2020-02")).text
    assert left_out in usual
    assert left_out not in whole + long_ago
    so_far = re.compile(
        r"The month that is running is in it, up to \d+ \w+ \d{4}, \d\d:\d\d: sessions and days "
        r"that were not over then are not counted. Times are [^(]+ \(Europe/\w+\)\."
    )
    said = [so_far.search(each) is not None for each in (usual, whole, long_ago)]
    assert said == [False, True, False]


async def test_a_month_that_has_not_begun_is_refused_in_words(chat: RunningChat) -> None:
    today = current_time().date()
    later = (today.replace(day=1) + timedelta(days=70)).replace(day=1)
    words = "A report cannot reach into a month that has not begun."
    asked = {"from": today.isoformat(), "until": later.isoformat()}
    address = f"/api/v1/pools/{chat.slug}/report"
    told = await chat.node.web.get(address, params=asked, headers=chat.wren.bearer)
    assert (told.status_code, told.json()["code"]) == (422, "month-to-come")
    month = f"{later:%Y-%m}"
    async with chat.node.signed_in(chat.wren.id) as browser:
        shown = await browser.get(f"/report/{chat.slug}?first={month}&last={month}")
    assert (shown.status_code, words in shown.text) == (422, True)
