"""Recurring sessions and single shifts on a coordinator's pages, without JavaScript."""

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from html import unescape

import pytest
from httpx2 import AsyncClient, Response
from sqlalchemy import select

from api.parts import current_time
from database.session import door
from federation.pools.models import Channel
from rota.shifts.models import Shift, ShiftPattern
from rota.sign_up.actions import claim_seat
from tests.api.conftest import Node, form_token
from tests.api.evening import Evening, an_evening
from tests.api.routes.test_leave_and_patterns import last_sunday_of_march, set_down

TODAY = current_time().date()
MONDAY = TODAY + timedelta(days=7 - TODAY.weekday())


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


@pytest.fixture
async def coordinator(evening: Evening) -> AsyncIterator[AsyncClient]:
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        yield browser


async def text(browser: AsyncClient, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200
    return unescape(answer.text)


async def send(browser: AsyncClient, page: str, path: str, **fields: str) -> Response:
    token = await form_token(browser, page)
    return await browser.post(path, data={"_csrf_token": token, **fields})


def filled(**changed: str) -> dict[str, str]:
    return {
        "channel": "live-chat",
        "series": "Tuesday evening",
        "repeats": "1",
        "weekday": "1",
        "first_day": str(MONDAY),
        "starts": "19:00",
        "ends": "21:00",
        "zone": "Europe/London",
        **changed,
    }


async def shifts(evening: Evening) -> list[Shift]:
    async with door(evening.node.engine) as session:
        found = await session.scalars(
            select(Shift)
            .where(
                Shift.pool_id == evening.pool.id,
                Shift.pattern_id.is_not(None),
                Shift.cancelled_at.is_(None),
            )
            .order_by(Shift.starts)
        )
        return list(found)


async def patterns(evening: Evening) -> list[ShiftPattern]:
    async with door(evening.node.engine) as session:
        found = await session.scalars(
            select(ShiftPattern)
            .where(ShiftPattern.pool_id == evening.pool.id)
            .order_by(ShiftPattern.id)
        )
        return list(found)


async def test_a_session_is_looked_at_and_then_saved(
    evening: Evening, coordinator: AsyncClient
) -> None:
    answer = await coordinator.get("/patterns")
    there = f"/patterns/{evening.pool.slug}"
    assert (answer.status_code, answer.headers["location"]) == (303, there)
    new = f"{there}/new"
    pause = f"{MONDAY + timedelta(7)} to {MONDAY + timedelta(13)}"
    looked = await send(coordinator, new, new, step="look", **filled(pauses=pause))
    assert looked.status_code == 200
    assert "What comes of it" in looked.text
    assert "<td>Pause</td>" in looked.text
    assert await patterns(evening) == []
    # what the page shows is what its save button sends
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', looked.text))
    saved = await coordinator.post(
        new, data={name: unescape(value) for name, value in fields.items()} | {"step": "save"}
    )
    assert (saved.status_code, saved.headers["location"]) == (303, there)
    [pattern] = await patterns(evening)
    assert (pattern.series, pattern.weekday, pattern.minutes) == ("Tuesday evening", 1, 120)
    assert pattern.pauses == [
        {"first_day": str(MONDAY + timedelta(7)), "last_day": str(MONDAY + timedelta(13))}
    ]
    days = [shift.pattern_day for shift in await shifts(evening)]
    assert days == [MONDAY + timedelta(days=1 + 7 * week) for week in (0, 2, 3)]
    assert "every Tuesday" in await text(coordinator, there)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"starts": "late"}, 400),
        ({"first_day": ""}, 400),
        ({"lead": "many"}, 400),
        ({"holidays": "skip", "holiday_region": ""}, 422),
        ({"holiday_region": "Mars"}, 422),
        ({"zone": "Mars/Base"}, 422),
        ({"pauses": "next week"}, 400),
        ({"channel": "no-such"}, 400),
        ({"series": " "}, 400),
        ({"lead": "0"}, 422),
    ],
)
async def test_what_cannot_be_is_refused_on_a_page(
    evening: Evening, coordinator: AsyncClient, changed: dict[str, str], code: int
) -> None:
    new = f"/patterns/{evening.pool.slug}/new"
    refused = await send(coordinator, new, new, step="save", **filled(**changed))
    assert refused.status_code == code
    assert refused.headers["content-type"].startswith("text/html")
    assert await patterns(evening) == []


async def test_a_series_is_changed_after_a_look_and_ended(
    evening: Evening, coordinator: AsyncClient
) -> None:
    _, made = await set_down(evening, evening.coordinator)
    there = f"/patterns/{evening.pool.slug}/{made['id']}"
    assert 'value="19:00"' in await text(coordinator, there)
    form = filled(starts="20:00", ends="22:00", since=str(MONDAY + timedelta(7)))
    looked = await send(coordinator, there, there, step="look", **form)
    assert "2 shifts follow the new rule" in looked.text
    assert "0 are called off." in looked.text
    assert {f"{shift.starts:%H}" for shift in await shifts(evening)} <= {"18", "19"}
    saved = await send(coordinator, there, there, step="save", **form)
    assert saved.status_code == 303
    old, new = await patterns(evening)
    assert (old.last_day, new.first_day) == (MONDAY + timedelta(6), MONDAY + timedelta(7))
    ended = await send(coordinator, there, f"{there}/end", since=str(MONDAY + timedelta(7)))
    assert ended.status_code == 303
    assert [shift.pattern_day for shift in await shifts(evening)] == [MONDAY + timedelta(1)]


@pytest.mark.parametrize(
    ("region", "language", "named"),
    [
        ("NL", "nl", "<td>Nieuwjaarsdag</td>"),
        ("NL", "ro", '<td lang="en">New Year&#39;s Day</td>'),
        ("RO", "ro", "<td>Anul Nou</td>"),
    ],
)
async def test_a_holiday_is_named_as_its_country_does_in_the_readers_language(
    evening: Evening, coordinator: AsyncClient, region: str, language: str, named: str
) -> None:
    new_year = date(TODAY.year + 1, 1, 1)
    form = filled(first_day=str(new_year), repeats="once", holidays="skip", holiday_region=region)
    coordinator.headers["Accept-Language"] = language
    new = f"/patterns/{evening.pool.slug}/new"
    assert named in (await send(coordinator, new, new, step="look", **form)).text
    form["pauses"] = f"{new_year} {new_year}"
    paused = (await send(coordinator, new, new, step="look", **form)).text
    assert f"<td>{'Pauze' if language == 'nl' else 'Pauză'}</td>" in paused


@pytest.mark.parametrize("between", ["to", "tot en met", "\N{EN DASH}", "până la", ""])
async def test_a_pause_is_written_in_any_of_our_languages(
    evening: Evening, coordinator: AsyncClient, between: str
) -> None:
    new = f"/patterns/{evening.pool.slug}/new"
    pause = f"{MONDAY + timedelta(7)} {between} {MONDAY + timedelta(13)}"
    looked = await send(coordinator, new, new, step="look", **filled(pauses=pause))
    assert "<td>Pause</td>" in looked.text


async def test_a_clock_change_is_asked_about_and_settled(
    evening: Evening, coordinator: AsyncClient
) -> None:
    spring = last_sunday_of_march()
    _, made = await set_down(
        evening,
        evening.coordinator,
        weekday=6,
        starts="01:30",
        minutes=60,
        first_day=str(spring),
        last_day=str(spring),
        until=str(spring + timedelta(days=1)),
    )
    there = f"/patterns/{evening.pool.slug}"
    if spring - TODAY < timedelta(weeks=26):
        assert "jumps over 01:30" in await text(coordinator, there)
    said = {"day": str(spring), "starts": "02:00", "ends": "03:00"}
    settled = await send(
        coordinator, f"{there}/{made['id']}", f"{there}/{made['id']}/clock-change", **said
    )
    assert settled.status_code == 303
    assert "jumps over 01:30" not in await text(coordinator, there)
    [shift] = await shifts(evening)
    assert shift.starts.hour == 1


async def test_a_time_that_comes_twice_is_kept_to_the_first(
    evening: Evening, coordinator: AsyncClient
) -> None:
    firsts = [date(TODAY.year + years, 4, 1) for years in (0, 1)]
    sundays = [first + timedelta(days=6 - first.weekday()) for first in firsts]
    autumn = next(day for day in sundays if day > TODAY)
    _, made = await set_down(
        evening,
        evening.coordinator,
        weekday=6,
        zone="Australia/Sydney",
        starts="02:30",
        minutes=60,
        first_day=str(autumn),
        last_day=str(autumn),
        until=str(TODAY + timedelta(days=1)),
    )
    there = f"/patterns/{evening.pool.slug}"
    asks = autumn - TODAY < timedelta(weeks=26)
    assert ("shows 02:30 (the start) twice" in await text(coordinator, there)) is asks
    said = {"day": str(autumn), "starts": "02:30", "ends": "03:30"}
    settled = await send(
        coordinator, f"{there}/{made['id']}", f"{there}/{made['id']}/clock-change", **said
    )
    assert settled.status_code == 303
    assert "shows 02:30" not in await text(coordinator, there)


async def test_one_shift_is_changed_and_called_off_from_the_board(
    evening: Evening, coordinator: AsyncClient
) -> None:
    async with door(evening.node.engine) as session:
        await claim_seat(session, evening.worker.asker, evening.shift.lead, current_time())
    day = evening.shift.starts.date()
    board = f"/board/{evening.pool.slug}?week={day - timedelta(days=day.weekday())}"
    change = f"/shifts/{evening.shift.id}/change"
    closer = f"/board/{evening.pool.slug}/shifts/{evening.shift.id}"
    assert f'href="{closer}"' in await text(coordinator, board)
    assert f'href="{change}"' in await text(coordinator, closer)
    new_day = evening.shift.starts + timedelta(days=1)
    fields = {"day": str(new_day.date()), "starts": "10:00", "ends": "12:00", "theme": "Tax"}
    changed = await send(coordinator, change, change, **fields)
    assert changed.status_code == 303
    async with door(evening.node.engine) as session:
        shift = await session.get_one(Shift, evening.shift.id)
    assert (shift.starts.date(), shift.theme) == (new_day.date(), "Tax")
    off = await send(coordinator, change, f"/shifts/{evening.shift.id}/cancel")
    assert off.status_code == 303
    assert (await coordinator.get(board)).text.count(str(evening.shift.id)) == 0


async def test_rules_of_engagement_and_the_due_time_are_shown_to_seat_holders(
    evening: Evening,
) -> None:
    async with door(evening.node.engine) as session:
        channel = await session.get_one(Channel, evening.pool.channel)
        channel.rules_of_engagement = "Only in the threads for services."
        (await session.get_one(Shift, evening.shift.id)).ground_rules = "Use chosen names."
    day = evening.shift.starts.date()
    page = f"/week?week={day - timedelta(days=day.weekday())}"
    async with evening.node.signed_in(evening.worker.id) as browser:
        assert "Only in the threads" not in await text(browser, page)
        async with door(evening.node.engine) as session:
            await claim_seat(session, evening.worker.asker, evening.shift.lead, current_time())
        shown = await text(browser, page)
        assert "Only in the threads for services." in shown
        assert "Use chosen names." in shown
        assert "messages are answered by" not in shown
        async with door(evening.node.engine) as session:
            (await session.get_one(Channel, evening.pool.channel)).kind = "inbox"
        assert "messages are answered by" in await text(browser, page)


async def test_only_coordinators_of_a_member_have_these_pages(evening: Evening) -> None:
    _, made = await set_down(evening, evening.coordinator)
    before = [shift.id for shift in await shifts(evening)]
    there = f"/patterns/{evening.pool.slug}"
    pages = [there, f"{there}/new", f"{there}/{made['id']}", f"/shifts/{evening.shift.id}/change"]
    sends = {
        f"{there}/new": filled(step="save"),
        f"{there}/{made['id']}": filled(step="save", starts="20:00"),
        f"{there}/{made['id']}/end": {},
        f"{there}/{made['id']}/clock-change": {"day": str(MONDAY + timedelta(1))},
        f"/shifts/{evening.shift.id}/change": {"day": str(MONDAY)},
        f"/shifts/{evening.shift.id}/cancel": {},
    }
    stranger = await evening.node.somebody("coordinator")
    for who, status in ((evening.worker.id, 403), (stranger.id, 404)):
        async with evening.node.signed_in(who) as browser:
            for path in pages:
                answer = await browser.get(path)
                assert (path, answer.status_code) == (path, status)
                assert "tue-19" not in answer.text
            for path, fields in sends.items():
                answer = await send(browser, "/", path, **fields)
                assert (path, answer.status_code) == (path, status)
    assert [shift.id for shift in await shifts(evening)] == before


async def test_a_pattern_of_another_pool_is_not_found_here(
    evening: Evening, coordinator: AsyncClient
) -> None:
    other = await an_evening(evening.node)
    _, made = await set_down(other, other.coordinator)
    answer = await coordinator.get(f"/patterns/{evening.pool.slug}/{made['id']}")
    assert answer.status_code == 404
