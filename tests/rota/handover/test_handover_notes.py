from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from federation.errors import NotFound
from federation.pools.models import Pool
from rota.company.queries import company_of
from rota.handover.actions import erase_expired, erase_note, leave_note
from rota.handover.errors import EnoughNotes, NoteTooLate, WrongNote
from rota.handover.models import HandoverNote
from rota.handover.queries import notes_for
from rota.shifts.models import Shift
from rota.sign_up.actions import claim_seat
from tests.rota.staffed_evening import (
    BRIEFING,
    DEBRIEFED,
    END,
    MINUTE,
    START,
    StaffedEvening,
    staffed_evening,
)
from tests.rota.two_nodes import Side, TwoNodes
from tests.rota.world import NOW, Planned, a_shift, a_worker

WORDS = "Many questions about tax today. The saved answers on benefits are out of date."
THURSDAY = START + timedelta(days=2)
ITS_BRIEFING = THURSDAY - timedelta(minutes=15)


@pytest.fixture
async def evening(nodes: TwoNodes) -> StaffedEvening:
    return await staffed_evening(nodes)


async def next_session(
    evening: StaffedEvening, starts: datetime = THURSDAY, *, is_open: bool = True
) -> Planned:
    """Plan the next session on the channel, with the same lead from the other node."""
    shift = await evening.nodes.shift(
        lambda session: a_shift(session, evening.nodes.pool, starts, open=is_open)
    )
    async with evening.home.door() as session:
        await claim_seat(session, evening.lead.asker, shift.lead, NOW)
    await evening.nodes.exchange()
    for side in (evening.host, evening.home):
        async with side.door() as session:
            (await session.get_one(Shift, shift.id)).open = is_open
    return shift


async def read(side: Side, shift: Planned, now: datetime) -> list[str]:
    async with side.door() as session:
        found = await session.get_one(Shift, shift.id)
        host = (await session.get_one(Pool, found.pool_id)).host
        left = await notes_for(session, found, now)
        company, _ = await company_of(session, found, host, left, now)
        return [note.text for note in company.notes]


async def look(evening: StaffedEvening, shift: Planned, now: datetime) -> None:
    await StaffedEvening(
        evening.nodes,
        shift,
        evening.lead,
        evening.second,
        evening.supervisor,
        evening.claims,
    ).look(now)


async def leave(evening: StaffedEvening, text: str = WORDS, now: datetime = END) -> UUID:
    note: UUID = await evening.says(evening.second, leave_note, text, now=now)
    return note


async def notes(side: Side) -> int:
    return await side.session.scalar(select(func.count(HandoverNote.id))) or 0


async def test_the_next_session_reads_it_across_nodes_and_nobody_else(
    evening: StaffedEvening,
) -> None:
    shift, later = await next_session(evening), await next_session(evening, THURSDAY + 4 * DAY)
    await leave(evening)
    await evening.nodes.exchange(END)
    await look(evening, shift, ITS_BRIEFING - MINUTE)
    for side in (evening.host, evening.home):
        assert await read(side, shift, ITS_BRIEFING - MINUTE) == []
    await look(evening, shift, ITS_BRIEFING)
    for side in (evening.host, evening.home):
        assert await read(side, shift, ITS_BRIEFING) == [WORDS]
        assert await read(side, evening.shift, ITS_BRIEFING) == []
    # the session after the next one has been told by the next one, if that was worth it
    await look(evening, later, later.starts)
    assert await read(evening.host, later, later.starts) == []


DAY = timedelta(days=1)


async def test_a_session_that_was_not_staffed_does_not_use_up_a_note(
    evening: StaffedEvening,
) -> None:
    await next_session(evening, START + DAY, is_open=False)
    shift = await next_session(evening)
    await leave(evening)
    assert await read(evening.host, shift, ITS_BRIEFING) == [WORDS]


async def test_a_note_from_another_node_reaches_the_host_and_its_next_people(
    evening: StaffedEvening,
) -> None:
    shift = await next_session(evening)
    note = await evening.says(evening.lead, leave_note, WORDS, now=DEBRIEFED)
    await evening.nodes.exchange(DEBRIEFED)
    assert await read(evening.host, shift, ITS_BRIEFING) == [WORDS]
    # its writer takes it back: it is gone for readers, at the host and in the feeds
    await look(evening, shift, ITS_BRIEFING)
    assert await read(evening.home, shift, ITS_BRIEFING) == [WORDS]
    async with evening.home.door() as session:
        await erase_note(session, evening.lead.asker, note, ITS_BRIEFING)
    await look(evening, shift, ITS_BRIEFING)
    assert [await notes(side) for side in (evening.host, evening.home)] == [0, 0]
    for side in (evening.host, evening.home):
        assert await read(side, shift, ITS_BRIEFING) == []
        assert [each for each in await side.said() if WORDS.encode() in each.payload] == []


async def test_a_note_expires_and_is_erased_with_what_partners_could_read(
    evening: StaffedEvening,
) -> None:
    await evening.says(evening.lead, leave_note, WORDS, now=END)
    await evening.nodes.exchange(END)
    for now, left in ((END + 7 * DAY - MINUTE, 1), (END + 7 * DAY, 0)):
        for side in (evening.host, evening.home):
            async with side.door() as session:
                await erase_expired(session, now)
            assert await notes(side) == left
            words = [each for each in await side.said() if WORDS.encode() in each.payload]
            assert len(words) == (left if side is evening.home else 0)


async def test_an_expired_note_is_not_shown_even_before_it_is_erased(
    evening: StaffedEvening,
) -> None:
    shift = await next_session(evening, END + 7 * DAY)
    await leave(evening)
    assert await read(evening.host, shift, shift.starts - MINUTE) == [WORDS]
    assert await read(evening.host, shift, shift.starts) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Ring 07700 900123 back.", ["personal-data-phone"]),
        ("She writes from ann@example.org", ["personal-data-email"]),
        ("Her page: https://example.org/ann", ["personal-data-url"]),
        ("Look for @sunny_girl again", ["personal-data-handle"]),
        (
            "Two of them:\nNE1 4ST and 03/04/1999",
            ["personal-data-postcode"] * 1 + ["personal-data-date-of-birth"],
        ),
        ("  \n ", ["note-empty"]),
        ("x" * 501, ["note-too-long"]),
        # what is far too long is not searched: that would keep the node busy for a minute
        ("a.b " * 5_000 + "ann@example.org", ["note-too-long"]),
        ("Ring 07700 900123. " * 27, ["note-too-long"]),
    ],
)
async def test_a_note_that_could_identify_somebody_is_refused_with_the_place(
    evening: StaffedEvening, text: str, codes: list[str]
) -> None:
    with pytest.raises(WrongNote) as refused:
        await leave(evening, text)
    assert [reason.code for reason in refused.value.reasons] == codes
    assert await notes(evening.host) == 0


async def test_the_place_of_a_finding_is_told(evening: StaffedEvening) -> None:
    with pytest.raises(WrongNote) as refused:
        await leave(evening, "All quiet.\nRing 07700 900123 back.")
    assert refused.value.reasons[0].text == (
        "This looks like a telephone number: line 2, from character 6 to 17. Say it without that."
    )


async def test_the_host_screens_what_another_node_lets_through(evening: StaffedEvening) -> None:
    await evening.says(evening.lead, leave_note, WORDS, now=END)
    said = (await evening.home.said("handover.written"))[-1]
    bad = said.saying(text="Ring 07700 900123")
    assert await evening.host.hear(evening.home, bad, END) == "wrong-handover-note"
    assert await notes(evening.host) == 0


async def test_only_who_sat_there_leaves_a_note_and_only_its_writer_or_planner_erases_it(
    evening: StaffedEvening,
) -> None:
    async with evening.host.door() as session:
        pool = evening.nodes.pool
        stranger = await a_worker(session, pool.id, pool.coordinator)
    for worker in (stranger, evening.supervisor):
        async with evening.host.door() as session:
            with pytest.raises(NotFound):
                await leave_note(session, worker.asker, evening.shift.id, WORDS, END)
    note = await leave(evening)
    for asker in (stranger.asker, evening.supervisor.asker):
        async with evening.host.door() as session:
            with pytest.raises(NotFound):
                await erase_note(session, asker, note, END)
    assert await notes(evening.host) == 1
    async with evening.host.door() as session:
        await erase_note(session, evening.nodes.pool.coordinator, note, END)
    assert await notes(evening.host) == 0


async def test_notes_are_few_and_written_while_it_is_fresh(evening: StaffedEvening) -> None:
    for now in (BRIEFING - MINUTE, DEBRIEFED + timedelta(hours=12)):
        with pytest.raises(NoteTooLate):
            await leave(evening, now=now)
    for _ in range(3):
        await leave(evening)
    with pytest.raises(EnoughNotes):
        await leave(evening)
