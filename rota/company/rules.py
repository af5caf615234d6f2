"""What the holders of a session's seats are told, and from when to when (design 3.11)."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec

from federation.pools.stated import Moment, Name
from rota.handover.rules import Note
from rota.session_details.rules import is_safe_link, written_number
from rota.shifts.rules.nearness import AHEAD

Text = Annotated[str, msgspec.Meta(max_length=500)]
EVENT = "session.company"


class Companion(msgspec.Struct, frozen=True):
    """Somebody on the session, by the pseudonym of the pool; whether they are there now."""

    seat: UUID
    role: Name
    handle: Name
    project: UUID
    here: bool = False
    late_until: Moment | None = None


class Company(msgspec.Struct, frozen=True, kw_only=True):
    """All that is told; empty where its time has not come or is over."""

    shift: UUID
    companions: Annotated[list[Companion], msgspec.Meta(max_length=50)] = []
    meeting_link: Text | None = None
    contact_label: Text | None = None
    contact_number: Text | None = None
    contact_link: Text | None = None
    conversations_at_once: int | None = None
    never_alone: bool = False
    answer_minutes: int | None = None
    notes: Annotated[list[Note], msgspec.Meta(max_length=20)] = []


class Window(msgspec.Struct, frozen=True):
    """Which part of it may be told at a moment."""

    handles: bool
    details: bool


def window(
    starts: datetime, ends: datetime, briefing_minutes: int, debrief_minutes: int, now: datetime
) -> Window:
    """Say what may be told: handles from a day before, all else from briefing to debrief."""
    over = now >= ends + timedelta(minutes=debrief_minutes)
    briefed = now >= starts - timedelta(minutes=briefing_minutes)
    return Window(handles=now >= starts - AHEAD and not over, details=briefed and not over)


def cleaned(told: Company) -> Company:
    """Leave out what a host should never have told: links that are none, numbers nobody dials."""
    link, contact = told.meeting_link, told.contact_link
    return msgspec.structs.replace(
        told,
        meeting_link=link if link and is_safe_link(link) else None,
        contact_link=contact if contact and is_safe_link(contact) else None,
        contact_number=told.contact_number and written_number(told.contact_number),
    )


def as_event(told: Company) -> dict[str, Any]:
    """Write it as it travels."""
    written: dict[str, Any] = msgspec.to_builtins(told)
    return written
