from typing import Any

import pytest

from tests.api.conftest import Node
from tests.api.notices.browsers import Browser

BASE = "/api/v1/me/notices"
WHEN = {
    "rhythm": "daily",
    "quiet_from": "23:00",
    "quiet_until": "06:30",
    "urgent_breaks_quiet": True,
    "digest_at": "08:00",
    "digest_weekday": 2,
}
NOWHERE = {"language": None, "zone": "Nowhere", "reminders": False}
UNCHOSEN = {
    "rhythm": "at-once",
    "quiet_from": "22:00",
    "quiet_until": "07:00",
    "urgent_breaks_quiet": False,
    "digest_at": "09:00",
    "digest_weekday": 0,
}


async def shown(node: Node, bearer: dict[str, str]) -> dict[str, Any]:
    answer = await node.web.get(BASE, headers=bearer)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def test_what_is_chosen_is_shown(node: Node) -> None:
    person = await node.somebody("worker", languages=("pt", "nl"))
    before = await shown(node, person.bearer)
    push_key = before.pop("push_key")
    assert len(push_key) == 87
    assert before == {
        "words": {"language": None, "zone": None, "reminders": False, "reminder_at": "18:00"},
        "spoken_in": "nl",
        "clock": "Europe/London",
        "mail": {"address": None, "to_confirm": None, "refused_at": None},
        "mail_is_sent": False,
        "devices": [],
        "when": {"email": UNCHOSEN, "push": UNCHOSEN},
    }
    words = {"language": "en", "zone": "Europe/Bucharest", "reminders": True}
    browser = Browser("https://push.example/abc")
    for method, path, body in (
        ("PUT", "/when/email", WHEN),
        ("PUT", "/words", words),
        ("PUT", "/address", {"address": "me@mailbox.example"}),
        ("POST", "/devices", {"label": "Phone"} | browser.told()),
    ):
        answer = await node.web.request(method, BASE + path, json=body, headers=person.bearer)
        assert answer.is_success, (path, answer.text)
    after = await shown(node, person.bearer)
    (device,) = after.pop("devices")
    assert device.keys() == {"id", "label", "made_at"}
    assert after == {
        "words": words | {"reminder_at": "18:00"},
        "spoken_in": "en",
        "clock": "Europe/Bucharest",
        "mail": {"address": None, "to_confirm": "me@mailbox.example", "refused_at": None},
        "mail_is_sent": False,
        "push_key": push_key,
        "when": {"email": WHEN, "push": UNCHOSEN},
    }
    stranger = await node.somebody("coordinator", project_id=person.project_id)
    path = f"{BASE}/devices/{device['id']}"
    assert (await node.web.delete(path, headers=stranger.bearer)).status_code == 404
    assert (await shown(node, stranger.bearer))["mail"]["to_confirm"] is None
    assert (await node.web.delete(path, headers=person.bearer)).status_code == 204
    assert (await node.web.delete(f"{BASE}/address", headers=person.bearer)).status_code == 204
    erased = await shown(node, person.bearer)
    assert (erased["devices"], erased["mail"]["to_confirm"]) == ([], None)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("PUT", "/when/email", WHEN | {"rhythm": "hourly"}, 400, "wrong-type"),
        ("PUT", "/when/email", WHEN | {"quiet_from": "24:00"}, 400, "invalid-request"),
        ("PUT", "/when/email", WHEN | {"more": 1}, 400, "unknown-field"),
        ("PUT", "/when/pigeon", WHEN, 400, "wrong-type"),
        (
            "PUT",
            "/words",
            {"language": None, "zone": "Nowhere", "reminders": False},
            422,
            "not-a-choice",
        ),
        ("PUT", "/address", {"address": "nobody at all"}, 422, "not-an-address"),
        ("PUT", "/address", {"address": "a@b.example\r\nBcc: x@y.example"}, 422, "not-an-address"),
        ("DELETE", "/devices/00000000-0000-7000-8000-000000000000", None, 404, "not-found"),
    ],
)
async def test_refusals(
    node: Node, method: str, path: str, body: dict[str, Any] | None, status: int, code: str
) -> None:
    person = await node.somebody("worker")
    answer = await node.web.request(method, BASE + path, json=body, headers=person.bearer)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "http://push.example/abc"},
        {"endpoint": "https://me@push.example/abc"},
        {"endpoint": "ftp://push.example/abc"},
        {"endpoint": "https:///abc"},
        {"endpoint": "https://[push.example/abc"},
        {"endpoint": "https://push.example:99999/abc"},
        {"endpoint": "https://push.example/" + "a" * 980},
        {"keys": {"p256dh": "BAAA", "auth": "AAAAAAAAAAAAAAAAAAAAAA"}},
        {"keys": {"p256dh": "B" + "A" * 86, "auth": "AAAAAAAAAAAAAAAAAAAAAA"}},
        {"keys": Browser("https://push.example/x").keys() | {"auth": "AAAA"}},
    ],
)
async def test_what_cannot_be_pushed_to_is_refused(node: Node, change: dict[str, Any]) -> None:
    person = await node.somebody("worker")
    body = {"label": "Phone"} | Browser("https://push.example/abc").told() | change
    answer = await node.web.post(f"{BASE}/devices", json=body, headers=person.bearer)
    assert (answer.status_code, answer.json()["code"]) == (422, "not-a-push-address")


async def test_a_token_that_may_only_read_changes_nothing(node: Node) -> None:
    person = await node.somebody("worker", scopes=("read",))
    answer = await node.web.put(f"{BASE}/when/email", json=WHEN, headers=person.bearer)
    assert answer.status_code == 403
    assert (await shown(node, person.bearer))["when"]["email"] == UNCHOSEN


async def test_nobody_can_use_us_to_fill_a_mailbox(node: Node) -> None:
    person = await node.somebody("worker")
    statuses = [
        (
            await node.web.put(
                f"{BASE}/address", json={"address": f"n{n}@mailbox.example"}, headers=person.bearer
            )
        ).status_code
        for n in range(6)
    ]
    assert statuses == [204] * 5 + [429]


async def test_there_are_at_most_ten_devices(node: Node) -> None:
    person = await node.somebody("worker")
    statuses = [
        (
            await node.web.post(
                f"{BASE}/devices",
                json={"label": "Phone"} | Browser(f"https://push.example/{person.id}/{n}").told(),
                headers=person.bearer,
            )
        ).status_code
        for n in range(11)
    ]
    assert statuses == [201] * 10 + [422]


async def test_a_browser_that_changes_hands_rings_for_its_new_owner_alone(node: Node) -> None:
    first, second = await node.somebody("worker"), await node.somebody("worker")
    body = {"label": "Shared"} | Browser(f"https://push.example/{first.id}").told()
    for person in (first, second):
        answer = await node.web.post(f"{BASE}/devices", json=body, headers=person.bearer)
        assert answer.status_code == 201
    assert (await shown(node, first.bearer))["devices"] == []
    assert len((await shown(node, second.bearer))["devices"]) == 1
