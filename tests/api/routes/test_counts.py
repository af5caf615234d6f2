"""What members of a pool have counted, as programs and pages show it."""

import re
from datetime import date
from html import unescape

import msgspec
import pytest

from api.parts import current_time
from database.session import door
from federation.pools.actions import join_pool
from rota.record_sharing.actions import publish_counts
from rota.record_sharing.queries import Due
from rota.record_sharing.rules.together import Sum, together
from rota.record_sharing.stated import StatedCell, StatedMonth, StatedTable, stated_month
from tests.api.conftest import Node, Somebody, form_token
from tests.api.evening import Evening, an_evening
from tests.canaries import found_in
from tests.rota.record_sharing.world import JANUARY, TOLD, count, tick
from tests.rota.world import SHARE

DECEMBER = date(2026, 12, 1)
CONTENT = msgspec.to_builtins(stated_month(40, TOLD))


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def told(evening: Evening, coordinator: Somebody, month: date = JANUARY) -> None:
    """Let a project's month be counted and published."""
    async with door(evening.node.engine) as session:
        now = current_time()
        await count(session, coordinator.project_id, evening.pool.id, month=month)
        await tick(session, coordinator.asker, evening.pool.id, now)
        due = Due(coordinator.project_id, evening.pool.id, month)
        await publish_counts(session, due, now)


async def another(evening: Evening) -> Somebody:
    """Let one more project take part."""
    coordinator = await evening.node.somebody("coordinator")
    async with door(evening.node.engine) as session:
        await join_pool(session, coordinator.asker, evening.pool.id, SHARE, current_time())
    return coordinator


async def test_counts_as_json(evening: Evening) -> None:
    web, path = evening.node.web, f"/api/v1/pools/{evening.pool.slug}/counts"
    other = await another(evening)
    await told(evening, evening.coordinator)
    answer = await web.get(
        path, params={"from": "2027-01-01", "until": "2027-02-01"}, headers=other.bearer
    )
    assert (answer.status_code, answer.json()["items"]) == (
        200,
        [{"month": "2027-01-01", "project": evening.project, "counts": CONTENT}],
    )
    before = {"from": "2026-01-01", "until": "2027-01-01"}
    assert (await web.get(path, params=before, headers=other.bearer)).json()["items"] == []
    wrong = {"from": "2027-01-01", "until": "2029-01-01"}
    refused = await web.get(path, params=wrong, headers=other.bearer)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid-request")


async def test_who_may_see_and_share(evening: Evening) -> None:
    web, path = evening.node.web, f"/api/v1/pools/{evening.pool.slug}/counts"
    await told(evening, evening.coordinator)
    stranger = await evening.node.somebody("coordinator")
    period = {"from": "2027-01-01", "until": "2027-02-01"}
    for who, status in ((evening.worker, 403), (stranger, 404)):
        answers = [
            await web.get(path, params=period, headers=who.bearer),
            await web.get(f"{path}/sharing", headers=who.bearer),
            await web.put(f"{path}/sharing", headers=who.bearer),
            await web.delete(f"{path}/sharing", headers=who.bearer),
        ]
        assert [answer.status_code for answer in answers] == [status] * 4
        async with evening.node.signed_in(who.id) as browser:
            pages = [await browser.get(f"/counts/{evening.pool.slug}{end}") for end in ("", ".csv")]
        assert [page.status_code for page in pages] == [status] * 2
        assert found_in("".join(page.text for page in pages), 7922) == []


async def test_sharing_is_off_until_it_is_ticked(evening: Evening) -> None:
    web, path = evening.node.web, f"/api/v1/pools/{evening.pool.slug}/counts/sharing"
    bearer = evening.coordinator.bearer
    shares = []
    for verb in (None, web.put, web.put, web.delete, web.delete):
        if verb is not None:
            assert (await verb(path, headers=bearer)).status_code == 204
        shares.append((await web.get(path, headers=bearer)).json()["first_month"] is not None)
    assert shares == [False, True, True, False, False]


async def test_the_page_shows_a_month_of_all_and_what_would_be_sent(evening: Evening) -> None:
    other = await another(evening)
    await told(evening, evening.coordinator)
    await told(evening, evening.coordinator, DECEMBER)
    await told(evening, other)
    path = f"/counts/{evening.pool.slug}"
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        page = (await browser.get(path)).text
        december = (await browser.get(f"{path}?month=2026-12")).text
        table = await browser.get(f"{path}.csv?month=2026-12")
        wrong = await browser.get(f"{path}?month=soon")
        ends = [await browser.get(f"{path}{form}?month=9999-12") for form in ("", ".csv")]
    assert [answer.status_code for answer in ends] == [400, 400]
    rows = [
        re.sub(r"<[^>]+>", "|", unescape(row)).strip("|")
        for row in re.findall(r"<tr>(.*?)</tr>", page)
    ]
    hidden = "fewer than 5, or hidden"
    assert f"Quayside Outreach||7922||{hidden}||0" in rows
    assert "All together||15844||at least 0||0" in rows
    assert "All together" not in december
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    lines = table.text.splitlines()
    assert lines[:4] == [
        "month,project,table,value,count",
        f"2026-12,{evening.project},sessions,recorded,40",
        f"2026-12,{evening.project},contacts,talked,7922",
        f"2026-12,{evening.project},contacts,turned-away,",
    ]
    assert wrong.status_code == 400


async def test_the_tick_stands_on_the_page(evening: Evening) -> None:
    path = f"/counts/{evening.pool.slug}"
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        seen = []
        for button in ("share", "stop", None):
            page = (await browser.get(path)).text
            seen.append("Nobody outside your project sees any of your counts." in page)
            if button:
                form = {"_csrf_token": await form_token(browser, path)}
                answer = await browser.post(f"{path}/{button}", data=form)
                assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert seen == [True, False, True]


def test_what_projects_add_up_to_is_known_from_what_was_published() -> None:
    def month(**counts: int | None) -> StatedMonth:
        cells = [StatedCell(value, number) for value, number in counts.items()]
        return StatedMonth(1, [StatedTable("topic", cells)])

    [found] = together({"a": month(tax=None, health=6), "b": month(tax=7, housing=0)})
    assert (found.values, found.rows) == (
        ["tax", "health", "housing"],
        {"a": {"tax": None, "health": 6}, "b": {"tax": 7, "housing": 0}},
    )
    assert found.sums == {
        "tax": Sum(7, at_least=True),
        "health": Sum(6, at_least=False),
        "housing": Sum(0, at_least=False),
    }
