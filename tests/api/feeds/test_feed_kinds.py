"""The feeds of seats to take and of a pool over HTTP: who may have one, and when it stops.

Numbers are those of the checks in the reference for calendars.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import event, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from api.parts import current_time
from database.session import door
from federation.access.rules import secret_hash
from federation.audit.models import AuditEntry
from federation.people.actions import let_go, take_role
from federation.people.rules import OPERATOR
from federation.pools.models import PoolMember
from rota.calendar.models import CalendarAddress
from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening, coming
from tests.api.feeds.test_personal_feed import HEADERS, NEVER
from tests.rota.calendar_parsers import read_alike
from tests.rota.strict_calendar import strictly_read

CALENDARS = "/api/v1/calendars"


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def asked(node: Node, somebody: Somebody, **wanted: Any) -> Response:
    return await node.web.post(CALENDARS, json={"label": "Phone"} | wanted, headers=somebody.bearer)


async def path_of(node: Node, somebody: Somebody, **wanted: Any) -> str:
    answer = await asked(node, somebody, **wanted)
    assert answer.status_code == 201
    return str(answer.json()["url"]).removeprefix("https://north.test")


async def of_every_kind(evening: Evening) -> dict[str, str]:
    node = evening.node
    await node.web.post(f"/api/v1/seats/{evening.shift.lead}/claims", headers=evening.worker.bearer)
    colleague, _ = await evening.colleague()
    return {
        "rota": await path_of(node, evening.worker),
        "open-seats": await path_of(node, colleague, shows="open-seats"),
        "pool": await path_of(node, evening.coordinator, shows="pool", pool=evening.pool.slug),
    }


@contextmanager
def statements(engine: AsyncEngine) -> Iterator[list[str]]:
    found: list[str] = []

    def note(*facts: Any) -> None:
        found.append(str(facts[2]))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield found
    event.remove(engine.sync_engine, "before_cursor_execute", note)


async def test_1_18_to_25_every_kind_is_a_calendar_with_the_headers_that_protect(
    evening: Evening,
) -> None:
    for path in (await of_every_kind(evening)).values():
        answer = await evening.node.web.get(path)
        assert answer.status_code == 200
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert [name for name in NEVER if name in answer.headers] == []
        assert len(read_alike(answer.content)) == 1
        again = await evening.node.web.get(path)
        assert (again.content, again.headers["etag"]) == (answer.content, answer.headers["etag"])
        held = {"If-None-Match": answer.headers["etag"]}
        for ask in (evening.node.web.get, evening.node.web.head):
            unchanged = await ask(path, headers=held)
            assert (unchanged.status_code, unchanged.content) == (304, b"")
        head = await evening.node.web.head(path)
        assert head.headers["content-length"] == str(len(answer.content))
        assert head.headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize("encoding", [None, "gzip", "gzip, deflate, br", "identity"])
async def test_22_nothing_is_compressed(evening: Evening, encoding: str | None) -> None:
    headers = {"Accept-Encoding": encoding} if encoding else {}
    for path in (await of_every_kind(evening)).values():
        answer = await evening.node.web.get(path, headers=headers)
        assert "content-encoding" not in answer.headers
        assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")


async def test_24_no_cookie_for_somebody_who_is_signed_in_and_none_is_needed(
    evening: Evening,
) -> None:
    path = await path_of(evening.node, evening.worker)
    async with evening.node.signed_in(evening.worker.id) as browser:
        answer = await browser.get(path, headers={"Origin": "https://elsewhere.test"})
    assert answer.status_code == 200
    assert [name for name in NEVER if name in answer.headers] == []


async def test_26_robots_are_told_nothing_about_feeds(node: Node) -> None:
    answer = await node.web.get("/robots.txt")
    assert (answer.status_code, b"calendar" in answer.content) == (404, False)


async def test_27_an_unknown_address_costs_the_same_single_look_up(evening: Evening) -> None:
    node, path = evening.node, await path_of(evening.node, evening.worker)
    await node.web.get(path)
    looked_up: list[list[str]] = []
    for each in (path, "/calendar/unknown.ics", "/calendar/" + "A" * 43 + ".ics"):
        with statements(node.engine) as made:
            answer = await node.web.get(each)
        looked_up.append(made)
        if each != path:
            assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
            assert answer.json()["code"] == "not-found"
    # the look-up goes past SQLAlchemy, so that it counts none of its own
    assert looked_up == [[], [], []]


async def test_31_words_that_would_tell_are_in_no_feed_no_header_and_no_address(
    evening: Evening,
) -> None:
    denied = ["netreach", "evening", evening.pool.slug, "live-chat", "live chat", "quayside"]
    denied += ["health", "outreach", "north", "lead", evening.handle.lower(), "zuleika"]
    denied += [evening.project, "ann example", "supervisor", "worker", str(evening.worker.id)]
    for path in (await of_every_kind(evening)).values():
        answer = await evening.node.web.get(path)
        lines = [f"{name}: {value}" for name, value in answer.headers.items()]
        said = answer.text.replace("X-WR-CALNAME", "") + "\n".join(lines)
        found = [word for word in denied if word in (path + said).lower()]
        assert found == []


async def test_33_busy_is_kept_by_every_kind(evening: Evening) -> None:
    node = evening.node
    for who, wanted in (
        (evening.worker, {"shows": "open-seats"}),
        (evening.coordinator, {"shows": "pool", "pool": evening.pool.slug}),
    ):
        path = await path_of(node, who, level="busy", title="Secret", name="Diary", **wanted)
        answer = await node.web.get(path)
        (shown,) = strictly_read(answer.content)
        assert "SUMMARY" not in shown
        assert b"Secret" not in answer.content
        assert b"NAME:Diary\r\n" in answer.content


@pytest.mark.parametrize(
    ("role", "wanted", "status", "code"),
    [
        ("worker", {"shows": "pool", "pool": "theirs"}, 403, "not-allowed"),
        ("coordinator", {"shows": "open-seats"}, 403, "not-allowed"),
        ("coordinator", {"shows": "pool", "pool": "theirs"}, 404, "not-found"),
        ("coordinator", {"shows": "pool", "pool": "unknown"}, 404, "not-found"),
        ("coordinator", {"shows": "pool"}, 422, "calendar-not-offered"),
        ("worker", {"pool": "theirs"}, 422, "calendar-not-offered"),
        ("worker", {"shows": "open-seats", "alarm_minutes": 5}, 422, "calendar-not-offered"),
    ],
)
async def test_who_may_not_have_which_calendar(
    evening: Evening, role: str, wanted: dict[str, Any], status: int, code: str
) -> None:
    if wanted.get("pool") == "theirs":
        wanted = wanted | {"pool": evening.pool.slug}
    stranger = await evening.node.somebody(role)
    answer = await asked(evening.node, stranger, **wanted)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    listed = await evening.node.web.get(CALENDARS, headers=stranger.bearer)
    assert listed.json()["items"] == []
    assert evening.pool.slug not in answer.text


async def lapsed(node: Node, path: str) -> list[Any]:
    """Read an address that should have stopped; gives what the audit says of it."""
    for _ in range(2):
        answer = await node.web.get(path)
        assert (answer.status_code, strictly_read(answer.content)) == (200, [])
        assert b"NAME:Plan\r\n" in answer.content
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    async with door(node.engine) as session:
        row = (
            await session.execute(
                select(CalendarAddress.id, CalendarAddress.revoked_at, CalendarAddress.body).where(
                    CalendarAddress.secret_hash == secret_hash(secret)
                )
            )
        ).one()
        assert row.revoked_at is not None
        assert row.body == b""
        verbs = await session.scalars(
            select(AuditEntry.verb)
            .where(AuditEntry.subject_id == row.id, AuditEntry.actor == "system")
            .order_by(AuditEntry.at)
        )
        return list(verbs)


MANY_SHIFTS = text(
    "INSERT INTO shift SELECT (jsonb_populate_record(one, jsonb_build_object("
    "'id', gen_random_uuid(), 'starts', one.starts + n * interval '10 minutes', "
    "'ends', one.ends + n * interval '10 minutes'))).* "
    "FROM shift AS one, generate_series(1, 3999) AS n WHERE one.id = :shift"
)
THEIR_SEATS = text(
    "INSERT INTO seat SELECT (jsonb_populate_record(one, jsonb_build_object("
    "'id', gen_random_uuid(), 'shift_id', shift.id))).* "
    "FROM seat AS one, shift WHERE one.id = :seat AND shift.id <> one.shift_id"
)


async def test_a_pool_of_four_thousand_sessions_has_a_calendar(evening: Evening) -> None:
    """More than fit into the arguments of one statement."""
    async with door(evening.node.engine) as session:
        await session.execute(MANY_SHIFTS, {"shift": evening.shift.id})
        await session.execute(THEIR_SEATS, {"seat": evening.shift.lead})
    pool = evening.pool.slug
    path = await path_of(evening.node, evening.coordinator, shows="pool", pool=pool)
    answer = await evening.node.web.get(path)
    assert answer.status_code == 200
    assert answer.content.count(b"BEGIN:VEVENT") == 4000


async def test_a_coordinator_who_is_none_any_more_reads_no_pool(evening: Evening) -> None:
    node, who = evening.node, evening.coordinator
    path = await path_of(node, who, shows="pool", pool=evening.pool.slug)
    assert len(strictly_read((await node.web.get(path)).content)) == 1
    async with door(node.engine) as session:
        await take_role(session, OPERATOR, person_id=who.id, role="coordinator", now=current_time())
    assert await lapsed(node, path) == ["calendar-address-lapsed"]


async def test_a_project_that_left_the_pool_reads_it_no_more(evening: Evening) -> None:
    node, who = evening.node, evening.coordinator
    path = await path_of(node, who, shows="pool", pool=evening.pool.slug)
    await node.web.get(path)
    async with door(node.engine) as session:
        members = PoolMember.pool_id == evening.pool.id
        row = (await session.scalars(select(PoolMember).where(members))).one()
        await session.delete(row)
    assert await lapsed(node, path) == ["calendar-address-lapsed"]


async def test_29_a_leaver_reads_no_seats_even_before_addresses_are_stopped(
    evening: Evening,
) -> None:
    node, who = evening.node, evening.worker
    path = await path_of(node, who, shows="open-seats")
    assert len(strictly_read((await node.web.get(path)).content)) == 1
    async with door(node.engine) as session:
        await let_go(session, OPERATOR, person_id=who.id, now=current_time())
    assert await lapsed(node, path) == ["calendar-address-lapsed"]


async def test_28_replaced_addresses_of_every_kind_keep_uids_and_empty_the_old(
    evening: Evening,
) -> None:
    node = evening.node
    who = evening.coordinator
    made = (
        await asked(node, who, shows="pool", pool=evening.pool.slug, title="Team", level="title")
    ).json()
    before = await node.web.get(made["url"])
    rotated = await node.web.post(f"{CALENDARS}/{made['id']}/rotations", headers=who.bearer)
    assert rotated.status_code == 201
    new = rotated.json()
    assert new["url"] != made["url"]
    assert (await node.web.get(new["url"])).content == before.content
    assert strictly_read((await node.web.get(made["url"])).content) == []
    (listed,) = (await node.web.get(CALENDARS, headers=who.bearer)).json()["items"]
    assert (listed["id"], listed["pool"], listed["title"]) == (
        new["id"],
        evening.pool.slug,
        "Team",
    )
    async with door(node.engine) as session:
        await session.execute(
            update(CalendarAddress)
            .where(CalendarAddress.id == made["id"])
            .values(revoked_at=current_time() - timedelta(days=61))
        )
    gone = await node.web.get(made["url"])
    assert (gone.status_code, gone.headers["cache-control"]) == (410, "no-store")


MOST_STATEMENTS = {"rota": 5, "open-seats": 12, "pool": 6}


@pytest.mark.parametrize("kind", MOST_STATEMENTS)
async def test_writing_takes_as_many_statements_however_many_shifts(
    evening: Evening, kind: str
) -> None:
    node = evening.node
    path = (await of_every_kind(evening))[kind]
    written = []
    for begins, more in ((0, 1), (1, 3), (4, 40)):
        starts = [coming(60 + 12 * number) for number in range(begins, begins + more)]
        for shift in await evening.more_shifts(starts):
            if kind == "rota":
                seat = f"/api/v1/seats/{shift.lead}/claims"
                await node.web.post(seat, headers=evening.worker.bearer)
        with statements(node.engine) as made:
            assert (await node.web.get(path)).status_code == 200
        used = "UPDATE calendar_address SET last_used_on"
        written.append(len([each for each in made if not each.startswith(used)]))
    assert written[0] == written[1] == written[2] <= MOST_STATEMENTS[kind]
    with statements(node.engine) as again:
        assert (await node.web.get(path)).status_code == 200
    assert again == []


async def test_38_a_fault_is_5xx_and_never_half_a_calendar(fresh_node: Node) -> None:
    evening = await an_evening(fresh_node)
    path = await path_of(fresh_node, evening.worker)
    read = await fresh_node.web.get(path)
    held = {"If-None-Match": read.headers["etag"]}
    await fresh_node.web.post(
        f"/api/v1/seats/{evening.shift.lead}/claims", headers=evening.worker.bearer
    )
    async with fresh_node.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE calendar_entry RENAME TO calendar_entry_gone"))
    for headers in ({}, held, {"Accept": "text/html"}):
        answer = await fresh_node.web.get(path, headers=headers)
        assert answer.status_code == 500
        assert b"VCALENDAR" not in answer.content
        assert "text/calendar" not in answer.headers["content-type"]
    async with fresh_node.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE calendar_entry_gone RENAME TO calendar_entry"))
    answer = await fresh_node.web.get(path, headers=held)
    assert (answer.status_code, len(strictly_read(answer.content))) == (200, 1)
