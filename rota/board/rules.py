"""Who may know who holds a seat (design 2): coordinators, and colleagues shortly before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from federation.permissions.rules import Asker
from rota.seats.rules import COUNTED

COLLEAGUES_KNOW_FROM = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who keeps a seat: the handle, its project, and the person if this node is home.

    Of another node's people a home knows no claim, only what the host tells their companions.
    """

    display: str
    project: str
    project_id: UUID
    person_id: UUID | None
    state: str
    claim_id: UUID | None
    origin: str = "worker"
    project_name: str = ""


class Shortfall(NamedTuple):
    """How many people a shift still needs for its minimum."""

    workers: int
    supervisors: int


def may_know(
    holder: Holder,
    asker: Asker,
    *,
    sits_there: bool,
    hosted_here: bool,
    starts: datetime,
    now: datetime,
) -> bool:
    """Tell whether the asker may see this holder's handle; everybody else sees only the state."""
    if holder.person_id == asker.person_id:
        return True
    if asker.has("coordinator") and (holder.project_id == asker.project_id or hosted_here):
        return True
    return sits_there and holder.state == "held" and now >= starts - COLLEAGUES_KNOW_FROM


def shortfalls(
    seats: Sequence[tuple[str, str]], minimum_workers: int, minimum_supervisors: int
) -> Shortfall:
    """Count what is missing to the minimum; `seats` are pairs of role and state."""
    held = [role for role, state in seats if state == "held"]
    workers = minimum_workers - sum(role in COUNTED for role in held)
    supervisors = minimum_supervisors - held.count("supervisor")
    return Shortfall(max(workers, 0), max(supervisors, 0))
