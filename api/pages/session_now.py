"""One page for who sits on a session: check-in, link, contact, call, note, debrief, giving up."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from api.errors import InvalidRequest
from api.pages.buttons import button
from api.pages.forms import NoForm
from api.pages.rendering import page, way_back, with_script
from api.pages.weeks import Week, week_of
from api.parts import Now, Session, Signed
from federation.permissions.rules import Asker
from rota.attendance.actions import say_debriefed, say_did_not_happen, say_late
from rota.attendance.rules import WHY_NOT
from rota.handover.actions import erase_note, leave_note
from rota.handover.rules import LASTS, LONGEST_NOTE
from rota.session_view.queries import SessionSeen, session_around, session_seen, sessions_near
from rota.shifts.models import Shift
from rota.sign_up.actions import release_claim
from rota.supervisor_calls.actions import answer_call, call_supervisor
from rota.supervisor_calls.queries import calls_seen

"""An open session page looks by itself whether something has been withdrawn meanwhile."""


class LateForm(msgspec.Struct):
    """In how many minutes somebody will be there."""

    minutes: str = ""


class MissedForm(msgspec.Struct):
    """Why a session did not take place."""

    reason: str = ""


class NoteForm(msgspec.Struct):
    """A few words for the next people."""

    text: str = ""


class BackForm(msgspec.Struct):
    """The session to return to."""

    shift: str = ""


def session_address(shift: UUID) -> str:
    """Give the address of a session's own page."""
    return f"/shifts/{shift}/now"


@get("/now")
async def near(session: Session, asker: Signed, now: Now) -> Template:
    """List the sessions that are near and the calls that wait; a single session shows at once."""
    sessions = await sessions_near(session, asker, now)
    known = await calls_seen(session, asker, [each.shift.id for each in sessions], now)
    calls = [one for one in known if one.waits]
    if len(sessions) == 1 and not calls:
        seen = await session_around(session, asker, sessions[0], known, now)
        return _session_page(asker, seen, now)
    shifts = [each.shift for each in sessions] + [one.shift for one in calls]
    clocks = {shift.id: _clock(shift) for shift in shifts}
    return page("now.html", asker=asker, sessions=sessions, calls=calls, clocks=clocks, now=now)


@get("/shifts/{shift:uuid}/now")
async def show(session: Session, asker: Signed, now: Now, shift: FromPath[UUID]) -> Template:
    """Show a session to who holds a seat of it."""
    return _session_page(asker, await session_seen(session, asker, shift, now), now)


def _session_page(asker: Asker, seen: SessionSeen, now: datetime) -> Template:
    answer = page(
        "session.html",
        asker=asker,
        seen=seen,
        week=_clock(seen.shift),
        calls=seen.to_take,
        clocks={one.shift.id: _clock(one.shift) for one in seen.to_take},
        why_not=WHY_NOT,
        longest_note=LONGEST_NOTE,
        note_days=LASTS.days,
        now=now,
    )
    return with_script(answer)


def _clock(shift: Shift) -> Week:
    """Show times on the clock of the people who planned the session."""
    return week_of(None, shift.zone, shift.starts)


@post("/shifts/{shift:uuid}/late", status_code=303)
async def late(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    shift: FromPath[UUID],
    data: URLEncodedBody[LateForm],
) -> Redirect:
    """Say in how many minutes one will be there."""
    back = way_back(request, session_address(shift))
    if not data.minutes.isdecimal() or len(data.minutes) > len("60"):
        raise InvalidRequest("minutes", "must be a number from 1 to 60.")
    await say_late(session, asker, shift, int(data.minutes), now)
    return Redirect(back, status_code=303)


@post("/shifts/{shift:uuid}/did-not-happen", status_code=303)
async def did_not_happen(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    shift: FromPath[UUID],
    data: URLEncodedBody[MissedForm],
) -> Redirect:
    """Say that the session did not take place, and why."""
    back = way_back(request, session_address(shift))
    await say_did_not_happen(session, asker, shift, data.reason, now)
    return Redirect(back, status_code=303)


debrief = button(
    "/shifts/{subject:uuid}/debrief", say_debriefed, lambda shift, _: session_address(shift)
)
call = button(
    "/shifts/{subject:uuid}/call", call_supervisor, lambda shift, _: session_address(shift)
)
take_call = button("/calls/{subject:uuid}/take", answer_call, lambda *_: "/now")


@post("/shifts/{shift:uuid}/notes", status_code=303)
async def note(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    shift: FromPath[UUID],
    data: URLEncodedBody[NoteForm],
) -> Redirect:
    """Leave a note for the people of the next session."""
    back = way_back(request, session_address(shift))
    await leave_note(session, asker, shift, data.text.replace("\r\n", "\n"), now)
    return Redirect(back, status_code=303)


@post("/notes/{note_id:uuid}/erase", status_code=303)
async def erase(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    note_id: FromPath[UUID],
    data: URLEncodedBody[BackForm],
) -> Redirect:
    """Erase a note that one has left."""
    where = f"/shifts/{data.shift}/now" if data.shift.replace("-", "").isalnum() else "/now"
    back = way_back(request, where)
    await erase_note(session, asker, note_id, now)
    return Redirect(back, status_code=303)


@post("/shifts/{shift:uuid}/give-up", status_code=200)
async def give_up(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    shift: FromPath[UUID],
    data: URLEncodedBody[NoForm],
) -> Template:
    """Drop out of a session that is near or runs, and learn what happens now."""
    del data
    way_back(request, session_address(shift))
    seen = await session_seen(session, asker, shift, now)
    await release_claim(session, asker, seen.claim_id, now)
    await session.refresh(seen.shift)
    return page("gave-up.html", asker=asker, seen=seen, week=_clock(seen.shift), now=now)
