"""Away for some days: the page says what will happen, and then it does."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from httpx2 import AsyncClient
from sqlalchemy import select

from api.parts import current_time
from api.worker.rota_jobs import ask_cover
from database.outbox import OutboxRow
from database.session import door
from rota.cover.models import CoverRequest
from rota.cover.spans import COVER_ASK
from tests.api.conftest import Node, form_token
from tests.api.sessions import Sitting, sitting
from tests.rota.example_rota import example_rota

PAGE = "/week/cover"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Away:
    """Wren holds seats in ten days, eleven days, and thirty; robin one in eleven."""

    wren: Sitting
    robin: Sitting
    claims: list[UUID]
    first: datetime

    def span(self, days: int = 1) -> dict[str, str]:
        return {
            "first_day": f"{self.first:%Y-%m-%d}",
            "last_day": f"{self.first + days * DAY:%Y-%m-%d}",
        }


@pytest.fixture
async def away(node: Node) -> Away:
    first = (current_time() + 10 * DAY).astimezone(UTC).replace(hour=12, minute=0)
    async with door(node.engine) as session:
        rota = await example_rota(session, now=current_time())
        wren, robin = [await rota.person("en") for _ in range(2)]
        shifts = [await rota.shift(first + days * DAY) for days in (0, 1, 20)]
        claims = [(await rota.hold(shift, wren)).id for shift in shifts]
        await rota.hold(shifts[1], robin, "second")
        return Away(await sitting(session, wren), await sitting(session, robin), claims, first)


@pytest.fixture
async def browser(node: Node, away: Away) -> AsyncIterator[AsyncClient]:
    async with node.signed_in(away.wren.id) as browser:
        yield browser


async def requests(node: Node, away: Away) -> list[tuple[UUID | None, str]]:
    async with door(node.engine) as session:
        rows = await session.execute(
            select(CoverRequest.claim_id, CoverRequest.state)
            .where(CoverRequest.claim_id.in_(away.claims))
            .order_by(CoverRequest.id)
        )
        return [(claim, state) for claim, state in rows]


async def work(node: Node, away: Away) -> None:
    """Do what a worker process would do with these requests."""
    names = [str(claim) for claim in away.claims]
    async with door(node.engine) as session:
        left = select(OutboxRow.payload).where(
            OutboxRow.kind == COVER_ASK, OutboxRow.key.in_(names)
        )
        payloads = list(await session.scalars(left))
    for payload in payloads:
        await ask_cover(node.engine, payload, current_time())


async def test_days_are_shown_before_anybody_is_asked(
    node: Node, away: Away, browser: AsyncClient
) -> None:
    empty = (await browser.get(PAGE)).text
    page = (await browser.get(PAGE, params=away.span())).text
    assert "First day away" in empty
    assert "Ask others" not in empty
    assert page.count('<li class="card">') == 2
    assert page.count("Your own project is asked first, until") == 2
    assert "Ask others to take these 2 seats" in page
    assert await requests(node, away) == []


async def test_every_seat_of_the_days_is_asked_for(
    node: Node, away: Away, browser: AsyncClient
) -> None:
    form = away.span() | {"_csrf_token": await form_token(browser, PAGE)}
    answer = await browser.post(PAGE, data=form)
    where = answer.headers["location"]
    meanwhile = (await browser.get(where)).text
    await work(node, away)
    after = (await browser.get(where)).text
    assert answer.status_code == 303
    assert meanwhile.count("Is being asked for.") == 2
    assert await requests(node, away) == [(claim, "open") for claim in away.claims[:2]]
    assert after.count("Until somebody takes it, it is yours.") == 2
    assert "<button>Ask others" not in after


async def test_what_is_asked_for_already_is_shown_and_left_alone(
    away: Away, browser: AsyncClient
) -> None:
    form = {"_csrf_token": await form_token(browser, PAGE), "week": ""}
    await browser.post(f"/claims/{away.claims[0]}/cover", data=form)
    page = (await browser.get(PAGE, params=away.span())).text
    assert page.count("Your own project is asked until") == 1
    assert page.count("Your own project is asked first, until") == 1
    assert "Ask others to take this seat" in page


async def test_days_in_a_wrong_order_lead_back(away: Away, browser: AsyncClient) -> None:
    span = away.span()
    wrong = {"first_day": span["last_day"], "last_day": span["first_day"]}
    answer = await browser.get(PAGE, params=wrong)
    assert answer.status_code == 400
    assert "is before the first day." in answer.text
    assert f'href="{PAGE}"' in answer.text
