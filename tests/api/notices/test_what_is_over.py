"""A notice whose matter is over leaves the start page by itself; what others say stays."""

import re
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from api.notices.standing import over, stands
from api.parts import current_time
from database.ids import new_id
from database.session import door
from federation.notices.actions import mark_seen, notify, put_away
from federation.notices.models import Notice
from federation.notices.queries import marks_of_notices
from federation.people.models import Handle
from federation.pools.slots.models import LanguageSlot, SlotAgreement
from rota.claims.models import Claim
from rota.cover.models import CoverRequest
from rota.passport.actions import attest_training, remind_of_expiry, withdraw_training
from rota.swaps.models import SwapOffer
from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening, coming


@pytest.fixture
async def evening(node: Node) -> Evening:
    """Give an evening that is so near that everybody is asked at once."""
    return await an_evening(node, coming(3))


async def standing(evening: Evening, somebody: Somebody) -> list[str]:
    async with door(evening.node.engine) as session:
        mine = select(Notice.code).where(
            Notice.person_id == somebody.id, Notice.seen_at.is_(None), stands(current_time())
        )
        return sorted(await session.scalars(mine))


async def asked(evening: Evening, seat: UUID, by: Somebody | None = None) -> str:
    web, bearer = evening.node.web, (by or evening.worker).bearer
    taken = await web.post(f"/api/v1/seats/{seat}/claims", headers=bearer)
    answer = await web.post(f"/api/v1/claims/{taken.json()['id']}/cover", headers=bearer)
    request: str = answer.json()["id"]
    return request


async def test_a_seat_that_somebody_took_is_not_wanted_any_more(evening: Evening) -> None:
    colleague, _ = await evening.colleague()
    another, _ = await evening.colleague()
    [other] = await evening.more_shifts([coming(9)])
    cover = await asked(evening, evening.shift.lead)
    # by somebody else: late in the day it is tomorrow, and between days there are hours of rest
    await asked(evening, other.lead, another)
    assert await standing(evening, colleague) == ["cover-wanted", "cover-wanted"]
    told = "Somebody is wanted for a time"
    async with evening.node.signed_in(colleague.id) as browser:
        assert (await browser.get("/")).text.count(told) == 2
        path = f"/api/v1/covers/{cover}/claims"
        taken = await evening.node.web.post(path, headers=colleague.bearer)
        assert taken.status_code == 201
        start = (await browser.get("/")).text
        assert start.count(told) == 1
        async with door(evening.node.engine) as session:
            left = select(Notice.id).where(
                Notice.person_id == colleague.id,
                Notice.code == "cover-wanted",
                Notice.about != UUID(cover),
            )
            [notice] = await session.scalars(left)
        led = await browser.get(f"/notices/{notice}/show")
    assert led.headers["location"].endswith(f"#shift-{other.id}")


async def test_nobody_has_been_found_until_somebody_is(evening: Evening) -> None:
    colleague, _ = await evening.colleague()
    cover = await asked(evening, evening.shift.lead)
    assert "cover-open" in await standing(evening, evening.coordinator)
    path = f"/api/v1/covers/{cover}/claims"
    await evening.node.web.post(path, headers=colleague.bearer)
    assert "cover-open" not in await standing(evening, evening.coordinator)


async def test_what_was_withdrawn_is_not_wanted(evening: Evening) -> None:
    colleague, _ = await evening.colleague()
    cover = await asked(evening, evening.shift.lead)
    async with door(evening.node.engine) as session:
        ended = update(CoverRequest).where(CoverRequest.id == UUID(cover))
        await session.execute(ended.values(state="withdrawn", closed_at=current_time()))
    assert await standing(evening, colleague) == []


async def test_an_offer_ends_with_its_answer(evening: Evening) -> None:
    now = current_time()
    async with door(evening.node.engine) as session:
        handle = select(Handle.id).where(Handle.person_id == evening.worker.id)
        claim = Claim(
            seat_id=evening.shift.lead,
            handle_id=(await session.scalars(handle)).one(),
            state="proposed",
            origin="cover",
            decided_here=True,
            answer_by=coming(2),
            made_at=now,
        )
        swap = SwapOffer(
            pool_id=evening.pool.id,
            seat_id=evening.shift.lead,
            one_way=True,
            made_at=now,
            expires_at=coming(2),
        )
        session.add_all([claim, swap])
        await session.flush()
        for code, about in (("offered", claim.id), ("swap-offered", swap.id)):
            await notify(
                session, person_id=evening.worker.id, code=code, text=code, now=now, about=about
            )
    assert await standing(evening, evening.worker) == ["offered", "swap-offered"]
    async with door(evening.node.engine) as session:
        await session.execute(
            update(Claim).where(Claim.id == claim.id).values(state="refused", ended_at=now)
        )
        await session.execute(
            update(SwapOffer).where(SwapOffer.id == swap.id).values(state="lapsed", ended_at=now)
        )
    assert await standing(evening, evening.worker) == []


async def test_who_has_agreed_to_a_slot_is_not_asked_again(evening: Evening) -> None:
    now = current_time()
    colleague, _ = await evening.colleague()
    async with door(evening.node.engine) as session:
        slot = LanguageSlot(
            pool_id=evening.pool.id,
            series=str(uuid4()),
            language="ro",
            weekday=0,
            starts=now.time(),
            zone="UTC",
        )
        session.add(slot)
        await session.flush()
        for one in (evening.worker, colleague):
            await notify(
                session, person_id=one.id, code="slot-asked", text="Asked.", now=now, about=slot.id
            )
        mine = select(Handle.id).where(Handle.person_id == evening.worker.id)
        handle = (await session.scalars(mine)).one()
        session.add(SlotAgreement(slot_id=slot.id, handle_id=handle, agreed_at=now))
    assert await standing(evening, evening.worker) == []
    assert await standing(evening, colleague) == ["slot-asked"]


async def test_a_pool_that_is_not_offered_any_more(evening: Evening) -> None:
    now, about = current_time(), evening.pool.id
    async with door(evening.node.engine) as session:
        for code in ("pool-offered", "pool-taking"):
            await notify(
                session,
                person_id=evening.coordinator.id,
                code=code,
                text=code,
                now=now,
                about=about,
            )
    assert await standing(evening, evening.coordinator) == []


async def test_what_is_over_is_put_away_and_what_only_tells_something_stays(
    evening: Evening,
) -> None:
    now = current_time()
    async with door(evening.node.engine) as session:
        for code, about in (("cover-wanted", new_id()), ("cover-wanted", None), ("told", new_id())):
            await notify(
                session, person_id=evening.worker.id, code=code, text=code, now=now, about=about
            )
        await put_away(session, over(now), now)
        mine = Notice.person_id == evening.worker.id, Notice.seen_at.is_(None)
        assert sorted(await session.scalars(select(Notice.code).where(*mine))) == [
            "cover-wanted",
            "told",
        ]


async def test_a_training_that_was_renewed_or_withdrawn_ends_no_more(evening: Evening) -> None:
    node, boss, worker = evening.node, evening.coordinator, evening.worker
    now = current_time()
    today = now.date()
    told = ["training-ends"], ["training-of-ours-ends"]

    async def attested(issued: date, expires: date) -> UUID:
        async with door(node.engine) as session:
            one = await attest_training(
                session, boss.asker, worker.id, "core", issued, expires, now
            )
            return one.id

    async def reminded(training: UUID, expires: date) -> None:
        async with door(node.engine) as session:
            await remind_of_expiry(session, training, expires, now + timedelta(days=2))
        assert (await standing(evening, worker), await standing(evening, boss)) == told

    async def over() -> None:
        assert (await standing(evening, worker), await standing(evening, boss)) == ([], [])

    first = await attested(today - timedelta(days=9), today + timedelta(days=7))
    await reminded(first, today + timedelta(days=7))
    for somebody, where in ((worker, "/trainings"), (boss, "/due#trainings")):
        async with node.signed_in(somebody.id) as browser:
            link = re.search(r"/notices/[0-9a-f-]{36}/show", (await browser.get("/")).text)
            assert link is not None
            led = await browser.get(link[0])
        assert (led.status_code, led.headers["location"]) == (303, where)
    # the same course lasts a day longer: what was told is not true any more
    await attested(today - timedelta(days=9), today + timedelta(days=8))
    await over()
    await reminded(first, today + timedelta(days=8))
    second = await attested(today, today + timedelta(days=20))
    await over()
    await reminded(second, today + timedelta(days=20))
    async with door(node.engine) as session:
        await withdraw_training(session, boss.asker, second, now)
    # of the two the earlier is valid now, and ends as it was said
    assert (await standing(evening, worker), await standing(evening, boss)) == told
    async with door(node.engine) as session:
        await withdraw_training(session, boss.asker, first, now)
    await over()


async def test_a_notice_that_came_and_went_between_two_looks_has_changed_the_mark(
    node: Node,
) -> None:
    somebody = await node.somebody("worker")

    async def mark() -> str:
        return (await marks_of_notices(node.engine, [somebody.id]))[somebody.id]

    marks = [await mark()]
    async with door(node.engine) as session:
        notice = await notify(
            session, person_id=somebody.id, code="told", text="A word.", now=current_time()
        )
    marks.append(await mark())
    async with door(node.engine) as session:
        await mark_seen(session, somebody.asker, notice_id=notice, now=current_time())
    marks.append(await mark())
    assert len(set(marks)) == 3
