"""Around a session, as JSON: how it stands, late, missed, debrief, calls, handover notes."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from api.routes.pages_of import Page
from api.routes.protocols import item_of
from rota.attendance.actions import say_debriefed, say_did_not_happen, say_late
from rota.handover.actions import erase_note, leave_note
from rota.handover.rules import LONGEST_NOTE
from rota.session_view.queries import SessionSeen, session_seen
from rota.supervisor_calls.actions import answer_call, call_supervisor
from rota.supervisor_calls.models import SupervisorCall
from rota.supervisor_calls.queries import calls_to_take


class CompanionAnswer(msgspec.Struct, frozen=True):
    """Somebody on the same session, by the pseudonym of the pool."""

    seat: UUID
    role: str
    handle: str
    here: bool
    late_until: datetime | None


class ContactAnswer(msgspec.Struct, frozen=True):
    """Whom to reach: an organisation, never a person."""

    label: str
    number: str | None
    link: str | None


class NoteAnswer(msgspec.Struct, frozen=True):
    """A handover note of the session before, or one's own."""

    id: UUID
    text: str
    written_at: datetime
    expires_at: datetime


class CallAnswer(msgspec.Struct, frozen=True):
    """A call for the supervisor: who is asked now, and who has taken it."""

    id: UUID
    shift: UUID
    called_at: datetime
    step: str
    answered_at: datetime | None
    answered_by: str | None


class WithdrawnAnswer(msgspec.Struct, frozen=True):
    """Something that was withdrawn lately; the release `number`, or else `meanwhile`, holds."""

    id: UUID
    title: str
    reason: str
    at: datetime
    number: str | None
    meanwhile: str | None


class SessionAnswer(msgspec.Struct, frozen=True):
    """A session for who sits on it; `may` names what can be done now."""

    shift: UUID
    role: str
    state: str
    may: list[str]
    arrived_at: datetime | None
    debriefed_at: datetime | None
    companions: list[CompanionAnswer]
    meeting_link: str | None
    contact: ContactAnswer | None
    conversations_at_once: int | None
    never_alone: bool
    to_read: list[str]
    withdrawn: list[WithdrawnAnswer]
    calls: list[CallAnswer]
    notes: list[NoteAnswer]
    own_notes: list[NoteAnswer]


class LateBody(msgspec.Struct, forbid_unknown_fields=True):
    """In how many minutes one will be there."""

    minutes: int


class MissedBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why a session did not take place."""

    reason: Literal["too-few-people", "technical", "unsafe", "other"]


class NoteBody(msgspec.Struct, forbid_unknown_fields=True):
    """A note about the work, with nothing in it that could identify anybody."""

    text: Annotated[str, msgspec.Meta(max_length=LONGEST_NOTE * 4)]


class NoteMade(msgspec.Struct, frozen=True):
    """The id by which a note can be erased."""

    id: UUID


@get("/shifts/{shift:uuid}/session", summary="A session of yours, as it stands")
async def show_session(
    session: Session, asker: Signed, now: Now, shift: FromPath[UUID]
) -> SessionAnswer:
    """Show a session to who holds a seat of it; link and contact from briefing to debrief."""
    return _session(await session_seen(session, asker, shift, now))


@post("/shifts/{shift:uuid}/late", summary="Say that you are late", status_code=204)
async def be_late(
    session: Session, asker: Signed, now: Now, shift: FromPath[UUID], data: JSONBody[LateBody]
) -> None:
    """Say in how many minutes you will be there; the others on the session see it."""
    await say_late(session, asker, shift, data.minutes, now)


@post("/shifts/{shift:uuid}/did-not-happen", summary="Say it did not happen", status_code=204)
async def miss_session(
    session: Session, asker: Signed, now: Now, shift: FromPath[UUID], data: JSONBody[MissedBody]
) -> None:
    """Say that a session did not take place, and why."""
    await say_did_not_happen(session, asker, shift, data.reason, now)


@post("/shifts/{shift:uuid}/debrief", summary="Say you had the debrief", status_code=204)
async def have_debrief(session: Session, asker: Signed, now: Now, shift: FromPath[UUID]) -> None:
    """Say that you have had the debrief; this stays at your own node."""
    await say_debriefed(session, asker, shift, now)


@post("/shifts/{shift:uuid}/calls", summary="Call the supervisor", status_code=201)
async def make_call(session: Session, asker: Signed, now: Now, shift: FromPath[UUID]) -> CallAnswer:
    """Call the supervisor of your session; unanswered, it goes on to the deputy by itself."""
    return _call(await call_supervisor(session, asker, shift, now))


@get("/calls", summary="Calls that wait for you")
async def list_calls(session: Session, asker: Signed, now: Now) -> Page[CallAnswer]:
    """List the calls that you were asked to take and nobody has taken."""
    waiting = await calls_to_take(session, asker, now)
    return Page(items=[_call(one.call) for one in waiting])


@post("/calls/{call:uuid}/answer", summary="Take a call", status_code=204)
async def take_call(session: Session, asker: Signed, now: Now, call: FromPath[UUID]) -> None:
    """Take a call that you were asked to take; whoever is first has it."""
    await answer_call(session, asker, call, now)


@post("/shifts/{shift:uuid}/notes", summary="Leave a handover note", status_code=201)
async def add_note(
    session: Session, asker: Signed, now: Now, shift: FromPath[UUID], data: JSONBody[NoteBody]
) -> NoteMade:
    """Leave a note for the people of the channel's next session; it is screened, and expires."""
    return NoteMade(id=await leave_note(session, asker, shift, data.text, now))


@delete("/notes/{note:uuid}", summary="Erase a handover note", status_code=204)
async def remove_note(session: Session, asker: Signed, now: Now, note: FromPath[UUID]) -> None:
    """Erase a note that you have left; its readers no longer see it either."""
    await erase_note(session, asker, note, now)


def _session(seen: SessionSeen) -> SessionAnswer:
    company = seen.company
    return SessionAnswer(
        shift=seen.shift.id,
        role=seen.role,
        state=seen.state,
        may=sorted(seen.may),
        arrived_at=seen.mine.arrived_at if seen.mine else None,
        debriefed_at=seen.mine.debriefed_at if seen.mine else None,
        companions=[
            CompanionAnswer(each.seat, each.role, each.handle, each.here, each.late_until)
            for each in company.companions
        ],
        meeting_link=company.meeting_link,
        contact=ContactAnswer(company.contact_label, company.contact_number, company.contact_link)
        if company.contact_label
        else None,
        conversations_at_once=company.conversations_at_once,
        never_alone=company.never_alone,
        to_read=[text.urn for text in seen.lacking],
        withdrawn=[
            WithdrawnAnswer(
                item_of(one.urn),
                one.title,
                one.reason,
                one.at,
                one.number or None,
                one.emergency.plain if one.emergency else None,
            )
            for one in seen.withdrawn
        ],
        calls=[_call(call) for call in seen.calls],
        notes=[
            NoteAnswer(note.id, note.text, note.written_at, note.expires_at)
            for note in company.notes
        ],
        own_notes=[
            NoteAnswer(note.id, note.text, note.written_at, note.expires_at) for note in seen.notes
        ],
    )


def _call(call: SupervisorCall) -> CallAnswer:
    return CallAnswer(
        call.id, call.shift_id, call.called_at, call.step, call.answered_at, call.answered_by
    )
