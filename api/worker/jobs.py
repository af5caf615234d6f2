"""What a worker can do: kind of outbox row -> function. One table, so that a kind has one owner."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

import msgspec

from api import ended
from api.notices import jobs as notice_jobs
from api.notices.jobs import NoticeJob
from api.peers.client import PartnerRefusedError
from api.peers.pull import pull
from api.worker import (
    busy_times,
    handing_jobs,
    hours_jobs,
    planning,
    restore_jobs,
    rota_jobs,
    session_jobs,
    shift_jobs,
)
from api.worker.parting_jobs import hear_handed, part_claims, tell_of_end
from api.worker.rota_jobs import RotaJob
from api.worker.sweeping import SWEEP, SWEEP_EVERY, sweep
from api.worker.workshop import Workshop
from database import outbox
from database.session import door
from federation.access.seal import Seal
from federation.audit.rules import NOTE_ENDED, Ended
from federation.notices.actions import TELL
from federation.notices.addresses.actions import CONFIRM_ADDRESS
from federation.notices.messages.actions import SEND
from federation.partners.actions import (
    POKE,
    PULL,
    RESTATE_HOURS,
    RESTATE_SPEAKERS,
    STATE_HOURS,
    heard,
)
from federation.partners.documents.actions import ANNOUNCE, keep_document, was_told
from federation.partners.queries import joined_nodes
from federation.people.actions import PERSON_CHANGED
from federation.pools.from_partners import SIGN_POOL
from federation.relations.leaving.actions import HANDED, PART
from federation.relations.leaving.actions import TELL as TELL_OF_END
from federation.restoring.actions import BEGIN, REENTER
from federation.restoring.queries import current_restore, is_restoring
from protocols.changes.actions import FOLLOW_RECALLS, TEXTS_CHANGED
from protocols.descendants.actions import follow_recalls
from protocols.releases.searching import SPREAD, spread_out_again
from rota.busy_times.actions import BUSY_CHANGED, READ_CALENDAR
from rota.consent.asking import CONSENT_EXPIRY
from rota.cover.ladder import COVER_STEP
from rota.cover.spans import COVER_ASK
from rota.leave.actions import GIVE_BACK
from rota.passport.actions import PASSPORT, REMINDER
from rota.readings.actions import LOOK
from rota.reentry.actions import RESTATE
from rota.seats.actions import SEAT_CHANGED
from rota.shifts.clock import SESSION_CLOCK
from rota.sign_up.replacing import EXCHANGE_LOOK
from rota.supervisor_calls.asking import CALL_STEP
from rota.swaps.asking import EXCHANGE_EXPIRY

SHIFTS_AHEAD = "shifts-ahead"
SESSIONS_AHEAD = "sessions-ahead"
TOMORROW = "remind-of-tomorrow"
TOMORROW_EVERY = timedelta(minutes=5)
COUNT = "pool-hours"
COUNT_EVERY = timedelta(minutes=30)
RESTORING_LOOK_AGAIN = timedelta(seconds=20)
MAIL_SECONDS = 30
"""Above what one mail or push may take (`NETREACH_SMTP_SECONDS`)."""


Run = Callable[[Workshop, dict[str, Any]], Awaitable[datetime | None]]


@dataclass(frozen=True, slots=True)
class Job:
    """How one kind of work is done; `run` may say when it wants to be done again.

    `seconds` is its lease and its time limit; None takes the node's setting. `at_once` limits how
    many of its kind one process does together, so that one slow server does not stop all work.
    """

    run: Run
    seconds: int | None = None
    at_once: int | None = None


async def poke_partner(workshop: Workshop, payload: dict[str, Any]) -> None:
    """Tell a partner that there is something new; an answer shows that it accepts us."""
    client = await workshop.client(payload["node_id"])
    if client is None:
        return
    await client.poke()
    async with door(workshop.engine) as session:
        await heard(session, node_id=payload["node_id"], now=workshop.clock())


async def pull_partner(workshop: Workshop, payload: dict[str, Any]) -> datetime | None:
    """Read a partner's feeds, and again after the usual while: pokes may get lost.

    What is read is kept event by event, so a lot is read in turns, each well within its lease.
    """
    client = await workshop.client(payload["node_id"])
    if client is None:
        return None
    try:
        async with asyncio.timeout(workshop.settings.lease_seconds * 0.75):
            await pull(workshop.reader, client, payload["node_id"])
    except TimeoutError:
        return workshop.clock()
    return workshop.clock() + timedelta(seconds=workshop.settings.poll_seconds)


async def announce_document(workshop: Workshop, payload: dict[str, Any]) -> None:
    """Show a partner this node's new keys, name or address, until it has seen them."""
    client = await workshop.client(payload["node_id"])
    if client is None:
        return
    document = workshop.node.document
    try:
        await client.announce(document)
    except PartnerRefusedError as refusal:
        # an older version has no such address, and reads the document with the feeds
        if refusal.status not in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}:
            raise
    async with door(workshop.engine) as session:
        await was_told(session, payload["node_id"], document)


async def spread_texts(workshop: Workshop, _: dict[str, Any]) -> datetime:
    """Spread out for searching what a program of an older version has released meanwhile."""
    async with door(workshop.engine) as session:
        more = await spread_out_again(session)
    return workshop.clock() + (timedelta() if more else SWEEP_EVERY)


async def count_hours(workshop: Workshop, _: dict[str, Any]) -> datetime:
    """Count what projects give to their pools, and again after a while: it is of whole weeks."""
    now = workshop.clock()
    await rota_jobs.count_hours(workshop.engine, now)
    return now + COUNT_EVERY


async def ask_for_standing_work(workshop: Workshop) -> None:
    """Ask once for what then asks for itself: pulls, the sweep, the sessions ahead, hours."""
    now = workshop.clock()
    async with door(workshop.engine) as session:
        await keep_document(session, workshop.node.document, now)
        for node_id in await joined_nodes(session):
            await outbox.put(session, PULL, {"node_id": node_id}, now=now, key=node_id)
        for kind in (SWEEP, SESSIONS_AHEAD, SHIFTS_AHEAD, TOMORROW, COUNT, SPREAD):
            await outbox.put(session, kind, {}, now=now, key=kind)
        await outbox.put(session, LOOK, {}, now=now, key="all")
        restore = await current_restore(session)
        if restore is not None and restore.begun_at is None:
            await outbox.put(session, BEGIN, {}, now=now, key=BEGIN)


async def remind_of_tomorrow(workshop: Workshop, _: dict[str, Any]) -> datetime:
    """Remind people of what they have tomorrow, and look again in a while."""
    now = workshop.clock()
    await rota_jobs.remind_of_tomorrow(workshop.engine, now)
    return now + TOMORROW_EVERY


def _rota(act: RotaJob) -> Run:
    """Give a piece of the rota's work the database and the time, all that it needs."""

    async def run(workshop: Workshop, payload: dict[str, Any]) -> datetime | None:
        return await act(workshop.engine, payload, workshop.clock())

    return run


def _once_restored(act: RotaJob) -> Run:
    """Put off what gives seats, or ends what nobody took, until partners have told who has them."""

    async def run(workshop: Workshop, payload: dict[str, Any]) -> datetime | None:
        async with door(workshop.engine) as session:
            if await is_restoring(session):
                return workshop.clock() + RESTORING_LOOK_AGAIN
        return await act(workshop.engine, payload, workshop.clock())

    return run


def _notices(act: NoticeJob) -> Run:
    """Give a piece of work about notices what they are sent with."""

    async def run(workshop: Workshop, payload: dict[str, Any]) -> datetime | None:
        return await act(workshop.office, payload)

    return run


async def make_plan(workshop: Workshop, payload: dict[str, Any]) -> None:
    """Let the planner search for as long as this node's setting says."""
    await planning.make_plan(workshop.engine, payload, workshop.settings.plan_seconds)


async def answer_question(workshop: Workshop, payload: dict[str, Any]) -> None:
    """Let the planner search for the two plans of a question as long as for one."""
    await planning.answer_question(workshop.engine, payload, workshop.settings.plan_seconds)


async def read_calendar(workshop: Workshop, payload: dict[str, Any]) -> datetime | None:
    """Read when somebody is busy from their own calendar, and say when to read it again."""
    settings = workshop.settings
    return await busy_times.read_calendar(
        workshop.engine,
        Seal.open(settings.keys),
        UUID(payload["calendar"]),
        workshop.clock,
        development=settings.development,
    )


async def withdraw_derived(workshop: Workshop, payload: dict[str, Any]) -> None:
    """Withdraw what this node derived from a withdrawn text, signed as its own."""
    async with door(workshop.engine) as session:
        sign = partial(workshop.node.keys.sign, "release")
        await follow_recalls(session, payload["urn"], sign, workshop.clock())


async def begin_again(workshop: Workshop, _payload: dict[str, Any]) -> None:
    """Ask the partners, where the command that restored was stopped before it could."""
    await ended.begin_again(workshop.engine, workshop.settings.keys, workshop.clock())


async def note_ended(workshop: Workshop, payload: dict[str, Any]) -> None:
    """Write outside the database what was ended, so that no backup undoes it."""
    await ended.note_ended(workshop.settings.keys, [msgspec.convert(payload, Ended)])


async def enter_again(workshop: Workshop, _payload: dict[str, Any]) -> None:
    """Enter again what partners hold, after a restore."""
    await restore_jobs.enter_again(workshop.engine, workshop.node, workshop.clock())


JOBS: dict[str, Job] = {
    POKE: Job(poke_partner),
    PULL: Job(pull_partner),
    ANNOUNCE: Job(announce_document),
    SWEEP: Job(sweep),
    TELL_OF_END: Job(tell_of_end),
    PART: Job(_rota(part_claims)),
    HANDED: Job(hear_handed),
    BEGIN: Job(begin_again),
    NOTE_ENDED: Job(note_ended),
    REENTER: Job(enter_again),
    SIGN_POOL: Job(handing_jobs.sign_pool),
    RESTATE: Job(_rota(restore_jobs.restate)),
    TOMORROW: Job(remind_of_tomorrow),
    COUNT: Job(count_hours),
    SPREAD: Job(spread_texts),
    "claim-expiry": Job(_once_restored(rota_jobs.expire_claim)),
    CONSENT_EXPIRY: Job(_once_restored(rota_jobs.expire_consent)),
    SEAT_CHANGED: Job(_once_restored(rota_jobs.look_again)),
    COVER_STEP: Job(_once_restored(rota_jobs.move_cover)),
    COVER_ASK: Job(_once_restored(rota_jobs.ask_cover)),
    "decide-proposal": Job(_once_restored(rota_jobs.decide)),
    "swap-expiry": Job(_once_restored(rota_jobs.expire_swap)),
    EXCHANGE_EXPIRY: Job(_once_restored(rota_jobs.expire_exchange)),
    EXCHANGE_LOOK: Job(_once_restored(rota_jobs.look_at_exchange)),
    SHIFTS_AHEAD: Job(_once_restored(shift_jobs.make_shifts_ahead)),
    "follow-move": Job(_once_restored(shift_jobs.follow_moved_shift)),
    "vacate-cancelled": Job(_rota(shift_jobs.vacate_called_off)),
    "propose": Job(_once_restored(rota_jobs.propose)),
    "offers": Job(_rota(rota_jobs.state_all_offers)),
    PERSON_CHANGED: Job(_rota(rota_jobs.follow_person)),
    SESSION_CLOCK: Job(_rota(session_jobs.look_at_one)),
    SESSIONS_AHEAD: Job(_rota(session_jobs.look_ahead)),
    STATE_HOURS: Job(_rota(hours_jobs.state)),
    RESTATE_HOURS: Job(_rota(hours_jobs.restate)),
    RESTATE_SPEAKERS: Job(_rota(hours_jobs.restate_speakers)),
    CALL_STEP: Job(_rota(session_jobs.move_call_on)),
    FOLLOW_RECALLS: Job(withdraw_derived),
    TEXTS_CHANGED: Job(_rota(rota_jobs.follow_texts)),
    LOOK: Job(_rota(rota_jobs.look_at_all_readings)),
    PASSPORT: Job(_rota(rota_jobs.check_passports)),
    REMINDER: Job(_rota(rota_jobs.remind_of_training)),
    GIVE_BACK: Job(_rota(rota_jobs.give_back_for_leave)),
    BUSY_CHANGED: Job(_rota(rota_jobs.look_at_busy_seats)),
    READ_CALENDAR: Job(read_calendar, seconds=busy_times.LONGEST_SECONDS),
    "plan": Job(make_plan, seconds=planning.LONGEST_PLAN_SECONDS + 30),
    "what-if": Job(answer_question, seconds=2 * planning.LONGEST_PLAN_SECONDS + 30),
    TELL: Job(_notices(notice_jobs.tell), at_once=2),
    SEND["email"]: Job(_notices(notice_jobs.send_mail), seconds=MAIL_SECONDS, at_once=2),
    SEND["push"]: Job(_notices(notice_jobs.send_push), seconds=MAIL_SECONDS, at_once=2),
    CONFIRM_ADDRESS: Job(_notices(notice_jobs.ask_to_confirm), seconds=MAIL_SECONDS, at_once=1),
}
