"""In which state a session is for those who sit there, and what each of them can do in it."""

from datetime import datetime, timedelta
from typing import Literal

from rota.attendance.rules import COMES, MAY_CHECK_IN, SAID_UNTIL
from rota.handover.rules import may_write_until
from rota.open_hours.rules.hours import OpenShift

State = Literal["coming", "waiting", "open", "busy", "paused", "closed", "missed", "over", "short"]


def state_of(shown: OpenShift, now: datetime, *, is_open: bool, missed: bool) -> State:
    """Name how a session stands, as the public page shows it where there is anything to show."""
    begun = now >= shown.starts
    states: tuple[tuple[State, bool], ...] = (
        ("missed", missed),
        ("over", now >= shown.ends),
        ("short", not is_open),
        ("closed", shown.ended_at is not None or (begun and now >= shown.shown_until(now))),
        ("paused", shown.paused_since is not None),
        ("coming", not begun),
        ("waiting", not shown.checked_in),
        ("busy", shown.busy),
    )
    return next((state for state, holds in states if holds), "open")


def may(
    role: str,
    state: State,
    briefing: datetime,
    ends: datetime,
    debrief_minutes: int,
    now: datetime,
    *,
    here: bool,
    debriefed: bool,
    meets_people: bool,
) -> frozenset[str]:
    """Name what a holder can do now; each action asks its own rules once more."""
    comes, sits = role in COMES, role in MAY_CHECK_IN
    going_on = briefing <= now < ends
    over = now >= ends or state in {"closed", "missed"}
    begun = state in {"open", "busy", "paused"} or (state == "coming" and here)
    can = {
        "check-in": comes and going_on and not here and meets_people,
        "late": sits and going_on and not here and meets_people,
        "busy": sits and going_on and begun,
        "end": sits and going_on and begun,
        "done": sits and not meets_people and briefing <= now and state != "coming",
        "did-not-happen": sits
        and briefing <= now < ends + SAID_UNTIL
        and state in {"coming", "waiting", "closed", "short", "over"}
        and not here,
        "debrief": comes and over and not debriefed and now < ends + SAID_UNTIL,
        "call": comes and briefing <= now < ends + timedelta(minutes=debrief_minutes),
        "note": comes and briefing <= now < may_write_until(ends, debrief_minutes),
        "give-up": now < ends,
    }
    return frozenset(name for name, allowed in can.items() if allowed)
