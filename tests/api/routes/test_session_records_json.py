"""The record of a session as JSON, with words that must go nowhere in each of its fields."""

from typing import Any
from uuid import uuid4

import pytest
import structlog.testing
from sqlalchemy import select

from api.tables import METADATA
from database.session import door
from rota.records.rules.drafts import full_hour
from rota.shifts.models import Shift
from tests.api.conftest import Node
from tests.api.sessions import RunningChat, running_chat
from tests.canaries import found_in

CANARY = "Ruby 07700 900123"


@pytest.fixture
async def chat(node: Node) -> RunningChat:
    return await running_chat(node)


async def contact(chat: RunningChat, **changed: Any) -> dict[str, Any]:
    async with door(chat.node.engine) as session:
        starts = (await session.get_one(Shift, chat.shift)).starts
    facts = {"at": full_hour(starts).isoformat(), "language": "nl", "outcome": "answered"}
    return facts | changed


def address(chat: RunningChat) -> str:
    return f"/api/v1/shifts/{chat.shift}/record"


async def test_a_record_is_kept_shown_and_erased(chat: RunningChat) -> None:
    web, mine = chat.node.web, chat.wren.bearer
    told = await contact(chat, topics=["tax"])
    kept = await web.put(
        address(chat), json={"contacts": [told], "pace": "busy", "done": True}, headers=mine
    )
    assert (kept.status_code, kept.content) == (204, b"")
    shown = (await web.get(address(chat), headers=mine)).json()
    empty = {
        "kind": "talked",
        "familiarity": "not-said",
        "minutes": None,
        "signpost": None,
        "unmet": None,
        "area": None,
        "gender": None,
        "nationality": None,
    }
    assert shown["record"] == {
        "contacts": [empty | told | {"at": told["at"].replace("+00:00", "Z")}],
        "pace": "busy",
        "technical_trouble": False,
        "staff_abused": False,
        "support": "not-needed",
        "note": "",
        "done": True,
    }
    assert (shown["lists"]["keep_days"], shown["lists"]["topics"][-1]) == (730, "wellbeing")
    # a colleague on the same session has a record of their own, and nobody else any
    theirs = (await web.get(address(chat), headers=chat.robin.bearer)).json()
    assert theirs["record"]["contacts"] == []
    for who in (chat.finch, await chat.node.somebody("coordinator")):
        hidden = await web.get(address(chat), headers=who.bearer)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "not-found")
    assert (await web.delete(address(chat), headers=mine)).status_code == 204
    gone = (await web.get(address(chat), headers=mine)).json()
    assert (gone["record"]["contacts"], gone["record"]["done"]) == ([], False)


async def test_a_word_about_somebody_is_kept_in_no_field_and_said_nowhere(
    chat: RunningChat, capfd: pytest.CaptureFixture[str]
) -> None:
    web, mine = chat.node.web, chat.wren.bearer
    fields = (
        *("at", "language", "kind", "familiarity", "minutes", "topics", "outcome", "signpost"),
        *("unmet", "area", "gender", "nationality", "name"),
    )
    tries: list[dict[str, Any]] = [
        {"contacts": [await contact(chat, **{name: [CANARY] if name == "topics" else CANARY})]}
        for name in fields
    ]
    names = ("pace", "technical_trouble", "staff_abused", "support", "note", "done", "name")
    tries += [{name: CANARY} for name in names]
    with structlog.testing.capture_logs() as logs:
        answers = [await web.put(address(chat), json=body, headers=mine) for body in tries]
    assert {answer.status_code for answer in answers} <= {400, 422}
    told = [answer.text for answer in answers] + [str(logs), *capfd.readouterr()]
    assert [found_in(text, "Ruby", "900123", "7700900123") for text in told] == [[]] * len(told)
    async with door(chat.node.engine) as session:
        for table in METADATA.sorted_tables:
            rows = str([tuple(row) for row in await session.execute(select(table))])
            assert (table.name, CANARY in rows) == (table.name, False)


async def test_a_record_of_no_session_is_not_there(chat: RunningChat) -> None:
    web, mine = chat.node.web, chat.wren.bearer
    answer = await web.get(f"/api/v1/shifts/{uuid4()}/record", headers=mine)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
