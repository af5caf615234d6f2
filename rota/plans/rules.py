"""The figure that matters: open hours a week of the pool, beside each project alone and before."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """Hours a week, as the planner computed them; `before` is what each project really ran."""

    pool: float
    alone: dict[str, float]
    before: dict[str, float]

    @property
    def best_alone(self) -> float:
        """The best single project, planned alone."""
        return max(self.alone.values(), default=0.0)

    @property
    def best_before(self) -> float:
        """The most that one project ran a week before it joined."""
        return max(self.before.values(), default=0.0)


def figure(scenario: dict[str, Any], plan: dict[str, Any]) -> Figure:
    """Work the figure out from a scenario and its plan; nothing of it is typed in anywhere."""
    days = (date.fromisoformat(scenario["until"]) - date.fromisoformat(scenario["from"])).days
    minutes_a_week = 60 * days / 7
    told = plan["open_minutes"]
    return Figure(
        pool=told["pool"] / minutes_a_week,
        alone={project: minutes / minutes_a_week for project, minutes in told["alone"].items()},
        before={
            project["id"]: project.get("hours_before_per_week", 0.0)
            for project in scenario["projects"]
        },
    )
