"""A scenario as it would be after a change that somebody is thinking about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from federation.pools.stated import Moment
from rota.what_ifs.errors import NothingToChange

Json = Mapping[str, Any]


class _Asked(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """Any change, known by its kind."""


class AddSession(_Asked, frozen=True, tag="add-session"):
    """One more session, with the seats, minimum and length of one that is there."""

    like: str
    start: Moment


class AddWorker(_Asked, frozen=True, tag="add-worker"):
    """One more person with the times, languages and trainings of somebody who is there."""

    like: str


class ProjectLeaves(_Asked, frozen=True, tag="project-leaves"):
    """A project takes its people and their seats with it."""

    project: str


class ProjectJoins(_Asked, frozen=True, tag="project-joins"):
    """One more project, with as many people and hours as one that is there."""

    like: str


Change = AddSession | AddWorker | ProjectLeaves | ProjectJoins


def figures(before: Json, after: Json) -> dict[str, Any]:
    """Set the open minutes of two plans beside each other, the whole and each channel."""
    return {
        "open_minutes_before": before["open_minutes"]["pool"],
        "open_minutes_after": after["open_minutes"]["pool"],
        "channels_before": before["open_minutes_by_channel"]["pool"],
        "channels_after": after["open_minutes_by_channel"]["pool"],
        "bounds_met": [each["stages"][0]["optimal"] for each in (before, after)],
    }


def changed(scenario: Json, change: Change) -> dict[str, Any]:
    """Write the scenario after the change; the one that is given stays as it is."""
    match change:
        case AddSession():
            return {**scenario, "shifts": [*scenario["shifts"], _session(scenario, change)]}
        case AddWorker():
            model = _one(scenario["workers"], change.like)
            return {**scenario, "workers": [*scenario["workers"], {**model, "id": "added"}]}
        case ProjectLeaves():
            return _without(scenario, change.project)
        case ProjectJoins():
            return _joined(scenario, change.like)


def _one(items: Sequence[Json], name: str) -> Json:
    for item in items:
        if item["id"] == name:
            return item
    raise NothingToChange


def _session(scenario: Json, change: AddSession) -> Json:
    model = _one(scenario["shifts"], change.like)
    length = datetime.fromisoformat(model["end"]) - datetime.fromisoformat(model["start"])
    return {
        **{name: value for name, value in model.items() if name != "series"},
        "id": "added",
        "start": change.start.isoformat(),
        "end": (change.start + length).isoformat(),
        "seats": [{**seat, "id": f"added {number}"} for number, seat in enumerate(model["seats"])],
    }


def _without(scenario: Json, project: str) -> dict[str, Any]:
    _one(scenario["projects"], project)
    gone = {each["id"] for each in scenario["workers"] if each["project"] == project}
    return {
        **scenario,
        "projects": [each for each in scenario["projects"] if each["id"] != project],
        "workers": [each for each in scenario["workers"] if each["id"] not in gone],
        "fixed": [each for each in scenario["fixed"] if each["worker"] not in gone],
    }


def _joined(scenario: Json, like: str) -> dict[str, Any]:
    model = _one(scenario["projects"], like)
    people = [each for each in scenario["workers"] if each["project"] == like]
    return {
        **scenario,
        "projects": [*scenario["projects"], {**model, "id": "added"}],
        "workers": [
            *scenario["workers"],
            *({**each, "id": f"added {at}", "project": "added"} for at, each in enumerate(people)),
        ],
    }
