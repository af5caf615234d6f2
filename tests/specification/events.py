"""Vectors of events: of each kind what is understood, and what is malformed."""

from typing import Any

from tests.specification.event_examples import EXAMPLES
from tests.specification.example_words import AT, HANDLE, MEMBER, PART, PROJECT, SHIFT, WANTED
from tests.specification.vectors import Group, Vector, bad, good

MALFORMED = "malformed"
WRONG: dict[str, dict[str, dict[str, Any]]] = {
    "pool.stated": {
        "a count above 10,000": {"speakers_shown_from": 10_001},
        "a short name in capitals": {"slug": "Night"},
        "no name": {"name": ""},
        "91 days to read": {"reading_days": 91},
        "a member at a node that is none": {"members": [MEMBER | {"node": "south"}]},
    },
    "member.joined": {
        "hours as a number": {"hours_offered_per_week": 6},
        "hours below nought": {"hours_before_per_week": "-1"},
    },
    "handle.stated": {
        "hours with five places": {"rest_hours": "1.00001"},
        "a display of 201 characters": {"display": "a" * 201},
    },
    "shift.stated": {
        "a time without its zone": {"starts": "2027-01-05T20:00:00"},
        "no seats": {"seats": None},
        "101 languages": {"languages": ["en"] * 101},
    },
    "hours.stated": {
        "a day that there is not": {
            "weeks": [{"project": PROJECT, "monday": "2027-02-30", "given": "1", "on_call": "0"}]
        }
    },
    "counts.stated": {
        "a count below nought": {
            "content": {
                "sessions": 1,
                "tables": [{"name": "unmet", "cells": [{"value": "tax", "count": -1}]}],
            }
        },
        "a month without tables": {"content": {"sessions": 1}},
    },
    "open-hours.stated": {
        "channels that are not told": {"channels": None},
        "hours without the day on which they end": {"hours": [{"start": AT, "channel": "chat"}]},
        "a language of 36 characters": {"by_message": ["a" * 36]},
    },
    "offers.stated": {"a preference above 2": {"offers": [{"shift": SHIFT, "preference": 3}]}},
    "claim.requested": {
        "an id that is none": {"claim": "claim"},
        "no end of waiting": {"answer_by": None},
    },
    "claim.answered": {
        "a state that is none": {"state": "perhaps"},
        "a reason of 501 characters": {"reasons": [{"code": "a", "text": "a" * 501}]},
        "a term below 1": {"term": 0},
    },
    "claim.proposed": {"an origin that is none": {"origin": "worker"}},
    "cover.stated": {"a step that is none": {"step": "everybody"}},
    "swap.offered": {"more wanted than anybody may": {"wanted": WANTED * 21}},
    "waiting.stated": {"place 0": {"place": 0}},
    "call.stated": {"51 to be asked": {"ask": [{"handle": HANDLE, "step": "supervisor"}] * 51}},
    "session.company": {"a link of 501 characters": {"meeting_link": "a" * 501}},
    "restore.answered": {"no part": {"part": None}},
    "pool.unoffered": {"no term": {"term": None}},
    "pool.contents": {"a term below 1": {"term": 0}, "nothing to have read": {"read_to": None}},
    "claims.stated": {"a part below 0": {"part": -1}},
    "release.stated": {"no signature": {"signature": None}},
    "pool-text.stated": {"no kind that there is": {"protocol_kind": "motto"}},
    "answer.marked": {"a note of 501 characters": {"note": "a" * 501}},
    "text-proposal.made": {"nothing proposed": {"parts": []}, "21 parts": {"parts": [PART] * 21}},
    "text-proposal.answered": {"a sentence of 501 characters": {"sentence": "a" * 501}},
}


def groups() -> list[Group]:
    return [Group(check="event", section="kinds-of-events", vectors=_events())]


def _events() -> list[Vector]:
    understood = [
        good(kind, {"kind": kind, "payload": said}, None) for kind, said in EXAMPLES.items()
    ]
    later = [
        good(
            f"{kind}, with a field of a later version",
            {"kind": kind, "payload": said | {"mood": 1}},
            None,
        )
        for kind, said in EXAMPLES.items()
        if kind in {"claim.requested", "pool.stated"}
    ]
    malformed = [
        bad(f"{kind}: {what}", {"kind": kind, "payload": EXAMPLES[kind] | change}, MALFORMED)
        for kind, changes in WRONG.items()
        for what, change in changes.items()
    ]
    return [*understood, *later, *malformed]
