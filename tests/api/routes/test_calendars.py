from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from database.session import door
from federation.access.rules import secret_hash
from federation.audit.models import AuditEntry
from rota.calendar.models import CalendarAddress
from tests.api.conftest import ADDRESS, Node, Somebody

PATH = "/api/v1/calendars"


async def made(node: Node, somebody: Somebody, **wanted: Any) -> dict[str, Any]:
    answer = await node.web.post(PATH, json={"label": "phone"} | wanted, headers=somebody.bearer)
    assert answer.status_code == 201
    body: dict[str, Any] = answer.json()
    return body


async def listed(node: Node, somebody: Somebody) -> list[dict[str, Any]]:
    answer = await node.web.get(PATH, headers=somebody.bearer)
    assert (answer.status_code, answer.json()["next"]) == (200, None)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def addresses(node: Node, somebody: Somebody) -> list[CalendarAddress]:
    own = select(CalendarAddress).where(CalendarAddress.person_id == somebody.id)
    async with door(node.engine) as session:
        return list(await session.scalars(own.order_by(CalendarAddress.id)))


async def test_address_is_shown_once_and_only_its_hash_is_kept(node: Node) -> None:
    ann = await node.somebody("worker")
    body = await made(node, ann, title="Yoga")
    (address,) = await addresses(node, ann)
    secret = body["url"].removeprefix(f"{ADDRESS}/calendar/").removesuffix(".ics")
    assert body == {
        "id": str(address.id),
        "label": "phone",
        "url": f"{ADDRESS}/calendar/{secret}.ics",
    }
    assert len(secret) == 43
    assert (address.person_id, address.label, address.title) == (ann.id, "phone", "Yoga")
    assert address.secret_hash == secret_hash(secret)
    assert await listed(node, ann) == [
        {
            "id": str(address.id),
            "label": "phone",
            "name": "Plan",
            "title": "Yoga",
            "shows": "rota",
            "pool": None,
            "level": "title",
            "alarm_minutes": None,
            "weeks": 6,
            "made_at": address.made_at.isoformat().replace("+00:00", "Z"),
            "last_used_on": None,
        }
    ]
    feed = await node.web.get(body["url"])
    assert (feed.status_code, feed.text[:15]) == (200, "BEGIN:VCALENDAR")


async def test_title_is_neutral_where_none_is_given(node: Node) -> None:
    ann = await node.somebody("worker")
    await made(node, ann, title=None)
    await made(node, ann)
    assert [address.title for address in await addresses(node, ann)] == ["Shift", "Shift"]


async def test_stopped_address_is_gone(node: Node) -> None:
    ann = await node.somebody("worker")
    first, second = await made(node, ann), await made(node, ann, label="laptop")
    answer = await node.web.delete(f"{PATH}/{first['id']}", headers=ann.bearer)
    assert (answer.status_code, answer.content) == (204, b"")
    assert [each["label"] for each in await listed(node, ann)] == ["laptop"]
    again = await node.web.delete(f"{PATH}/{first['id']}", headers=ann.bearer)
    assert (again.status_code, again.json()["code"]) == (404, "not-found")
    async with door(node.engine) as session:
        verbs = await session.execute(
            select(AuditEntry.verb, AuditEntry.subject_id).where(AuditEntry.actor == str(ann.id))
        )
    assert {tuple(each) for each in verbs} >= {
        ("calendar-address-made", UUID(first["id"])),
        ("calendar-address-made", UUID(second["id"])),
        ("calendar-address-revoked", UUID(first["id"])),
    }


@pytest.mark.parametrize("roles", [("worker",), ("coordinator",)])
async def test_addresses_of_others_are_not_there(node: Node, roles: tuple[str, ...]) -> None:
    ann = await node.somebody("worker")
    other = await node.somebody(*roles, project_id=ann.project_id)
    body = await made(node, ann)
    before = (await node.web.get(body["url"])).text
    assert await listed(node, other) == []
    refused = await node.web.delete(f"{PATH}/{body['id']}", headers=other.bearer)
    unknown = await node.web.delete(f"{PATH}/{uuid4()}", headers=other.bearer)
    assert (refused.status_code, refused.json()["code"]) == (404, "not-found")
    assert refused.json() == unknown.json()
    assert [each["id"] for each in await listed(node, ann)] == [body["id"]]
    assert (await node.web.get(body["url"])).text == before


async def test_token_that_may_only_read_makes_and_stops_nothing(node: Node) -> None:
    ann = await node.somebody("worker", scopes=("read",))
    refused = [
        await node.web.post(PATH, json={"label": "phone"}, headers=ann.bearer),
        await node.web.delete(f"{PATH}/{uuid4()}", headers=ann.bearer),
    ]
    assert [(each.status_code, each.json()["code"]) for each in refused] == [
        (403, "not-allowed"),
        (403, "not-allowed"),
    ]
    assert (await listed(node, ann), await addresses(node, ann)) == ([], [])


async def test_nobody_signed_in(node: Node) -> None:
    await made(node, await node.somebody("worker"))
    answers = [
        await node.web.get(PATH),
        await node.web.post(PATH, json={"label": "phone"}),
        await node.web.delete(f"{PATH}/{uuid4()}"),
    ]
    assert {(each.status_code, each.json()["code"]) for each in answers} == {
        (401, "sign-in-needed")
    }


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing-field"),
        ({"label": ""}, "invalid-request"),
        ({"label": "x" * 81}, "invalid-request"),
        ({"label": 7}, "wrong-type"),
        ({"label": "phone", "title": ""}, "invalid-request"),
        ({"label": "phone", "person": "x"}, "unknown-field"),
    ],
)
async def test_wrong_body_makes_nothing(node: Node, body: dict[str, Any], code: str) -> None:
    ann = await node.somebody("worker")
    answer = await node.web.post(PATH, json=body, headers=ann.bearer)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert await addresses(node, ann) == []


async def test_eleventh_address_is_refused(node: Node) -> None:
    ann = await node.somebody("worker")
    for number in range(10):
        await made(node, ann, label=f"device {number}")
    answer = await node.web.post(PATH, json={"label": "one more"}, headers=ann.bearer)
    assert (answer.status_code, answer.json()["code"]) == (409, "too-many-addresses")
    assert len(await listed(node, ann)) == 10


async def test_words_of_an_address_are_changed_one_by_one(node: Node) -> None:
    ann = await node.somebody("worker")
    body = await made(node, ann, title="Yoga", name="Diary", alarm_minutes=30)
    path = f"{PATH}/{body['id']}"
    before = (await listed(node, ann))[0]
    assert (before["name"], before["alarm_minutes"]) == ("Diary", 30)
    for changes in (
        {"title": "Class"},
        {"name": "Mine\u202e", "label": "tablet"},
        {"alarm_minutes": None},
        {"level": "busy", "weeks": 8},
        {},
    ):
        answer = await node.web.patch(path, json=changes, headers=ann.bearer)
        assert answer.status_code == 200
        before |= changes
        if "name" in changes:
            before["name"] = "Mine"
        assert answer.json() == before
    assert await listed(node, ann) == [before]
    async with door(node.engine) as session:
        verbs = await session.scalars(
            select(AuditEntry.verb).where(AuditEntry.subject_id == UUID(body["id"]))
        )
    # what changes nothing is no change
    assert sorted(verbs) == ["calendar-address-made"] + ["calendar-address-reworded"] * 4


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"weeks": 9}, 400, "invalid-request"),
        ({"level": "loud"}, 400, "wrong-type"),
        ({"shows": "pool"}, 400, "unknown-field"),
        ({"title": None}, 400, "wrong-type"),
        ({"alarm_minutes": 2000}, 400, "invalid-request"),
    ],
)
async def test_wrong_words_change_nothing(
    node: Node, changes: dict[str, Any], status: int, code: str
) -> None:
    ann = await node.somebody("worker")
    body = await made(node, ann)
    before = await listed(node, ann)
    answer = await node.web.patch(f"{PATH}/{body['id']}", json=changes, headers=ann.bearer)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await listed(node, ann) == before


async def test_a_reminder_is_for_own_shifts_only(node: Node) -> None:
    ann = await node.somebody("worker")
    body = await made(node, ann, shows="open-seats")
    answer = await node.web.patch(
        f"{PATH}/{body['id']}", json={"alarm_minutes": 5}, headers=ann.bearer
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "calendar-not-offered")
    assert [each["code"] for each in answer.json()["reasons"]] == ["alarm-not-offered"]


async def test_28_a_replaced_address_works_and_the_old_one_is_empty(node: Node) -> None:
    ann = await node.somebody("worker")
    body = await made(node, ann, title="Yoga", alarm_minutes=30)
    answer = await node.web.post(f"{PATH}/{body['id']}/rotations", headers=ann.bearer)
    assert answer.status_code == 201
    new = answer.json()
    assert new["url"] != body["url"]
    (kept,) = await listed(node, ann)
    assert (kept["id"], kept["title"], kept["alarm_minutes"]) == (new["id"], "Yoga", 30)
    assert [(await node.web.get(each["url"])).status_code for each in (body, new)] == [200, 200]
    again = await node.web.post(f"{PATH}/{body['id']}/rotations", headers=ann.bearer)
    assert (again.status_code, again.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize("roles", [("worker",), ("coordinator",)])
async def test_others_neither_reword_nor_replace_an_address(
    node: Node, roles: tuple[str, ...]
) -> None:
    ann = await node.somebody("worker")
    other = await node.somebody(*roles, project_id=ann.project_id)
    body = await made(node, ann, title="Yoga")
    path = f"{PATH}/{body['id']}"
    refused = [
        await node.web.patch(path, json={"title": "Mine"}, headers=other.bearer),
        await node.web.post(f"{path}/rotations", headers=other.bearer),
    ]
    assert [(each.status_code, each.json()["code"]) for each in refused] == [(404, "not-found")] * 2
    assert "Yoga" not in refused[0].text + refused[1].text
    assert [each["title"] for each in await listed(node, ann)] == ["Yoga"]


async def test_a_token_that_may_only_read_rewords_and_replaces_nothing(node: Node) -> None:
    ann = await node.somebody("worker", scopes=("read",))
    refused = [
        await node.web.patch(f"{PATH}/{uuid4()}", json={"title": "x"}, headers=ann.bearer),
        await node.web.post(f"{PATH}/{uuid4()}/rotations", headers=ann.bearer),
    ]
    assert [each.status_code for each in refused] == [403, 403]
