"""Whom and what the examples of events are about."""

from tests.specification.example_nodes import handle_id, ident

AT, LATER, UNTIL = (f"2027-01-05T{time}:00+00:00" for time in ("18:00", "20:00", "23:00"))
CLAIM, OTHER_CLAIM, SEAT, OTHER_SEAT = (
    str(ident(301)),
    str(ident(302)),
    str(ident(201)),
    str(ident(202)),
)
HANDLE, PROJECT, POOL, SHIFT = str(handle_id(1)), str(ident(10)), str(ident(20)), str(ident(200))
REASON = {"code": "seat-taken", "text": "This seat has just been taken."}
STATED_PROJECT = {
    "id": PROJECT,
    "slug": "harbour-lights",
    "name": "Harbour Lights",
    "region": "North East",
    "jurisdiction": "england-and-wales",
    "zone": "Europe/London",
    "languages": ["en"],
}
MEMBER = {"project": STATED_PROJECT, "hours_offered_per_week": "6", "hours_before_per_week": "2.5"}
CHANNEL = {
    "id": str(ident(30)),
    "slug": "chat",
    "name": "Live chat",
    "kind": "session",
    "minimum_workers": 2,
    "minimum_supervisors": 1,
    "trainings": ["online-safety"],
    "rules_of_engagement": "Two of you are online together.",
    "tool_account": None,
}
SLOT = {
    "id": str(ident(31)),
    "series": "Romanian evening",
    "language": "ro",
    "weekday": 1,
    "starts": "19:00",
    "zone": "Europe/London",
    "agreed": False,
}
STATED_SHIFT = {
    "id": SHIFT,
    "channel": "chat",
    "starts": LATER,
    "ends": UNTIL,
    "zone": "Europe/London",
    "briefing_minutes": 15,
    "debrief_minutes": 15,
    "languages": ["en"],
    "wanted_languages": [],
    "theme": None,
    "demand": "1",
    "minimum_workers": 2,
    "minimum_supervisors": 1,
    "trainings": ["online-safety"],
    "series": "Tuesday evening",
    "open": False,
    "cancelled": False,
    "ground_rules": None,
    "seats": [{"id": SEAT, "role": "lead", "state": "open"}],
}
STATED_CLAIM = {
    "claim": CLAIM,
    "seat": SEAT,
    "handle": HANDLE,
    "project": PROJECT,
    "state": "released",
    "origin": "worker",
    "made_at": AT,
    "answer_by": LATER,
}
HANDED_CLAIM = {
    "claim": CLAIM,
    "seat": SEAT,
    "handle": HANDLE,
    "state": "released",
    "origin": "worker",
    "made_at": AT,
    "answer_by": LATER,
    "receipt": None,
    "moved_at": None,
}
EXCHANGE, OFFER = str(ident(320)), str(ident(321))
WANTED = [{"seat": OTHER_SEAT, "starts": LATER, "ends": UNTIL}]
PART = {
    "block": str(ident(401)),
    "action": "replace",
    "why": "It is shorter.",
    "texts": {"en": "Two of you."},
}
