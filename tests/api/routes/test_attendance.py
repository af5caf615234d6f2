from uuid import UUID

import pytest
from sqlalchemy import func, select

from federation.audit.models import AuditEntry
from rota.attendance.models import CheckIn
from tests.api.conftest import Node
from tests.api.sessions import RunningChat, running_chat


@pytest.fixture
async def chat(node: Node) -> RunningChat:
    return await running_chat(node)


def address(shift: UUID) -> str:
    return f"/api/v1/shifts/{shift}/check-in"


async def audited(node: Node, shift: UUID) -> list[str]:
    async with node.engine.connect() as connection:
        rows = await connection.execute(
            select(AuditEntry.verb).where(AuditEntry.subject_id == shift).order_by(AuditEntry.id)
        )
        return [row.verb for row in rows]


async def test_a_session_is_open_from_its_check_in_until_it_is_closed(
    node: Node, chat: RunningChat
) -> None:
    before = await chat.public()
    began = await node.web.post(address(chat.shift), headers=chat.wren.bearer)
    opened = await chat.public()
    busy = await node.web.post(address(chat.shift), json={"busy": True}, headers=chat.robin.bearer)
    occupied = await chat.public()
    ended = await node.web.delete(address(chat.shift), headers=chat.robin.bearer)
    after = await chat.public()

    assert (began.status_code, began.json()["shift"], began.json()["busy"]) == (
        200,
        str(chat.shift),
        False,
    )
    # the first time stands, whoever says it again
    assert busy.json() == {**began.json(), "busy": True}
    assert (ended.status_code, ended.content) == (204, b"")
    assert [told["open"] for told in (before, opened, occupied, after)] == [
        False,
        True,
        True,
        False,
    ]
    assert [opened["busy"], occupied["busy"]] == [False, True]
    assert await audited(node, chat.shift) == ["checked-in", "checked-in", "ended-session"]


async def test_a_closed_session_may_begin_again(node: Node, chat: RunningChat) -> None:
    for method in ("POST", "DELETE", "POST"):
        answer = await node.web.request(method, address(chat.shift), headers=chat.wren.bearer)
        assert answer.status_code in {200, 204}
    assert (await chat.public())["open"] is True


async def test_nobody_else_begins_or_closes_it(node: Node, chat: RunningChat) -> None:
    stranger = await node.somebody("worker", "coordinator")
    began = await node.web.post(address(chat.shift), headers=chat.wren.bearer)
    for bearer, status, code in (
        (chat.finch.bearer, 404, "not-found"),
        (stranger.bearer, 404, "not-found"),
        ({}, 401, "sign-in-needed"),
    ):
        for method in ("POST", "DELETE"):
            answer = await node.web.request(method, address(chat.shift), headers=bearer)
            assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert began.status_code == 200
    assert (await chat.public())["open"] is True


async def test_closing_comes_after_beginning(node: Node, chat: RunningChat) -> None:
    answer = await node.web.delete(address(chat.shift), headers=chat.wren.bearer)
    assert (answer.status_code, answer.json()["code"]) == (409, "not-checked-in")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"busy": "yes"}', "wrong-type"),
        (b'{"busy": true, "at": "2027-01-05T19:00:00Z"}', "unknown-field"),
        (b"[]", "wrong-type"),
    ],
)
async def test_a_wrong_body_begins_nothing(
    node: Node, chat: RunningChat, body: bytes, code: str
) -> None:
    headers = {**chat.wren.bearer, "Content-Type": "application/json"}
    answer = await node.web.post(address(chat.shift), content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    async with node.engine.connect() as connection:
        counted = select(func.count()).where(CheckIn.shift_id == chat.shift)
        assert await connection.scalar(counted) == 0
