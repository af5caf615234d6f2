"""How the night on which a clock goes back meets a pattern."""

from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rota.shifts.rules.patterns import Answers, Occurrence, Occurrences, Question
from rota.shifts.rules.written_days import written_full_day

COMES_TWICE = "comes-twice"
START, END = "start", "end"
NAMED = {START: "the start", END: "the end"}
SHOWN_TWICE = (
    "In the night of %(day)s the clock in %(zone)s shows %(times)s twice. "
    "The first of the two is meant, unless you choose another time."
)


class Twice(NamedTuple):
    """A clock time of a session that its night shows two times."""

    shown: str
    what: str


def shown_twice(session: Occurrence, zone: str) -> list[Twice]:
    """Tell which of a session's two clock times come twice; it keeps to the first of each."""
    local = ZoneInfo(zone)
    found = []
    for moment, what in ((session.span.start, START), (session.span.end, END)):
        wall = moment.astimezone(local)
        if wall.utcoffset() != wall.replace(fold=1).utcoffset():
            found.append(Twice(f"{wall:%H:%M}", what))
    return found


def doubts(meant: Occurrences, zone: str, said: Answers) -> list[Question]:
    """Ask about each session at a time that comes twice, unless somebody has said what holds."""
    return [
        Question(each.day, COMES_TWICE, _sentence(each.day, twice, zone))
        for each in meant.found
        if each.day not in said and (twice := shown_twice(each, zone))
    ]


def _sentence(day: date, twice: list[Twice], zone: str) -> str:
    times = " and ".join(f"{shown} ({NAMED[what]})" for shown, what in twice)
    return SHOWN_TWICE % {"day": written_full_day(day), "zone": zone, "times": times}
