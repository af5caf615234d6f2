from typing import NamedTuple

from federation.permissions.rules import Asker


class Entry(NamedTuple):
    """One place in the navigation; with `roles`, only for people who have one of them."""

    path: str
    label: str
    roles: frozenset[str] = frozenset()


ENTRIES = (
    Entry("/", "Start"),
    Entry("/now", "Now", frozenset({"worker", "supervisor", "coordinator"})),
    Entry("/week", "My week", frozenset({"worker", "supervisor"})),
    Entry("/swaps", "Swaps", frozenset({"worker", "supervisor"})),
    Entry("/availability", "Availability", frozenset({"worker", "supervisor", "coordinator"})),
    Entry("/calendar", "My calendar", frozenset({"worker", "supervisor", "coordinator"})),
    Entry("/board", "Board", frozenset({"coordinator"})),
    Entry("/patterns", "Sessions", frozenset({"coordinator"})),
    Entry("/coverage", "Coverage", frozenset({"coordinator"})),
    Entry("/hours", "Hours", frozenset({"worker", "supervisor", "coordinator"})),
    Entry("/trainings", "Trainings", frozenset({"worker", "supervisor", "coordinator"})),
    Entry("/protocols", "Protocols"),
    Entry("/answers", "Answers"),
    Entry("/texts", "Texts", frozenset({"coordinator", "supervisor", "reviewer"})),
    Entry("/partners", "Partners", frozenset({"partner-administrator"})),
    Entry("/notices", "Notices"),
)


def entries_for(asker: Asker | None) -> list[Entry]:
    """List the places that somebody can go to; without signing in there is only the start."""
    if asker is None:
        return [entry for entry in ENTRIES if entry.path == "/"]
    return [entry for entry in ENTRIES if not entry.roles or asker.has(*entry.roles)]
