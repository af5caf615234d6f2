"""Who may know who holds a seat (design 2): coordinators, and colleagues shortly before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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
) -> list[str]:
    """Name what is missing to the minimum; `seats` are pairs of role and state."""
    held = [role for role, state in seats if state == "held"]
    missing = []
    workers = minimum_workers - sum(role in COUNTED for role in held)
    if workers > 0:
        missing.append(f"{workers} more worker{'s' if workers > 1 else ''}")
    supervisors = minimum_supervisors - held.count("supervisor")
    if supervisors > 0:
        missing.append("an on-call supervisor")
    return missing
