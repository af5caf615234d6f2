import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from sqlalchemy import event, update
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from api.parts import current_time
from api.public.cache import Asked, PublicAnswers
from database.session import door
from federation.people.actions import grant_role
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from rota.attendance.actions import check_in
from rota.calendar.actions import add_address
from rota.calendar.rules.wanted import Wording
from rota.shifts.announce import announce_shift
from rota.shifts.models import Shift
from tests.api.conftest import Node
from tests.api.evening import an_evening, coming
from tests.rota.example_rota import ExampleRota, example_rota
from tests.rota.strict_calendar import strictly_read

NOW = current_time()
LANGUAGES_OF_EVERY_PAGE = re.compile(
    r'<nav class="languages".*?</nav>|<link[^>]*hreflang[^>]*>', re.DOTALL
)
HOUR = timedelta(hours=1)
SOON = NOW.replace(minute=0, second=0, microsecond=0) + 2 * HOUR


@dataclass(frozen=True)
class Published:
    """A pool with a running session without check-in, two to come, and a time for messages."""

    node: Node
    slug: str
    holder: Asker
    running: UUID
    coming: UUID

    async def get(self, form: str, **headers: str) -> Any:
        return await self.node.web.get(f"/open/{self.slug}{form}", headers=headers)

    async def json(self) -> dict[str, Any]:
        found: dict[str, Any] = (await self.get(".json")).json()
        return found


async def furnish(rota: ExampleRota) -> tuple[Asker, UUID, UUID]:
    rota.pool.elsewhere = [
        {"name": "Helpline", "text": "Day and night", "address": "tel:+441130000000"},
        {"name": "<b>Walk-in</b>", "address": "javascript:alert(1)"},
        {"name": "Never", "hours": [{"weekday": 9, "starts": "09:00", "ends": "17:00"}]},
        {"wrong": True},
    ]
    speakers = [await rota.person("en", "ro" if number < 2 else "nl") for number in range(4)]
    running = await rota.shift(SOON - 3 * HOUR, 4, languages=("en", "ro"))
    coming = await rota.shift(SOON + 24 * HOUR, 2, theme="Health & rights")
    await rota.shift(SOON + 48 * HOUR, 2, is_open=False)
    await rota.shift(SOON + 26 * HOUR, 1, theme="Health & rights")
    await rota.shift(SOON + 5 * HOUR, 3, channel=rota.inbox)
    await rota.shift(SOON + 6 * HOUR, 3, channel=rota.forum)
    await rota.hold(running, speakers[0])
    assert speakers[0].person_id
    asker = Asker(speakers[0].person_id, rota.project.id, frozenset({"worker"}))
    return asker, running.id, coming.id


@pytest.fixture
async def published(node: Node) -> Published:
    async with door(node.engine) as session:
        rota = await example_rota(session, now=NOW)
        asker, running, coming = await furnish(rota)
        slug = rota.pool.slug
    return Published(node, slug, asker, running, coming)


async def test_json_says_what_the_contract_promises(published: Published) -> None:
    answer = await published.get(".json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    found = answer.json()
    assert list(found) == [
        "pool",
        "zone",
        "now",
        "next",
        "hours",
        "messages_answered_by",
        "elsewhere",
    ]
    assert (found["pool"], found["zone"]) == (published.slug, "Europe/London")
    assert found["now"] == {"open": False, "busy": False, "until": None, "channels": []}
    (hours,) = found["hours"]
    assert found["next"] == hours
    start, end = (datetime.fromisoformat(hours.pop(name)) for name in ("start", "end"))
    assert (start, end) == (SOON + 24 * HOUR, SOON + 27 * HOUR)
    assert hours == {
        "channel": "live-chat",
        "languages": ["en"],
        "theme": "Health & rights",
        "status": "confirmed",
    }
    assert datetime.fromisoformat(found["messages_answered_by"]) == SOON + 8 * HOUR
    assert found["elsewhere"] == [
        {"name": "Helpline", "text": "Day and night", "address": "tel:+441130000000"},
        {"name": "<b>Walk-in</b>", "text": "", "address": "javascript:alert(1)"},
    ]


async def test_check_in_opens_at_once_in_every_form(published: Published) -> None:
    before = await published.get(".json")
    async with door(published.node.engine) as session:
        await check_in(session, published.holder, published.running, current_time())
    found = await published.json()
    assert found["now"]["open"] is True
    assert found["now"]["channels"] == ["live-chat"]
    assert datetime.fromisoformat(found["now"]["until"]) == SOON + HOUR
    # two speak Romanian, and three would be needed to name it
    assert found["hours"][0]["languages"] == ["en"]
    assert "Open now" in (await published.get("")).text
    assert len(strictly_read((await published.get(".ics")).content)) == 2
    tagged = await published.get(".json", **{"If-None-Match": before.headers["etag"]})
    assert tagged.status_code == 200


async def test_drop_out_closes_hours_at_once(published: Published) -> None:
    assert len((await published.json())["hours"]) == 1
    async with door(published.node.engine) as session:
        await session.execute(update(Shift).where(Shift.id == published.coming).values(open=False))
        shift = await session.get_one(Shift, published.coming)
        await announce_shift(session, shift, current_time())
    (left,) = (await published.json())["hours"]
    assert datetime.fromisoformat(left["start"]) == SOON + 26 * HOUR


async def test_page_needs_no_script_and_names_the_zone(published: Published) -> None:
    answer = await published.get("")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    text = answer.text
    # one block of data for search engines, which no browser runs, and what follows changes
    ours = [f'<script src="/static/{name}.js" defer>' for name in ("live", "leave")]
    for known in ('<script type="application/ld+json">', *ours):
        text = text.replace(known, "", 1)
    assert "<script" not in text
    assert "All times are United Kingdom Time (Europe/London)." in text
    assert "Nobody is there at the moment" in text
    assert "Live chat, English. Theme: Health &amp; rights" in text
    assert "will be answered by" in text
    assert '<a href="tel:+441130000000"' in text
    assert "&lt;b&gt;Walk-in" in text
    assert 'href="javascript' not in text
    address = f"{published.node.settings.base_url}/open/{published.slug}"
    for way_on in (
        'href="https://www.wikipedia.org/" rel="noreferrer nofollow"',
        f'href="webcal://{address.partition("://")[2]}.ics"',
        f'href="mailto:?body={quote(address, safe="")}"',
        f"<code>{address}</code>",
    ):
        assert way_on in text


async def test_nothing_public_names_or_counts_people(published: Published) -> None:
    async with door(published.node.engine) as session:
        await check_in(session, published.holder, published.running, current_time())
    shown = [await published.get(form) for form in ("", ".json", ".ics")]
    denied = ["teal-", "Somebody", "Northern", "seat", "worker", "supervisor", "Romanian", '"ro"']
    denied += [str(published.holder.person_id), str(published.running), str(published.coming)]
    for answer in shown:
        told = LANGUAGES_OF_EVERY_PAGE.sub("", answer.text)
        assert [word for word in denied if word in told] == []


async def test_35_the_public_calendar_shares_no_uid_and_no_count_with_private_ones(
    published: Published,
) -> None:
    node, now = published.node, current_time()
    async with door(node.engine) as session:
        await grant_role(
            session,
            OPERATOR,
            person_id=published.holder.person_id,
            role="coordinator",
            now=now,
        )
        asker = replace(published.holder, roles=frozenset({"worker", "coordinator"}))
        own = await add_address(session, asker, Wording(), now)
        pool = await add_address(session, asker, Wording(), now, shows="pool", pool=published.slug)
    private = [
        strictly_read((await node.web.get(f"/calendar/{each.secret}.ics")).content)
        for each in (own, pool)
    ]
    assert all(private)
    public = strictly_read((await published.get(".ics")).content)
    assert public
    uids = {event["UID"] for events in private for event in events}
    assert uids.isdisjoint(event["UID"] for event in public)
    assert not any(re.search(r"\d/\d", event["SUMMARY"]) for event in public)
    assert {event["TRANSP"] for event in public} == {"TRANSPARENT"}


async def test_36_the_public_calendar_is_the_same_after_seats_were_exchanged(node: Node) -> None:
    evening = await an_evening(node)
    other, _ = await evening.colleague()
    (later,) = await evening.more_shifts([coming(96)])
    claims = []
    for who, shift in ((evening.worker, evening.shift), (other, later)):
        second, _ = await evening.colleague()
        supervisor, _ = await evening.colleague("supervisor")
        for each, role in ((who, "lead"), (second, "second"), (supervisor, "supervisor")):
            seat = f"/api/v1/seats/{shift.seats[role]}/claims"
            taken = await node.web.post(seat, headers=each.bearer)
            assert taken.json()["state"] == "held"
            claims.append(taken.json()["id"])
    path = f"/open/{evening.pool.slug}.ics"
    before = await node.web.get(path)
    assert len(strictly_read(before.content)) == 2
    offered = await node.web.post(
        f"/api/v1/claims/{claims[0]}/swaps", headers=evening.worker.bearer
    )
    accepted = await node.web.post(
        f"/api/v1/swaps/{offered.json()['id']}/acceptance",
        json={"gives": claims[3]},
        headers=other.bearer,
    )
    assert accepted.status_code == 201
    after = await node.web.get(path)
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])


@pytest.mark.parametrize("form", ["", ".json", ".ics"])
async def test_conditional_answer_head_and_no_cookie(published: Published, form: str) -> None:
    answer = await published.get(form)
    tagged = await published.get(form, **{"If-None-Match": answer.headers["etag"]})
    assert (tagged.status_code, tagged.content) == (304, b"")
    head = await published.node.web.head(f"/open/{published.slug}{form}")
    assert (head.status_code, head.content) == (200, b"")
    for each in (answer, tagged, head):
        assert each.headers["etag"] == answer.headers["etag"]
        assert each.headers["cache-control"] == "public, no-cache"
        assert "set-cookie" not in each.headers


@pytest.mark.parametrize("form", ["", ".json", ".ics", ".xml"])
async def test_unknown_pool_is_404(node: Node, form: str) -> None:
    assert (await node.web.get(f"/open/no-such-pool{form}")).status_code == 404


async def test_calendar_stays_the_same_when_a_worker_swaps(published: Published) -> None:
    before = await published.get(".ics")
    async with door(published.node.engine) as session:
        # as a swap does: the seat has another holder, the shift stays open
        shift = await session.get_one(Shift, published.coming)
        await announce_shift(session, shift, current_time())
    after = await published.get(".ics", **{"If-None-Match": before.headers["etag"]})
    assert (after.status_code, before.headers["content-type"]) == (
        304,
        "text/calendar; charset=utf-8",
    )


async def test_widget_is_one_small_script_that_others_may_load(node: Node) -> None:
    answer = await node.web.get("/widget.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert len(answer.content) < 6000
    for word in ("data-pool", ".json", "attachShadow"):
        assert word in answer.text
    for word in ("innerHTML", "eval", "cookie", "localStorage", ".style"):
        assert word not in answer.text
    tag = answer.headers["etag"]
    assert (await node.web.get("/widget.js", headers={"If-None-Match": tag})).status_code == 304


@pytest.fixture
async def other_process(node: Node) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(
        node.settings.database_url, json_deserializer=json.loads, pool_size=1
    )
    yield engine
    await engine.dispose()


async def test_ready_answer_costs_one_look_up_and_no_query(published: Published) -> None:
    await published.get(".json")
    statements: list[str] = []

    def note(*facts: object) -> None:
        statements.append(str(facts[2]))

    engine = published.node.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    minute = current_time().minute
    await published.get(".json")
    event.remove(engine, "before_cursor_execute", note)
    assert statements == [] or current_time().minute != minute


async def test_what_another_process_changes_shows_at_once(
    published: Published, other_process: AsyncEngine
) -> None:
    theirs = PublicAnswers(other_process, published.node.settings)
    first = await theirs.get(Asked(published.slug, ".json", None, "en"), NOW)
    assert (await published.get(".json")).status_code == 200
    async with other_process.begin() as connection:
        await connection.execute(
            update(Shift).where(Shift.id == published.coming).values(theme="Tax")
        )
        await connection.execute(
            update(Pool).where(Pool.slug == published.slug).values(revision=Pool.revision + 1)
        )
    themes = [each["theme"] for each in (await published.json())["hours"]]
    assert "Tax" in themes
    second = await theirs.get(Asked(published.slug, ".json", None, "en"), NOW)
    assert second.revision == first.revision + 1
