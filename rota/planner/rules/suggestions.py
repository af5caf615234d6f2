"""Sessions that could be added with the people who are still free."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from heapq import heapify, heappop, heapreplace
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from rota.planner.rules.board import Board, Kind, Place, Session, joined
from rota.planner.rules.eligibility import obstacles
from rota.planner.rules.greedy import Team, open_with
from rota.planner.rules.measures import open_spans
from rota.planner.rules.naming import shown
from rota.planner.rules.roster import Roster
from rota.planner.rules.scenario import Shift, number
from rota.planner.rules.weeks import MINUTE, instant, moment

MOST = 5
LOOKS = 400_000  # people looked at in all; a count, so that plans repeat


class Suggestion(Struct, frozen=True):
    """A session that people who are still free could open."""

    channel: str
    start: datetime
    end: datetime
    open_minutes: int | float
    text: str


class Idea(NamedTuple):
    """A possible session; the best sorts first."""

    loss: int  # open time gained, negative
    unusual: bool  # at an hour at which the channel has no other session
    start: int
    channel: str


def suggestions(board: Board, places: Sequence[Place]) -> tuple[Suggestion, ...]:
    """Add up to five sessions one after another, each with people whom the others leave free."""
    search = Search(board, places)
    return tuple(search.found())


class Search:
    """What is open so far and who is left."""

    def __init__(self, board: Board, places: Sequence[Place]) -> None:
        self.board = board
        self.roster = Roster(board, places)
        self.spans = open_spans(board, places)
        self.own = [who for who, each in enumerate(board.people) if each.offers is None]
        self.models = _models(board)
        self.looks = LOOKS

    def found(self) -> Iterator[Suggestion]:
        """Take the idea that gains most now, again and again."""
        ideas = sorted({idea for name in self.models for idea in self._ideas(name)})
        heapify(ideas)
        count = 0
        while ideas and count < MOST and self.looks > 0:
            idea = ideas[0]
            session = self._session(idea.channel, idea.start)
            now = idea._replace(loss=-self._gain(session))
            if now.loss == 0:
                heappop(ideas)
            elif now != idea:
                heapreplace(ideas, now)
            else:
                heappop(ideas)
                team = self._team(session)
                if team:
                    count += 1
                    yield self._accept(session, team, -idea.loss)

    def _ideas(self, channel: str) -> Iterator[Idea]:
        """Try the channel's own hours on every day, then the edges of people's free times."""
        usual = {*self._usual_starts(channel)}
        for start in usual | {*self._edges(self.models[channel])}:
            if self._inside(start):
                session = self._session(channel, start)
                yield Idea(-self._gain(session), start not in usual, start, channel)

    def _usual_starts(self, channel: str) -> Iterator[int]:
        calendar = self.board.calendar
        shifts = [each for each in self.board.sessions if each.channel == channel]
        hours = {calendar.local(each.start).time() for each in shifts}
        for day in _days(self.board.scenario.from_, self.board.scenario.until):
            for hour in hours:
                yield moment(datetime.combine(day, hour, calendar.zone))

    def _edges(self, model: Shift) -> Iterator[int]:
        before = round(model.briefing_minutes * MINUTE)
        after = moment(model.end) - moment(model.start) + round(model.debrief_minutes * MINUTE)
        for who in self.own:
            for begin, until in self.board.people[who].available:
                yield begin + before
                yield until - after

    def _inside(self, start: int) -> bool:
        day = self.board.calendar.day(start)
        return self.board.scenario.from_ <= day < self.board.scenario.until

    def _session(self, channel: str, start: int) -> Session:
        model = self.models[channel]
        begin = instant(start)
        end = begin + (model.end - model.start)
        added = replace(model, id=f"added {channel} {start}", start=begin, end=end)
        return Session.of(added, self.board.calendar)

    def _gain(self, session: Session) -> int:
        taken = sum(
            max(0, min(end, session.end) - max(begin, session.start))
            for begin, end in self.spans.get(session.channel, ())
        )
        return session.end - session.start - taken

    def _team(self, session: Session) -> Team | None:
        self.looks -= len(self.own)
        choices = {
            kind: [
                who
                for who in self.own
                if next(obstacles(self.board.people[who], session, kind), None) is None
            ]
            for kind in Kind
        }
        return open_with(self.board, self.roster, session, [], choices)

    def _accept(self, session: Session, team: Team, gain: int) -> Suggestion:
        for who, kind in team:
            self.roster.seat(who, session, kind)
        spans = self.spans.get(session.channel, ())
        self.spans[session.channel] = joined([*spans, (session.start, session.end)])
        minutes = number(Fraction(gain, MINUTE))
        names = " and ".join(shown(self.board.people[who].id) for who, _ in team)
        start, end = (self.board.calendar.local(each) for each in (session.start, session.end))
        return Suggestion(
            channel=session.channel,
            start=instant(session.start),
            end=instant(session.end),
            open_minutes=minutes,
            text=f"{names} could open {shown(session.channel)} on {start:%Y-%m-%d} from "
            f"{start:%H:%M} to {end:%H:%M}: {minutes} more open minutes.",
        )


def _models(board: Board) -> dict[str, Shift]:
    """Find for each channel the kind of shift that it has most."""
    groups: dict[str, Counter[object]] = {}
    first: dict[object, Shift] = {}
    for shift in board.scenario.shifts:
        shape = (
            shift.channel,
            tuple(seat.role for seat in shift.seats),
            shift.minimum,
            shift.briefing_minutes,
            shift.debrief_minutes,
            shift.languages,
            shift.trainings,
            shift.end - shift.start,
        )
        first.setdefault(shape, shift)
        groups.setdefault(shift.channel, Counter())[shape] += 1
    return {channel: first[shapes.most_common(1)[0][0]] for channel, shapes in groups.items()}


def _days(first: date, until: date) -> Iterator[date]:
    return (first + timedelta(days=each) for each in range((until - first).days))
