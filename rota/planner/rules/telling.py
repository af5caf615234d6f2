"""Obstacles in the words of whoever reads the plan."""

from rota.planner.rules.eligibility import Obstacle
from rota.planner.rules.naming import shown

ABOUT_ONE = {
    "role-missing": "is not a {about}",
    "not-offered": "has not been offered for this shift by their own project",
    "not-available": "is not available for the whole time",
    "busy": "is busy in that time",
    "training-missing": "does not hold the training {about}",
    "training-expired": "holds the training {about}, but it has expired by that day",
    "training-later": "gets the training {about} only after that day",
    "elsewhere": "sits on shift {about} in that time",
    "already-seated": "already sits on this shift",
    "on-call-limit": "is on call for as many sessions as are allowed at once",
    "week-hours": "would work more hours than they can in that week",
    "week-shifts": "would have more shifts than they can in that week",
    "rest": "would not have their rest before or after shift {about}",
    "rest-elsewhere": "would not have their rest before or after a seat elsewhere",
}
CHANGE = {
    "role-missing": "became a {about}",
    "not-offered": "were offered for this shift by their own project",
    "not-available": "were available for the whole time",
    "busy": "were not busy in that time",
    "training-missing": "held the training {about}",
    "training-expired": "renewed the training {about}",
    "training-later": "held the training {about} sooner",
    "on-call-limit": "could be on call for one more session at once",
    "week-hours": "could work more hours in that week",
    "week-shifts": "could take one more shift in that week",
    "rest": "needed less rest next to shift {about}",
    "rest-elsewhere": "needed less rest next to a seat elsewhere",
}
ABOUT_MANY = {
    "role-missing": ("is not a {about}", "are not {about}s"),
    "not-offered": ("is not offered for this shift", "are not offered for this shift"),
    "not-available": ("is not available", "are not available"),
    "busy": ("is busy", "are busy"),
    "training-missing": ("lacks the training {about}", "lack the training {about}"),
    "training-expired": ("has let {about} expire", "have let {about} expire"),
    "training-later": ("gets {about} only later", "get {about} only later"),
    "elsewhere": ("sits on another shift then", "sit on another shift then"),
    "already-seated": ("already sits on this shift", "already sit on this shift"),
    "on-call-limit": ("is on call as often as allowed", "are on call as often as allowed"),
    "week-hours": ("has no hours left that week", "have no hours left that week"),
    "week-shifts": ("has no shift left that week", "have no shift left that week"),
    "rest": ("would miss their rest", "would miss their rest"),
    "rest-elsewhere": ("would miss their rest", "would miss their rest"),
}


def of_one(who: str, obstacle: Obstacle) -> str:
    """Tell the obstacle in a sentence about one person."""
    code, about = obstacle
    return f"{shown(who)} {ABOUT_ONE[code].format(about=shown(about))}"


def of_many(count: int, obstacle: Obstacle) -> str:
    """Tell the obstacle in a sentence about how many people it keeps away."""
    code, about = obstacle
    words = ABOUT_MANY[code][count != 1].format(about=shown(about))
    return f"{count} {'person' if count == 1 else 'people'} {words}."


def change(who: str, obstacles: tuple[Obstacle, ...]) -> str:
    """Tell what would have to become different for one person to come."""
    wishes = [CHANGE[code].format(about=shown(about)) for code, about in obstacles]
    return f"{shown(who)} {' and '.join(wishes)}" if wishes else f"{shown(who)} were asked"
