"""A scenario under new names, so that nobody can be followed from one export to the next."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]
Shuffle = Callable[[list[Any]], None]


def with_fresh_ids(scenario: Json, name: Callable[[], str], shuffle: Shuffle) -> dict[str, Any]:
    """Rename people, shifts and seats, and give people in another order: order joins as well.

    Projects keep their names: what each gives and would have alone is what exports are for.
    """
    workers, shifts = [*scenario["workers"]], scenario["shifts"]
    shuffle(workers)
    people = _names((each["id"] for each in workers), name)
    sessions = _names((each["id"] for each in shifts), name)
    seats = _names((seat["id"] for each in shifts for seat in each["seats"]), name)
    fixed = [
        {"seat": seats[each["seat"]], "worker": people[each["worker"]]}
        for each in scenario["fixed"]
    ]
    shuffle(fixed)
    return {
        **scenario,
        "workers": [_worker(each, people, sessions) for each in workers],
        "shifts": [_shift(each, sessions, seats) for each in shifts],
        "fixed": fixed,
    }


def _names(known: Iterable[str], name: Callable[[], str]) -> dict[str, str]:
    return {each: name() for each in known}


def _worker(worker: Json, people: Mapping[str, str], sessions: Mapping[str, str]) -> Json:
    told = {**worker, "id": people[worker["id"]]}
    if "can_take" in worker:
        told["can_take"] = _offers(worker["can_take"], sessions)
    return told


def _offers(offers: Sequence[Json], sessions: Mapping[str, str]) -> list[Json]:
    told = [{**each, "shift": sessions[each["shift"]]} for each in offers]
    return sorted(told, key=lambda each: str(each["shift"]))


def _shift(shift: Json, sessions: Mapping[str, str], seats: Mapping[str, str]) -> Json:
    return {
        **shift,
        "id": sessions[shift["id"]],
        "seats": [{**each, "id": seats[each["id"]]} for each in shift["seats"]],
    }
