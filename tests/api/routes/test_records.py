"""Single records as a page, as data and as files, for coordinators of the project alone."""

import csv
import io
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from database.session import door
from federation.audit.models import AuditEntry
from federation.people.actions import grant_role
from federation.people.models import Person
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from rota.record_keeping.actions import set_keeping
from rota.record_keeping.rules import Settings
from rota.records.actions import keep_record
from rota.records.rules.drafts import Contact, Draft, full_hour
from rota.shifts.models import Shift
from tests.api.conftest import Node
from tests.api.sessions import RunningChat, running_chat

NOTE = "=The tool was slow."
RECORDS = "/api/v1/records"


@pytest.fixture
async def chat(node: Node) -> RunningChat:
    """Hold a session with two contacts and a note; its lead also coordinates."""
    chat = await running_chat(node)
    async with door(node.engine) as session:
        shift = await session.get_one(Shift, chat.shift)
        now = shift.starts
        await grant_role(session, OPERATOR, person_id=chat.wren.id, role="coordinator", now=now)
        person = await session.get_one(Person, chat.wren.id)
        asker = Asker(chat.wren.id, person.project_id, frozenset({"worker", "coordinator"}))
        await set_keeping(session, asker, Settings(365, keeps_notes=True), now)
        contacts = [
            Contact(at=now, language="nl", outcome="answered", topics=["housing", "tax"]),
            Contact(at=now, language="ro", kind="turned-away"),
        ]
        draft = Draft(contacts=contacts, pace="busy", note=NOTE, done=True)
        await keep_record(session, asker, shift.id, draft, now)
    return chat


async def days_of(chat: RunningChat) -> dict[str, str]:
    async with door(chat.node.engine) as session:
        day = (await session.get_one(Shift, chat.shift)).starts.date()
    around = timedelta(days=2)
    return {"from": str(day - around), "until": str(day + around)}


async def forms_read(chat: RunningChat) -> list[str]:
    async with door(chat.node.engine) as session:
        rows = await session.scalars(
            select(AuditEntry.facts)
            .where(AuditEntry.verb == "read-session-records", AuditEntry.actor == str(chat.wren.id))
            .order_by(AuditEntry.id)
        )
        return [facts["form"] for facts in rows]


async def test_the_same_record_as_data_files_and_page(chat: RunningChat) -> None:
    web, mine, days = chat.node.web, chat.wren.bearer, await days_of(chat)
    answer = (await web.get(RECORDS, params=days, headers=mine)).json()
    [one] = answer["items"]
    assert (answer["next"], UUID(one["shift"]), one["pool"]) == (None, chat.shift, chat.slug)
    record = one["record"]
    told = [(each["language"], each["kind"], each["topics"]) for each in record["contacts"]]
    assert told == [("nl", "talked", ["housing", "tax"]), ("ro", "turned-away", [])]
    assert (record["note"], record["done"], record["pace"]) == (NOTE, True, "busy")

    lines = await web.get(f"{RECORDS}/export", params=days | {"form": "jsonl"}, headers=mine)
    assert [json.loads(line) for line in lines.text.splitlines()] == [one]
    table = await web.get(f"{RECORDS}/export", params=days | {"form": "csv"}, headers=mine)
    assert table.headers["content-disposition"] == 'attachment; filename="records.csv"'
    assert table.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(table.text)))
    async with door(chat.node.engine) as session:
        at = full_hour((await session.get_one(Shift, chat.shift)).starts).isoformat()
    assert [row["note"] for row in rows] == [f" {NOTE}"] * 2
    assert [row["at"] for row in rows] == [at, at]
    first = {name: rows[0][name] for name in ("contact", "language", "topics", "staff_abused")}
    assert first == {
        "contact": "1",
        "language": "nl",
        "topics": "housing tax",
        "staff_abused": "no",
    }

    async with chat.node.signed_in(chat.wren.id) as browser:
        shown = (await browser.get("/records")).text
        file = await browser.get("/records/export?form=csv")
    assert ("Busy, 2 contacts." in shown, f"Note: {NOTE}" in shown) == (True, True)
    assert "Dutch: answered, housing, tax" in shown
    assert file.text == table.text
    assert await forms_read(chat) == ["page", "jsonl", "csv", "page", "csv"]


async def test_nobody_else_reads_a_record(chat: RunningChat) -> None:
    web, days = chat.node.web, await days_of(chat)
    export: dict[str, Any] = days | {"form": "csv"}
    for path, asked in ((RECORDS, days), (f"{RECORDS}/export", export)):
        worker = await web.get(path, params=asked, headers=chat.robin.bearer)
        assert (worker.status_code, worker.json()["code"]) == (403, "not-allowed")
    stranger = await chat.node.somebody("coordinator")
    none = await web.get(RECORDS, params=days, headers=stranger.bearer)
    assert none.json() == {"items": [], "next": None}
    empty = await web.get(f"{RECORDS}/export", params=export, headers=stranger.bearer)
    assert len(empty.text.splitlines()) == 1
    async with chat.node.signed_in(chat.robin.id) as browser:
        for path in ("/records", "/records/export?form=csv"):
            assert (await browser.get(path)).status_code == 403
    async with chat.node.signed_in(stranger.id) as browser:
        assert NOTE not in (await browser.get("/records")).text


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"from": "2027-02-01", "until": "2027-02-01"}, 400),
        ({"from": "2026-01-01", "until": "2027-02-06"}, 400),
        ({"from": "1999-01-01", "until": "1999-02-01"}, 400),
        ({"from": "2027-01-01", "until": "2027-02-01", "cursor": "x"}, 400),
        ({"from": "2027-01-01"}, 400),
    ],
)
async def test_days_that_cannot_be_shown(node: Node, asked: dict[str, str], status: int) -> None:
    keeper = await node.somebody("coordinator")
    refused = await node.web.get(RECORDS, params=asked, headers=keeper.bearer)
    assert refused.status_code == status


async def test_a_file_of_no_known_form(node: Node) -> None:
    keeper = await node.somebody("coordinator")
    asked = {"from": "2027-01-01", "until": "2027-02-01", "form": "xls"}
    refused = await node.web.get(f"{RECORDS}/export", params=asked, headers=keeper.bearer)
    assert refused.status_code == 400
