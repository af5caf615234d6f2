from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from federation.errors import NotAllowed, NotFound
from federation.people.models import Handle
from federation.pools.models import Pool
from rota.board.marks import mark_of_board
from rota.board.queries import board
from rota.company.actions import receive_company
from rota.company.models import SessionCompany, SessionTold
from rota.company.queries import company_of
from rota.company.rules import EVENT, Company
from rota.handover.queries import notes_for
from rota.session_details.actions import set_for_channel, set_for_pool, set_for_shift
from rota.session_details.rules import Draft
from rota.shifts.models import Shift
from rota.sign_up.actions import release_claim
from tests.rota.staffed_evening import (
    BRIEFING,
    DEBRIEFED,
    MINUTE,
    START,
    StaffedEvening,
    staffed_evening,
)
from tests.rota.two_nodes import Side, TwoNodes
from tests.rota.world import NOW, Worker, a_person

LINK = "https://meet.example.org/room"
DAY_BEFORE = START - timedelta(hours=24)


@pytest.fixture
async def evening(nodes: TwoNodes) -> StaffedEvening:
    return await staffed_evening(nodes)


async def furnish(evening: StaffedEvening) -> None:
    pool = evening.nodes.pool
    channel = Draft(
        meeting_link=LINK,
        contact_label="Duty line",
        contact_number="+44 191 498 0123",
        organisational=True,
        conversations_at_once=3,
    )
    async with evening.host.door() as session:
        await set_for_channel(session, pool.coordinator, pool.channel, channel, NOW)


async def seen(evening: StaffedEvening, side: Side, now: datetime) -> Company:
    async with side.door() as session:
        shift = await session.get_one(Shift, evening.shift.id)
        host = (await session.get_one(Pool, shift.pool_id)).host
        company, _ = await company_of(
            session, shift, host, await notes_for(session, shift, now), now
        )
        return company


async def names(
    evening: StaffedEvening, side: Side, worker: Worker, now: datetime
) -> dict[str, str | None]:
    """Give whom somebody sees on the board, by seat."""
    async with side.door() as session:
        pool = await session.get_one(Pool, evening.nodes.pool.id)
        shown = await board(session, worker.asker, pool, START, START + timedelta(hours=1), now)
        return {seat.role: seat.holder.display if seat.holder else None for seat in shown[0].seats}


async def test_holders_know_one_anothers_handles_from_a_day_before_on_both_nodes(
    evening: StaffedEvening,
) -> None:
    everybody = {
        "lead": evening.lead.display,
        "second": evening.second.display,
        "supervisor": evening.supervisor.display,
    }
    await evening.look(DAY_BEFORE - MINUTE)
    assert await names(evening, evening.home, evening.lead, DAY_BEFORE - MINUTE) == {
        "lead": evening.lead.display,
        "second": None,
        "supervisor": None,
    }
    await evening.look(DAY_BEFORE)
    for side, worker in ((evening.home, evening.lead), (evening.host, evening.second)):
        assert await names(evening, side, worker, DAY_BEFORE) == everybody
    # a colleague of the same project who does not sit there learns nothing
    stranger = await evening.nodes.worker()
    assert await names(evening, evening.home, stranger, DAY_BEFORE) == dict.fromkeys(everybody)
    coordinator = replace(stranger, asker=evening.nodes.coordinator)
    assert await names(evening, evening.home, coordinator, DAY_BEFORE) == {
        "lead": evening.lead.display,
        "second": None,
        "supervisor": None,
    }


async def test_an_open_page_is_told_that_colleagues_can_be_known(evening: StaffedEvening) -> None:
    pool = evening.nodes.pool.id
    await evening.look(DAY_BEFORE - MINUTE)
    before = await mark_of_board(evening.home.session, pool)
    await evening.look(DAY_BEFORE)
    assert await mark_of_board(evening.home.session, pool) != before


async def test_link_and_contact_are_there_from_briefing_to_debrief_on_both_nodes(
    evening: StaffedEvening,
) -> None:
    await furnish(evening)
    for now, there in (
        (BRIEFING - MINUTE, False),
        (BRIEFING, True),
        (DEBRIEFED - MINUTE, True),
        (DEBRIEFED, False),
    ):
        await evening.look(now)
        for side in (evening.host, evening.home):
            company = await seen(evening, side, now)
            assert (company.meeting_link, company.contact_label, company.contact_number) == (
                (LINK, "Duty line", "+44 191 498 0123") if there else (None, None, None)
            )
            assert company.conversations_at_once == (3 if there else None)
            assert bool(company.companions) is (now < DEBRIEFED)


async def test_the_host_tells_the_homes_of_holders_only_and_each_thing_once(
    evening: StaffedEvening,
) -> None:
    await furnish(evening)
    await evening.look(BRIEFING)
    told = await evening.host.said(EVENT)
    assert [(each.feed_kind, each.subject) for each in told] == [("private", evening.home.id)]
    for _ in range(2):
        await evening.look(BRIEFING)
    assert len(await evening.host.said(EVENT)) == 1
    # without a holder of theirs a home is told that there is nothing, and keeps nothing
    async with evening.home.door() as session:
        await release_claim(session, evening.lead.asker, evening.claims["lead"], BRIEFING)
    await evening.nodes.exchange(BRIEFING)
    await evening.look(BRIEFING)
    last = (await evening.host.said(EVENT))[-1].content
    assert (last["companions"], last["meeting_link"]) == ([], None)
    assert await evening.home.session.scalar(select(func.count(SessionCompany.shift_id))) == 0


async def test_after_the_debrief_it_is_erased_on_both_nodes_and_in_the_feed(
    evening: StaffedEvening,
) -> None:
    await furnish(evening)
    await evening.look(DAY_BEFORE)
    await evening.look(BRIEFING)
    before = await evening.host.said(EVENT)
    # what was said first is erased as soon as something newer replaces it
    assert [each.payload == b"" for each in before] == [True, False]
    await evening.look(DEBRIEFED)
    assert [each.payload for each in await evening.host.said(EVENT)] == [b"", b""]
    for side, table in ((evening.home, SessionCompany), (evening.host, SessionTold)):
        assert await side.session.scalar(select(func.count(table.shift_id))) == 0


async def test_a_host_that_tells_too_early_is_not_shown(evening: StaffedEvening) -> None:
    await furnish(evening)
    await evening.look(BRIEFING)
    early = DAY_BEFORE - MINUTE
    assert await seen(evening, evening.home, early) == Company(shift=evening.shift.id)
    assert (await seen(evening, evening.home, DAY_BEFORE)).meeting_link is None


async def test_only_the_host_tells_and_only_of_sessions_of_our_people(
    evening: StaffedEvening,
) -> None:
    await furnish(evening)
    await evening.look(BRIEFING)
    told = (await evening.host.said(EVENT))[-1]
    async with evening.home.door() as session:
        with pytest.raises(NotFound):
            await receive_company(session, "somebody", told.content, BRIEFING)
    bad = told.saying(meeting_link="javascript:alert(1)", contact_number="call Ann at home")
    assert await evening.home.hear(evening.host, bad, BRIEFING) is None
    company = await seen(evening, evening.home, BRIEFING)
    assert (company.meeting_link, company.contact_number) == (None, None)
    for broken in ({"companions": [{"seat": "x"}]}, {"notes": "none"}, {"shift": 1}):
        assert await evening.home.hear(evening.host, told.saying(**broken)) == "ValidationError"


async def test_the_nearest_setting_counts_and_a_contact_is_one_whole(
    evening: StaffedEvening,
) -> None:
    await furnish(evening)
    pool = evening.nodes.pool
    of_pool = Draft(meeting_link="https://pool.example.org", never_alone=True)
    of_shift = Draft(
        contact_label="Campaign desk",
        contact_link="https://desk.example.org",
        organisational=True,
    )
    async with evening.host.door() as session:
        await set_for_pool(session, pool.coordinator, pool.id, of_pool, NOW)
        await set_for_shift(session, pool.coordinator, evening.shift.id, of_shift, NOW)
    company = await seen(evening, evening.host, BRIEFING)
    assert (company.meeting_link, company.never_alone) == (LINK, True)
    assert (company.contact_label, company.contact_number, company.contact_link) == (
        "Campaign desk",
        None,
        "https://desk.example.org",
    )


async def test_only_those_who_plan_the_pool_set_it(evening: StaffedEvening) -> None:
    pool, draft = evening.nodes.pool, Draft(meeting_link=LINK)
    async with evening.host.door() as session:
        handle = await session.get_one(Handle, evening.second.handle)
        worker = evening.second.asker
        stranger = await a_person(session, handle.project_id, "worker")
    for asker in (worker, stranger):
        for act, subject in (
            (set_for_pool, pool.id),
            (set_for_channel, pool.channel),
            (set_for_shift, evening.shift.id),
        ):
            async with evening.host.door() as session:
                with pytest.raises(NotAllowed):
                    await act(session, asker, subject, draft, NOW)
    assert (await seen(evening, evening.host, BRIEFING)).meeting_link is None
