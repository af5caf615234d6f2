from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from api.parts import current_time
from database.session import door
from federation.people.actions import grant_role
from federation.people.models import Handle
from federation.people.rules import OPERATOR
from rota.claims.models import Claim
from rota.session_details.models import SessionSetting
from rota.shifts.models import Seat, Shift
from tests.api.conftest import Node
from tests.api.sessions import RunningChat, running_chat

API = "/api/v1"
LINK = "https://meet.example.org/room"


@pytest.fixture
async def chat(node: Node) -> RunningChat:
    return await running_chat(node)


def address(chat: RunningChat, what: str) -> str:
    return f"{API}/shifts/{chat.shift}/{what}"


async def seen(chat: RunningChat, who: Any = None) -> dict[str, Any]:
    who = who or chat.wren
    answer = await chat.node.web.get(address(chat, "session"), headers=who.bearer)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


async def supervised(chat: RunningChat) -> None:
    """Put finch on call, and set what holders need."""
    async with door(chat.node.engine) as session:
        claim = await session.get_one(Claim, chat.claim)
        handle = await session.get_one(Handle, claim.handle_id)
        shift = await session.get_one(Shift, chat.shift)
        seat = Seat(shift_id=chat.shift, role="supervisor", state="held")
        session.add(seat)
        await session.flush()
        finch = await session.scalar(select(Handle.id).where(Handle.person_id == chat.finch.id))
        assert finch
        session.add(
            Claim(
                seat_id=seat.id,
                handle_id=finch,
                state="held",
                origin="worker",
                decided_here=True,
                answer_by=shift.starts,
                made_at=shift.starts,
            )
        )
        session.add(
            SessionSetting(
                pool_id=handle.pool_id,
                meeting_link=LINK,
                contact_label="Duty line",
                contact_number="+44 191 498 0123",
                conversations_at_once=2,
            )
        )


async def test_a_holder_sees_their_session_and_nobody_else_does(chat: RunningChat) -> None:
    await supervised(chat)
    stranger = await chat.node.somebody("worker", "coordinator")
    told = await seen(chat)
    assert (told["role"], told["state"], told["meeting_link"]) == ("lead", "waiting", LINK)
    assert told["contact"] == {"label": "Duty line", "number": "+44 191 498 0123", "link": None}
    assert told["conversations_at_once"] == 2
    assert {each["handle"] for each in told["companions"]} == {
        chat.wren.display,
        chat.robin.display,
        chat.finch.display,
    }
    assert told["may"] == ["call", "check-in", "did-not-happen", "give-up", "late", "note"]
    hidden = await chat.node.web.get(address(chat, "session"), headers=stranger.bearer)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "not-found")
    for what, body in (
        ("late", {"minutes": 5}),
        ("did-not-happen", {"reason": "technical"}),
        ("debrief", None),
        ("calls", None),
        ("notes", {"text": "All quiet."}),
    ):
        refused = await chat.node.web.post(address(chat, what), json=body, headers=stranger.bearer)
        assert (refused.status_code, refused.json()["code"]) == (404, "not-found")


async def test_coming_being_late_and_what_it_looks_like(chat: RunningChat) -> None:
    late = await chat.node.web.post(
        address(chat, "late"), json={"minutes": 10}, headers=chat.robin.bearer
    )
    assert (late.status_code, late.content) == (204, b"")
    await chat.node.web.post(address(chat, "check-in"), headers=chat.wren.bearer)
    told = await seen(chat)
    by_handle = {each["handle"]: each for each in told["companions"]}
    assert by_handle[chat.wren.display]["here"] is True
    assert by_handle[chat.robin.display]["here"] is False
    assert by_handle[chat.robin.display]["late_until"] is not None
    assert told["state"] == "open"
    assert told["may"] == ["busy", "call", "end", "give-up", "note"]


@pytest.mark.parametrize(
    ("what", "body", "status", "code"),
    [
        ("late", {"minutes": 0}, 422, "wrong-lateness"),
        ("late", {"minutes": 61}, 422, "wrong-lateness"),
        ("late", {"minutes": "5"}, 400, "wrong-type"),
        ("did-not-happen", {"reason": "Ann was ill"}, 400, "wrong-type"),
        ("debrief", None, 409, "not-over-yet"),
        ("notes", {"text": "Ring 07700 900123"}, 422, "wrong-handover-note"),
        ("notes", {"text": ""}, 422, "wrong-handover-note"),
    ],
)
async def test_what_cannot_be_said_changes_nothing(
    chat: RunningChat, what: str, body: Any, status: int, code: str
) -> None:
    answer = await chat.node.web.post(address(chat, what), json=body, headers=chat.wren.bearer)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    told = await seen(chat)
    assert (told["state"], told["own_notes"], told["debriefed_at"]) == ("waiting", [], None)


async def test_what_did_not_happen_is_closed_and_may_still_begin(chat: RunningChat) -> None:
    before = await chat.node.web.get(f"/open/{chat.slug}.json")
    said = await chat.node.web.post(
        address(chat, "did-not-happen"), json={"reason": "technical"}, headers=chat.wren.bearer
    )
    after = await chat.node.web.get(f"/open/{chat.slug}.json")
    assert said.status_code == 204
    assert [len(each.json()["hours"]) for each in (before, after)] == [1, 0]
    assert (await seen(chat))["state"] == "missed"
    began = await chat.node.web.post(address(chat, "check-in"), headers=chat.robin.bearer)
    assert began.status_code == 200
    assert (await seen(chat))["state"] == "open"
    again = await chat.node.web.post(
        address(chat, "did-not-happen"), json={"reason": "technical"}, headers=chat.wren.bearer
    )
    assert (again.status_code, again.json()["code"]) == (409, "has-begun")


async def test_the_debrief_comes_after_the_session_for_each_alone(chat: RunningChat) -> None:
    await chat.node.web.post(address(chat, "check-in"), headers=chat.wren.bearer)
    await chat.node.web.delete(address(chat, "check-in"), headers=chat.wren.bearer)
    said = await chat.node.web.post(address(chat, "debrief"), headers=chat.wren.bearer)
    assert said.status_code == 204
    assert (await seen(chat))["debriefed_at"] is not None
    assert (await seen(chat, chat.robin))["debriefed_at"] is None


async def test_a_call_is_taken_by_who_is_asked(chat: RunningChat) -> None:
    await supervised(chat)
    made = await chat.node.web.post(address(chat, "calls"), headers=chat.wren.bearer)
    assert (made.status_code, made.json()["step"]) == (201, "supervisor")
    call = UUID(made.json()["id"])
    listed = await chat.node.web.get(f"{API}/calls", headers=chat.finch.bearer)
    assert [each["id"] for each in listed.json()["items"]] == [str(call)]
    others = await chat.node.web.get(f"{API}/calls", headers=chat.robin.bearer)
    assert others.json()["items"] == []
    refused = await chat.node.web.post(f"{API}/calls/{call}/answer", headers=chat.robin.bearer)
    assert (refused.status_code, refused.json()["code"]) == (404, "not-found")
    taken = await chat.node.web.post(f"{API}/calls/{call}/answer", headers=chat.finch.bearer)
    assert taken.status_code == 204
    [told] = (await seen(chat))["calls"]
    assert (told["id"], told["answered_by"]) == (str(call), "supervisor")


async def test_a_note_is_left_and_erased_by_who_wrote_it(chat: RunningChat) -> None:
    made = await chat.node.web.post(
        address(chat, "notes"), json={"text": "Tax came up often."}, headers=chat.wren.bearer
    )
    assert made.status_code == 201
    note = made.json()["id"]
    assert [each["text"] for each in (await seen(chat))["own_notes"]] == ["Tax came up often."]
    refused = await chat.node.web.delete(f"{API}/notes/{note}", headers=chat.robin.bearer)
    assert (refused.status_code, refused.json()["code"]) == (404, "not-found")
    erased = await chat.node.web.delete(f"{API}/notes/{note}", headers=chat.wren.bearer)
    assert erased.status_code == 204
    assert (await seen(chat))["own_notes"] == []


async def test_who_plans_a_pool_sets_what_its_people_need(chat: RunningChat) -> None:
    async with door(chat.node.engine) as session:
        now = current_time()
        await grant_role(session, OPERATOR, person_id=chat.finch.id, role="coordinator", now=now)
    details = f"{API}/pools/{chat.slug}/session-details"
    of_channel = f"{API}/pools/{chat.slug}/channels/live-chat/session-details"
    bearer = chat.finch.bearer
    kept = await chat.node.web.put(
        details, json={"meeting_link": LINK, "answer_minutes": 2}, headers=bearer
    )
    assert kept.status_code == 204
    kept = await chat.node.web.put(of_channel, json={"never_alone": True}, headers=bearer)
    assert kept.status_code == 204
    shown = (await chat.node.web.get(details, headers=bearer)).json()
    assert (shown["pool"]["meeting_link"], shown["pool"]["answer_minutes"]) == (LINK, 2)
    assert shown["channels"]["live-chat"]["never_alone"] is True
    wrong = await chat.node.web.put(
        address(chat, "session-details"), json={"meeting_link": "http://x.example"}, headers=bearer
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong-session-details")
    assert [reason["code"] for reason in wrong.json()["reasons"]] == ["wrong-link"]
    stranger = await chat.node.somebody("coordinator")
    for method, path in (("GET", details), ("PUT", details), ("PUT", of_channel)):
        body = {"meeting_link": "https://evil.example.org"} if method == "PUT" else None
        refused = await chat.node.web.request(method, path, headers=stranger.bearer, json=body)
        assert (refused.status_code, refused.json()["code"]) == (404, "not-found")
    worker = await chat.node.web.get(details, headers=chat.wren.bearer)
    assert (worker.status_code, worker.json()["code"]) == (403, "not-allowed")
    assert (await seen(chat))["meeting_link"] == LINK
