"""The most open time, week by week: weeks touch one another only at their edges.

Each week by itself, as if the others were empty, bounds what any plan can open in it; the sum is
a bound on the whole. Its plan then replaces the week's part of the plan so far, with what
neighbours hold at the edges kept. Most weeks need one search.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from rota.planner.rules.board import Board, Place
from rota.planner.rules.budget import Budget
from rota.planner.rules.eligibility import Fits
from rota.planner.rules.limits import openable
from rota.planner.rules.measures import open_value
from rota.planner.rules.model import Model
from rota.planner.rules.objectives import opening
from rota.planner.rules.roster import Roster
from rota.planner.rules.searching import Turns, search
from rota.planner.rules.weeks import HOUR
from rota.planner.rules.windows import Pool, improve_by_windows

SMALL = 2_000  # seats: so few are searched as a whole at once
WHOLE = 150_000  # seats: more than these are never searched as a whole
AGAIN = 1.0  # seconds: with less left, weeks are not searched once more
WINDOWS_SHARE = 0.2  # of the time, for weeks that were not proven best
WEEK = 7 * 24 * HOUR


@dataclass(frozen=True, slots=True)
class Opened:
    """A plan, and what no plan can pass."""

    places: tuple[Place, ...]
    bound: Fraction


def open_most(
    board: Board,
    fits: tuple[Fits, ...],
    people: Collection[int],
    budget: Budget,
    seconds: float,
    start: tuple[Place, ...],
    *,
    least: float,
) -> Opened:
    """Plan the most open time that these people can give, from a plan that is known."""
    task = Task(board, fits, people, budget, start)
    if task.seats() <= SMALL:
        return task.as_a_whole(seconds, least=least, alike=False)
    until = budget.left() - seconds
    task.by_weeks(until + seconds * WINDOWS_SHARE)
    if task.done():
        return task.told()
    task.by_windows(budget.left() - until)
    left = budget.left() - until
    if task.seats() > WHOLE or not budget.affords(task.seats(), left):
        return task.told()
    return task.as_a_whole(left, least=least, alike=True)


class Task:
    """The plan so far, and the bound of each week."""

    def __init__(
        self,
        board: Board,
        fits: tuple[Fits, ...],
        people: Collection[int],
        budget: Budget,
        start: tuple[Place, ...],
    ) -> None:
        self.board = board
        self.fits = fits
        self.people = people
        self.budget = budget
        self.weeks: dict[date, list[int]] = defaultdict(list)
        for where, session in enumerate(board.sessions):
            self.weeks[session.week].append(where)
        self.sizes: dict[date, int] = defaultdict(int)
        self.fits_of: dict[date, tuple[Fits, ...]] = {week: self._fits_of() for week in self.weeks}
        for who in people:
            for where, kinds in fits[who].items():
                week = board.sessions[where].week
                self.fits_of[week][who][where] = kinds
                self.sizes[week] += len(kinds)
        self.places = {week: self._within(week, start) for week in self.weeks}
        able = openable(board, fits, people)
        self.bounds = {
            week: sum((board.sessions[at].weight for at in mine if at in able), Fraction())
            for week, mine in self.weeks.items()
        }
        self.turns = Turns(budget)

    def seats(self) -> int:
        """Count the seats that these people may take."""
        return sum(self.sizes.values())

    def _fits_of(self) -> tuple[Fits, ...]:
        return tuple({} for _ in self.board.people)

    def told(self) -> Opened:
        """Give the plan as it stands."""
        whole = tuple(place for week in sorted(self.weeks) for place in self.places[week])
        return Opened(whole, sum(self.bounds.values(), Fraction()))

    def done(self) -> bool:
        """Tell whether every week is as good as its bound."""
        return not any(self._unproven())

    def by_weeks(self, until: float) -> None:
        """Search the weeks in order, each with its share of the time that is left."""
        while weeks := sorted(self._unproven()):
            before = self.told()
            for at, week in enumerate(weeks):
                share = (self.budget.left() - until) / (len(weeks) - at)
                if share <= 0 or not self.budget.affords(self.sizes[week], share):
                    continue
                self._search_week(week, share)
            if self.told() == before or self.budget.left() - until < AGAIN:
                return

    def by_windows(self, seconds: float) -> None:
        """Better the weeks that are not at their bound, some days at a time."""
        sessions = [at for week in self._unproven() for at in self.weeks[week]]
        pool = Pool(self.board, self.fits, self.people, sessions)
        share = seconds if self.seats() > WHOLE else seconds / 2
        improve_by_windows(pool, self.budget, "open", share, self.told().places, self._take)

    def _take(self, places: tuple[Place, ...] | None) -> tuple[Place, ...]:
        known = self.told().places
        if places is None or open_value(self.board, places) <= open_value(self.board, known):
            return known
        self.places = {week: self._within(week, places) for week in self.weeks}
        return places

    def _unproven(self) -> Iterator[date]:
        return (week for week in self.weeks if self._value(week) < self.bounds[week])

    def _search_week(self, week: date, seconds: float) -> None:
        before = self.budget.left()
        model = self._model(week)
        aim = opening(model)
        answer = self.turns.search(model, aim, seconds * 0.7, self.places[week])
        if answer.bound is not None:
            self.bounds[week] = min(self.bounds[week], answer.bound)
        if answer.places is None or self._put(week, answer.places):
            return
        left = max(0.5, seconds - (before - self.budget.left()))
        if not self.budget.affords(self.sizes[week], left):
            return
        model = self._model(week, self._around(week))
        aim = opening(model)
        ceiling = int((self.bounds[week] + aim.slack) / aim.unit)
        model.program.add(aim.aim.variables, aim.aim.weights, high=ceiling)
        near = self._without_clashes(week, answer.places)
        best = max(near, self.places[week], key=lambda each: open_value(self.board, each))
        found = search(model, aim, self.budget, left, best).places
        for each in (found, near):
            if each is not None:
                self._put(week, self._within(week, each))

    def _put(self, week: date, places: Iterable[Place]) -> bool:
        """Take a week's new plan if it is better and goes with its neighbours'."""
        new = tuple(places)
        if open_value(self.board, new) <= self._value(week):
            return True
        if len(self._without_clashes(week, new)) < len(new):
            return False
        self.places[week] = new
        return True

    def _without_clashes(self, week: date, places: Iterable[Place]) -> tuple[Place, ...]:
        """Close the shifts of those who would miss their rest or sit elsewhere at a week's edge."""
        fixed = frozenset(place for _, place in self.board.fixed)
        roster = Roster(self.board, self._around(week))
        kept, closed = [], set()
        order = sorted(places, key=lambda each: (each not in fixed, self._span(each)))
        for place in order:
            who, where, kind = place
            session = self.board.sessions[where]
            if place in fixed or roster.free(who, session, kind):
                roster.seat(who, session, kind)
                kept.append(place)
            else:
                closed.add(where)
        return tuple(each for each in kept if each in fixed or each[1] not in closed)

    def _span(self, place: Place) -> tuple[int, int]:
        return self.board.sessions[place[1]].span(place[2])

    def _model(self, week: date, held: Iterable[Place] = ()) -> Model:
        return Model(
            self.board,
            self.fits_of[week],
            self.people,
            sessions=self.weeks[week],
            held=held,
            alike=True,
        )

    def _around(self, week: date) -> tuple[Place, ...]:
        """List the places of other weeks that may matter to this one."""
        reach = max((self.board.people[who].rest for who in self.people), default=0)
        weeks = timedelta(weeks=1 + -(-reach // WEEK))
        near = (other for other in self.weeks if other != week and abs(other - week) <= weeks)
        return tuple(place for other in near for place in self.places[other])

    def _within(self, week: date, places: Iterable[Place]) -> tuple[Place, ...]:
        mine = frozenset(self.weeks[week])
        return tuple(place for place in places if place[1] in mine)

    def _value(self, week: date) -> Fraction:
        return open_value(self.board, self.places[week])

    def as_a_whole(self, seconds: float, *, least: float, alike: bool) -> Opened:
        """Search all weeks at once, from what is known."""
        known = self.told()
        if self.done():
            return known
        model = Model(self.board, self.fits, self.people, alike=alike)
        aim = opening(model)
        ceiling = int((known.bound + aim.slack) / aim.unit)
        model.program.add(aim.aim.variables, aim.aim.weights, high=ceiling)
        if alike:
            answer = self.turns.search(model, aim, seconds, known.places)
        else:
            answer = search(model, aim, self.budget, seconds, known.places, least=least)
        bound = known.bound if answer.bound is None else min(known.bound, answer.bound)
        found = answer.places
        if found is None or open_value(self.board, found) < open_value(self.board, known.places):
            found = known.places
        return Opened(found, bound)
