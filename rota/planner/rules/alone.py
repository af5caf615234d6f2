"""What each project could keep open by itself: the figure that a pool is measured against."""

from rota.planner.rules.board import Board, Place
from rota.planner.rules.budget import Budget, search
from rota.planner.rules.eligibility import Fits, seats_of
from rota.planner.rules.greedy import greedy
from rota.planner.rules.measures import open_value
from rota.planner.rules.model import Model
from rota.planner.rules.objectives import opening

LEAST_TOGETHER = 1.0  # seconds that all projects get even when there are none left


def alone(
    board: Board, fits: tuple[Fits, ...], project: str, budget: Budget, seconds: float, least: float
) -> tuple[Place, ...]:
    """Plan the most open time that one project's own workers can give."""
    people = [index for index, each in enumerate(board.people) if each.project == project]
    start = greedy(board, fits, people)
    if not people or not budget.affords(seats_of(fits, people), seconds):
        return start
    model = Model(board, fits, people)
    found = search(model, opening(model), budget, seconds, start, least=least).places
    if found is None or open_value(board, found) < open_value(board, start):
        return start
    return found


def all_alone(
    board: Board, fits: tuple[Fits, ...], budget: Budget, share: float
) -> dict[str, tuple[Place, ...]]:
    """Plan each project by itself; what one leaves of its time goes to those after it."""
    projects = board.scenario.projects
    kept = budget.left() * (1 - share)
    return {
        project.id: alone(
            board,
            fits,
            project.id,
            budget,
            (budget.left() - kept) / (len(projects) - index),
            LEAST_TOGETHER / len(projects),
        )
        for index, project in enumerate(projects)
    }
