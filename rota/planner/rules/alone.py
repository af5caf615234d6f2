"""What each project could keep open by itself: the figure that a pool is measured against."""

from rota.planner.rules.board import Board, Place
from rota.planner.rules.budget import Budget
from rota.planner.rules.eligibility import Fits, seats_of
from rota.planner.rules.greedy import greedy
from rota.planner.rules.opening_weeks import open_most

LEAST_TOGETHER = 1.0  # seconds that all projects get even when there are none left


def alone(
    board: Board, fits: tuple[Fits, ...], project: str, budget: Budget, seconds: float, least: float
) -> tuple[Place, ...]:
    """Plan the most open time that one project's own workers can give."""
    people = [index for index, each in enumerate(board.people) if each.project == project]
    start = greedy(board, fits, people)
    if not people or not budget.affords(seats_of(fits, people), seconds):
        return start
    return open_most(board, fits, people, budget, seconds, start, least=least).places


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
