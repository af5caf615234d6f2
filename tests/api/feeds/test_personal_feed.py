from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from api.parts import current_time
from database.session import door
from federation.access.rules import secret_hash
from rota.calendar.actions import calendar_changed, make_address, revoke_address, rotate_address
from rota.calendar.models import CalendarAddress
from tests.api.conftest import Node
from tests.rota.example_rota import example_rota
from tests.rota.strict_calendar import strictly_read

HEADERS = {
    "content-type": "text/calendar; charset=utf-8",
    "cache-control": "private, no-cache",
    "x-robots-tag": "noindex, nofollow",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
NEVER = ("set-cookie", "access-control-allow-origin", "location", "content-encoding", "vary")


@dataclass(frozen=True)
class Subscribed:
    """Somebody with one held seat and one address."""

    node: Node
    person_id: UUID
    address_id: UUID
    secret: str

    @property
    def path(self) -> str:
        return f"/calendar/{self.secret}.ics"


async def subscribe(node: Node, seats: int = 1) -> Subscribed:
    now = current_time()
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    async with door(node.engine) as session:
        rota = await example_rota(session, now=now)
        worker = await rota.person("en")
        assert worker.person_id
        for number in range(seats):
            shift = await rota.shift(start + timedelta(hours=3 * number))
            await rota.hold(shift, worker)
        secret = await make_address(session, worker.person_id, "Phone", "Tură", now)
        address_id = await session.scalar(
            select(CalendarAddress.id).where(CalendarAddress.secret_hash == secret_hash(secret))
        )
        assert address_id
    return Subscribed(node, worker.person_id, address_id, secret)


@pytest.fixture
async def subscribed(node: Node) -> Subscribed:
    return await subscribe(node)


async def test_answer_is_a_calendar_with_the_headers_that_protect(subscribed: Subscribed) -> None:
    answer = await subscribed.node.web.get(subscribed.path)
    assert answer.status_code == 200
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert [name for name in NEVER if name in answer.headers] == []
    (event,) = strictly_read(answer.content)
    assert event["SUMMARY"] == "Tură"


@pytest.mark.parametrize("accept", [None, "text/html", "*/*", "application/json"])
async def test_whatever_is_accepted_a_calendar_comes(
    subscribed: Subscribed, accept: str | None
) -> None:
    headers = {"Accept": accept} if accept else {}
    answer = await subscribed.node.web.get(subscribed.path, headers=headers)
    assert answer.headers["content-type"] == HEADERS["content-type"]
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")


async def test_if_none_match_gives_304_and_nothing(subscribed: Subscribed) -> None:
    web = subscribed.node.web
    tag = (await web.get(subscribed.path)).headers["etag"]
    for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = await web.get(subscribed.path, headers={"If-None-Match": sent})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        assert answer.headers["cache-control"] == HEADERS["cache-control"]
    assert (await web.get(subscribed.path, headers={"If-None-Match": '"x"'})).status_code == 200


async def test_head_equals_get(subscribed: Subscribed) -> None:
    web = subscribed.node.web
    got, head = await web.get(subscribed.path), await web.head(subscribed.path)
    kept = [*HEADERS, "etag", "content-length"]
    assert (head.status_code, head.content) == (200, b"")
    assert [head.headers[name] for name in kept] == [got.headers[name] for name in kept]
    tagged = {"If-None-Match": got.headers["etag"]}
    assert (await web.head(subscribed.path, headers=tagged)).status_code == 304


async def test_edit_changes_the_etag_and_no_edit_does_not(subscribed: Subscribed) -> None:
    web = subscribed.node.web
    before = await web.get(subscribed.path)
    async with door(subscribed.node.engine) as session:
        await calendar_changed(session, subscribed.person_id, current_time())
    again = await web.get(subscribed.path)
    assert (again.content, again.headers["etag"]) == (before.content, before.headers["etag"])
    async with door(subscribed.node.engine) as session:
        rota = await example_rota(session, now=current_time())
        handle = await rota.person("en")
        handle.person_id = subscribed.person_id
        await rota.hold(await rota.shift(current_time() + timedelta(days=9)), handle)
        await calendar_changed(session, subscribed.person_id, current_time())
    after = await web.get(subscribed.path, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.headers["etag"] != before.headers["etag"]
    assert len(strictly_read(after.content)) == 2


@pytest.mark.parametrize("name", ["x.ics", "x", ".ics", "A" * 3000 + ".ics", "%F0%9F%8C%99.ics"])
async def test_unknown_address_is_404_and_kept_by_nobody(node: Node, name: str) -> None:
    answer = await node.web.get(f"/calendar/{name}")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not-found"


async def test_rotated_address_new_works_old_is_emptied_then_gone(subscribed: Subscribed) -> None:
    web, engine, now = subscribed.node.web, subscribed.node.engine, current_time()
    before = await web.get(subscribed.path)
    async with door(engine) as session:
        new = await rotate_address(session, subscribed.person_id, subscribed.address_id, now)
    fresh = await web.get(f"/calendar/{new.secret}.ics")
    assert (fresh.status_code, fresh.content) == (200, before.content)
    old = await web.get(subscribed.path, headers={"If-None-Match": before.headers["etag"]})
    assert (old.status_code, strictly_read(old.content)) == (200, [])
    assert b"NAME:Plan\r\n" in old.content
    assert {name: old.headers[name] for name in HEADERS} == HEADERS
    kept = {"If-None-Match": old.headers["etag"]}
    assert (await web.get(subscribed.path, headers=kept)).status_code == 304
    async with door(engine) as session:
        await session.execute(
            update(CalendarAddress)
            .where(CalendarAddress.id == subscribed.address_id)
            .values(revoked_at=now - timedelta(days=61))
        )
    gone = await web.get(subscribed.path, headers=kept)
    assert (gone.status_code, gone.json()["code"]) == (410, "calendar-revoked")


async def test_revoked_address_stops_with_the_next_request(subscribed: Subscribed) -> None:
    web = subscribed.node.web
    assert len(strictly_read((await web.get(subscribed.path)).content)) == 1
    async with door(subscribed.node.engine) as session:
        await revoke_address(session, subscribed.person_id, subscribed.address_id, current_time())
    assert strictly_read((await web.get(subscribed.path)).content) == []


async def test_use_is_noted_once_a_day(subscribed: Subscribed) -> None:
    for _ in range(2):
        await subscribed.node.web.get(subscribed.path)
    async with door(subscribed.node.engine) as session:
        used = await session.scalar(
            select(CalendarAddress.last_used_on).where(CalendarAddress.id == subscribed.address_id)
        )
    assert used == datetime.now(UTC).date()  # noqa: TID251 -- beside the application's clock


async def test_30_secret_is_in_no_log_and_no_metric(
    subscribed: Subscribed, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    web = subscribed.node.web
    for path in (subscribed.path, f"/calendar/{subscribed.secret}", f"{subscribed.path}/x"):
        await web.get(path)
    metrics = await web.get("/metrics")
    shown = "".join([*capsys.readouterr(), caplog.text, metrics.text])
    assert subscribed.secret not in shown


async def test_long_rota_is_answered_whole(node: Node) -> None:
    many = await subscribe(node, seats=120)
    answer = await node.web.get(many.path)
    assert len(strictly_read(answer.content)) == 120
    assert answer.headers["content-length"] == str(len(answer.content))
