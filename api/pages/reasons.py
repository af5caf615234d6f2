"""The planner speaks of ids; on a page they become the names that people know."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

AN_ID = re.compile(r"(?P<shift>[Ss]hift )?(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class Names:
    """Handles and sessions by id; what is not among them is named by its kind alone."""

    handles: Mapping[str, str]
    sessions: Mapping[str, str]

    def told(self, text: str, here: UUID) -> str:
        """Write a sentence about the session `here` for people."""

        def name(found: re.Match[str]) -> str:
            if not found["shift"]:
                return self.handles.get(found["id"], "somebody")
            if found["id"] == str(here):
                return "This session" if found["shift"][0] == "S" else "this session"
            return self.sessions.get(found["id"], "another session")

        return AN_ID.sub(name, text)


@dataclass(frozen=True, slots=True)
class Why:
    """Why a seat stayed free in the newest plan, and what would help."""

    reasons: list[str]
    smallest_change: str | None


def why_free(plan: Mapping[str, Any], seats: Mapping[str, UUID], names: Names) -> dict[str, Why]:
    """Give the planner's reasons for those of `seats`, by the shift of each, that it left free."""
    return {
        entry["seat"]: Why(
            [names.told(reason["text"], seats[entry["seat"]]) for reason in entry["reasons"]],
            entry["smallest_change"] and names.told(entry["smallest_change"], seats[entry["seat"]]),
        )
        for entry in plan["unfilled"]
        if entry["seat"] in seats
    }
