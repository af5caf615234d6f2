"""What was done last is undone by the opposite act, or stays for the reason that the act gives."""

import base64
import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from httpx2 import AsyncClient
from sqlalchemy import select

from api.errors import NothingToUndo
from api.login.cookies import undo_cookie_name
from api.pages.undoable import SAID, Done
from api.parts import current_time
from database.session import door
from rota.availability.models import DatedWindow, Leave, WeeklyWindow
from rota.claims.models import Claim
from rota.cover.models import CoverRequest
from rota.swaps.models import SwapOffer
from rota.waiting.models import WaitingEntry
from tests.api.conftest import Node, Somebody, form_token
from tests.api.evening import Evening, an_evening

SOON = current_time().date() + timedelta(days=50)
DEEP = base64.urlsafe_b64encode(b'{"facts":' + b"[" * 2_000).decode()
HOW = re.compile(r'action="/undo".*?name="done" value="([^"]+)"', re.DOTALL)


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def press(browser: AsyncClient, path: str, **fields: str) -> tuple[int, str]:
    """Press a button and come to the page that follows; gives its text."""
    token = await form_token(browser, "/account")
    answer = await browser.post(path, data={"_csrf_token": token, **fields})
    if answer.status_code != 303:
        return answer.status_code, answer.text
    return 200, (await browser.get(answer.headers["location"])).text


def offered(page: str) -> list[str]:
    """Give what a page offers to undo."""
    return HOW.findall(page)


async def undo(browser: AsyncClient, page: str) -> tuple[int, str]:
    [done] = offered(page)
    return await press(browser, "/undo", done=done)


async def states(node: Node, model: Any, *where: Any) -> list[str]:
    async with door(node.engine) as session:
        return list(await session.scalars(select(model.state).where(*where).order_by(model.id)))


def seat(evening: Evening, role: str = "lead") -> UUID:
    return evening.shift.seats[role]


async def take(browser: AsyncClient, evening: Evening, **fields: str) -> str:
    status, page = await press(browser, f"/seats/{seat(evening)}/claim", **fields)
    assert status == 200
    return page


async def claim_of(evening: Evening) -> UUID:
    async with door(evening.node.engine) as session:
        rows = select(Claim.id).where(Claim.seat_id == seat(evening), Claim.state == "held")
        found: UUID = (await session.scalars(rows)).one()
        return found


async def test_a_seat_that_was_taken_is_given_back_and_taken_again(evening: Evening) -> None:
    node, mine = evening.node, Claim.seat_id == seat(evening)
    async with node.signed_in(evening.worker.id) as browser:
        assert offered((await browser.get("/week")).text) == []
        taken = await take(browser, evening)
        assert SAID["seat-taken"] in taken
        status, undone = await undo(browser, taken)
        assert (status, offered(undone)) == (200, [])
        assert await states(node, Claim, mine) == ["released"]
        await take(browser, evening)
        _, given = await press(browser, f"/claims/{await claim_of(evening)}/release")
        assert SAID["seat-given-back"] in given
        assert (await undo(browser, given))[0] == 200
        assert await states(node, Claim, mine) == ["released", "released", "held"]


async def test_a_seat_that_somebody_else_has_by_now_stays_with_them(evening: Evening) -> None:
    node = evening.node
    other, _ = await evening.colleague()
    async with node.signed_in(evening.worker.id) as browser:
        await take(browser, evening)
        _, given = await press(browser, f"/claims/{await claim_of(evening)}/release")
        async with node.signed_in(other.id) as theirs:
            await take(theirs, evening)
        status, page = await undo(browser, given)
        assert status == 409
        assert "somebody else" in page or "taken" in page
        assert 'href="/week"' in page
    assert await states(node, Claim, Claim.seat_id == seat(evening)) == ["released", "held"]


async def test_a_coordinator_undoes_an_assignment_but_takes_no_seat_for_it(
    evening: Evening,
) -> None:
    node = evening.node
    async with node.signed_in(evening.coordinator.id) as browser:
        board = {"board": evening.pool.slug, "worker": evening.handle}
        assigned = await take(browser, evening, **board)
        assert "<h1>" in assigned
        assert (await undo(browser, assigned))[0] == 200
        assert await states(node, Claim, Claim.seat_id == seat(evening)) == ["released"]
        await take(browser, evening, **board)
        released = await press(
            browser, f"/claims/{await claim_of(evening)}/release", board=evening.pool.slug
        )
        # to seat somebody anew is a choice of its own, and the older act is no longer offered
        assert (released[0], offered(released[1])) == (200, [])


async def test_asking_for_cover_is_ended_and_begun_again(evening: Evening) -> None:
    node, mine = evening.node, CoverRequest.seat_id == seat(evening)
    async with node.signed_in(evening.worker.id) as browser:
        await take(browser, evening)
        _, asked = await press(browser, f"/claims/{await claim_of(evening)}/cover")
        assert SAID["cover-asked"] in asked
        await undo(browser, asked)
        assert await states(node, CoverRequest, mine) == ["withdrawn"]
        await press(browser, f"/claims/{await claim_of(evening)}/cover")
        async with door(node.engine) as session:
            open_one = select(CoverRequest.id).where(mine, CoverRequest.state == "open")
            cover = (await session.scalars(open_one)).one()
        _, withdrawn = await press(browser, f"/covers/{cover}/withdraw")
        assert SAID["cover-withdrawn"] in withdrawn
        await undo(browser, withdrawn)
        assert await states(node, CoverRequest, mine) == ["withdrawn", "withdrawn", "open"]


async def test_an_offer_to_exchange_and_a_place_in_a_line_are_taken_back(
    evening: Evening,
) -> None:
    node = evening.node
    other, _ = await evening.colleague()
    async with node.signed_in(evening.worker.id) as browser:
        await take(browser, evening)
        claim = await claim_of(evening)
        _, swaps = await press(browser, f"/claims/{claim}/swap", kind="swap")
        assert SAID["swap-offered"] in swaps
        await undo(browser, swaps)
        assert await states(node, SwapOffer, SwapOffer.claim_id == claim) == ["withdrawn"]
    async with node.signed_in(other.id) as theirs:
        _, waits = await press(theirs, f"/seats/{seat(evening)}/wait")
        assert SAID["waiting-begun"] in waits
        await undo(theirs, waits)
    left = await states(node, WaitingEntry, WaitingEntry.seat_id == seat(evening))
    assert left == ["left"]


async def rows(node: Node, model: Any, whose: Somebody) -> list[UUID]:
    async with door(node.engine) as session:
        return list(await session.scalars(select(model.id).where(model.person_id == whose.id)))


async def test_leave_is_taken_back_and_entered_again(node: Node) -> None:
    ann = await node.somebody("worker")
    here = f"/availability/{ann.id}"
    async with node.signed_in(ann.id) as browser:
        _, entered = await press(browser, f"{here}/leave", first_day=str(SOON))
        assert SAID["leave-entered"] in entered
        await undo(browser, entered)
        assert await rows(node, Leave, ann) == []
        await press(browser, f"{here}/leave", first_day=str(SOON))
        [leave] = await rows(node, Leave, ann)
        _, removed = await press(browser, f"{here}/leave/{leave}/remove")
        assert SAID["leave-removed"] in removed
        await undo(browser, removed)
        assert len(await rows(node, Leave, ann)) == 1
        _, given = await press(
            browser, f"{here}/leave", first_day=str(SOON + timedelta(days=9)), give_back="yes"
        )
        assert offered(given) == []


async def test_leave_that_runs_is_not_entered_again(node: Node) -> None:
    ann = await node.somebody("worker")
    here, today = f"/availability/{ann.id}", current_time().date()
    async with node.signed_in(ann.id) as browser:
        first, last = today - timedelta(days=2), today + timedelta(days=2)
        await press(browser, f"{here}/leave", first_day=str(first), last_day=str(last))
        [leave] = await rows(node, Leave, ann)
        _, removed = await press(browser, f"{here}/leave/{leave}/remove")
        assert offered(removed) == []


async def test_removed_times_come_back_as_they_were(node: Node) -> None:
    ann = await node.somebody("worker")
    here = f"/availability/{ann.id}"
    async with node.signed_in(ann.id) as browser:
        times = {"starts": "18:00", "ends": "22:30", "preference": "0"}
        weekly = {"weekday": "Friday", "every_weeks": "2", "first_day": str(SOON)}
        _, before = await press(browser, f"{here}/weekly", **times, **weekly)
        _, before = await press(browser, f"{here}/dates", day=str(SOON), **times)
        [wish], [dated] = await rows(node, WeeklyWindow, ann), await rows(node, DatedWindow, ann)
        for path, model in ((f"weekly/{wish}", WeeklyWindow), (f"dates/{dated}", DatedWindow)):
            _, removed = await press(browser, f"{here}/{path}/remove")
            assert await rows(node, model, ann) == []
            _, after = await undo(browser, removed)
            told = [re.sub("[0-9a-f-]{36}|_csrf_token.*", "", each) for each in (before, after)]
            assert told[0] == told[1]


async def test_nobody_undoes_what_another_did_in_the_same_browser(evening: Evening) -> None:
    node = evening.node
    other, _ = await evening.colleague()
    async with node.signed_in(evening.worker.id) as browser:
        [done] = offered(await take(browser, evening))
        kept = browser.cookies
        async with node.signed_in(other.id) as theirs:
            name = undo_cookie_name(node.settings)
            theirs.cookies.set(name, kept[name])
            assert offered((await theirs.get("/week")).text) == []
            status, page = await press(theirs, "/undo", done=done)
            assert (status, "nothing" in page or "no longer" in page) == (409, True)
    assert await states(node, Claim, Claim.seat_id == seat(evening)) == ["held"]


def in_cookie(ann: Somebody, **changes: Any) -> str:
    facts: dict[str, Any] = {
        "kind": "date-removed",
        "subject": ann.id,
        "person": ann.id,
        "until": current_time() + timedelta(minutes=5),
        "back": "/availability",
        "facts": {
            "day": str(SOON),
            "starts": "18:00:00",
            "minutes": 60,
            "zone": "Europe/London",
            "preference": 1,
        },
    }
    done = Done(**(facts | changes))
    return base64.urlsafe_b64encode(msgspec.json.encode(done)).decode()


@pytest.mark.parametrize(
    ("changes", "form", "status"),
    [
        ({}, {}, 200),
        ({"until": current_time() - timedelta(seconds=1)}, {}, 409),
        ({"back": "//elsewhere.example.org"}, {}, 409),
        ({"back": "https://elsewhere.example.org"}, {}, 409),
        ({"kind": "people-erased"}, {}, 409),
        ({"facts": {"day": "soon"}}, {}, 409),
        ({"subject": uuid4()}, {}, 409),
        ({}, {"done": "date-removed 0"}, 409),
    ],
)
async def test_only_what_was_done_lately_and_is_known_is_undone(
    node: Node, changes: dict[str, Any], form: dict[str, str], status: int
) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id) as browser:
        browser.cookies.set(undo_cookie_name(node.settings), in_cookie(ann, **changes))
        sent = {"done": f"date-removed {ann.id}"} | form
        answered, page = await press(browser, "/undo", **sent)
        assert answered == status
        assert (NothingToUndo.title in page) == (status == 409)
    assert len(await rows(node, DatedWindow, ann)) == (1 if status == 200 else 0)


@pytest.mark.parametrize("kept", ["", "x", "bm9uc2Vuc2U=", "e30=", DEEP])
async def test_a_cookie_that_says_nothing_changes_no_page(node: Node, kept: str) -> None:
    ann = await node.somebody("worker")
    async with node.signed_in(ann.id) as browser:
        browser.cookies.set(undo_cookie_name(node.settings), kept)
        answer = await browser.get("/week")
        assert (answer.status_code, offered(answer.text)) == (200, [])
        assert (await press(browser, "/undo", done="x"))[0] == 409
