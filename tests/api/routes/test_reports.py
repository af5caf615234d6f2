"""A report as a page, as a table and as data, from the same sums."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import select

from api.parts import current_time
from database.session import door
from federation.people.actions import grant_role
from federation.people.models import Person
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from rota.records.actions import keep_record
from rota.records.rules.drafts import Contact, Draft
from rota.shifts.models import Shift
from tests.api.conftest import Node
from tests.api.sessions import RunningChat, running_chat


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
    assert {one["key"] for one in told["dictionary"]} >= set(told["values"])
    month = today.strftime("%Y-%m")
    async with chat.node.signed_in(chat.wren.id) as browser:
        shown = await browser.get(f"/report/{chat.slug}?first={month}&last={month}")
        table = await browser.get(f"/report/{chat.slug}.csv?first={month}&last={month}")
    assert shown.status_code == 200
    anchors = re.findall(r'<dt id="how-([^"]+)"', shown.text)
    kinds = {"number": "", "table": "table-"}
    assert anchors == [kinds[one["kind"]] + one["key"] for one in told["dictionary"]]
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
        wrong = await browser.get(f"/report/{chat.slug}?first=soon")
    assert (wrong.status_code, "is not a month" in wrong.text) == (400, True)


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
