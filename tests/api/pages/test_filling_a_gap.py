"""What a coordinator can do about a gap, or about a seat of their own people, with one press."""

import pytest
from httpx2 import AsyncClient
from sqlalchemy import select

from database.session import door
from rota.claims.models import Claim
from rota.cover.models import CoverRequest
from tests.api.conftest import Node, form_token
from tests.api.evening import Evening, an_evening


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


def closer(evening: Evening) -> str:
    return f"/board/{evening.pool.slug}/shifts/{evening.shift.id}"


async def see(browser: AsyncClient, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200
    return answer.text.split("<main", 1)[1].split("</main>", 1)[0]


async def press(browser: AsyncClient, evening: Evening, path: str, **fields: str) -> str:
    token = await form_token(browser, "/account")
    sent = {"_csrf_token": token, "board": evening.pool.slug} | fields
    answer = await browser.post(path, data=sent)
    assert answer.status_code == 303
    return answer.headers["location"]


async def assigned(browser: AsyncClient, evening: Evening) -> str:
    """Seat the worker; gives the address of their claim."""
    seat = evening.shift.seats["lead"]
    await press(browser, evening, f"/seats/{seat}/claim", worker=evening.handle)
    async with door(evening.node.engine) as session:
        claim = (await session.scalars(select(Claim.id).where(Claim.seat_id == seat))).one()
    return f"/claims/{claim}"


async def test_a_coordinator_asks_others_for_a_seat_and_gives_it_back(evening: Evening) -> None:
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        claim = await assigned(browser, evening)
        page = await see(browser, closer(evening))
        assert f'action="{claim}/cover"' in page
        assert f'action="{claim}/release"' in page
        back = await press(browser, evening, f"{claim}/cover")
        assert back == f"/board/{evening.pool.slug}"
        page = await see(browser, closer(evening))
        async with door(evening.node.engine) as session:
            where = CoverRequest.seat_id == evening.shift.seats["lead"]
            cover = (await session.scalars(select(CoverRequest.id).where(where))).one()
        assert f'action="{claim}/cover"' not in page
        assert f'action="/covers/{cover}/withdraw"' in page
        await press(browser, evening, f"/covers/{cover}/withdraw")
        await press(browser, evening, f"{claim}/release")
        page = await see(browser, closer(evening))
        assert f'action="{claim}/' not in page


async def test_other_projects_people_are_left_to_their_own_coordinator(
    evening: Evening,
) -> None:
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        claim = await assigned(browser, evening)
    stranger = await evening.node.somebody("coordinator")
    async with evening.node.signed_in(stranger.id) as browser:
        token = await form_token(browser, "/account")
        for act in ("cover", "release"):
            answer = await browser.post(f"{claim}/{act}", data={"_csrf_token": token})
            assert answer.status_code == 404
        for path in (closer(evening), f"{closer(evening)}/words"):
            assert (await browser.get(path)).status_code == 404


async def test_a_gap_names_what_could_fill_it(evening: Evening) -> None:
    words = f'href="{closer(evening)}/words"'
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        page = await see(browser, closer(evening))
        assert words in page
        assert f'href="/plans/{evening.pool.slug}#questions"' in page
        assert "/repairs" not in page, "no plan is published"
        assert 'href="/partners"' not in page
        told = await see(browser, f"{closer(evening)}/words")
        assert "Who can step in?" in told
        assert "Wie kan invallen?" in told
        assert evening.handle not in told
        assert evening.pool.slug not in told.replace(closer(evening), "")
    both = await evening.node.somebody(
        "coordinator", "partner-administrator", project_id=evening.coordinator.project_id
    )
    async with evening.node.signed_in(both.id) as browser:
        assert 'href="/partners"' in await see(browser, closer(evening))
    async with evening.node.signed_in(evening.worker.id) as browser:
        assert (await browser.get(f"{closer(evening)}/words")).status_code == 403


async def test_what_is_done_at_a_session_leads_back_to_it(evening: Evening) -> None:
    here = {"shift": str(evening.shift.id)}
    async with evening.node.signed_in(evening.coordinator.id) as browser:
        claim = await assigned(browser, evening)
        page = await see(browser, closer(evening))
        forms = page.count(f'name="shift" value="{evening.shift.id}"')
        assert forms == page.count(f'name="board" value="{evening.pool.slug}"') - 1, "but dividing"
        assert await press(browser, evening, f"{claim}/cover", **here) == closer(evening)
        assert await press(browser, evening, f"{claim}/release", **here) == closer(evening)
        assert await press(
            browser,
            evening,
            f"/seats/{evening.shift.lead}/claim",
            **here | {"worker": evening.handle},
        ) == closer(evening)
        elsewhere = {"shift": "../../sign-in"}
        async with door(evening.node.engine) as session:
            live = Claim.seat_id == evening.shift.lead, Claim.state == "held"
            again = (await session.scalars(select(Claim.id).where(*live))).one()
        back = await press(browser, evening, f"/claims/{again}/release", **elsewhere)
        assert back == f"/board/{evening.pool.slug}"
