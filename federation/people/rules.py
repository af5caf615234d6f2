"""Who may set up projects and people."""

from dataclasses import dataclass
from uuid import UUID

from federation.errors import NotAllowed, NotFound
from federation.permissions.rules import Asker, require_role, require_write

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Operator:
    """Whoever runs this node's commands: sets up projects and the first person of each."""


OPERATOR = Operator()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much somebody may work, worker's seats alone, and how long they rest between two days."""

    hours_per_week: float
    shifts_per_week: int
    rest_hours: float


MOST_HOURS, MOST_SHIFTS, MOST_REST = 168, 50, 48


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """What somebody asks for themselves; None where their project's limit is enough."""

    hours_per_week: float | None = None
    shifts_per_week: int | None = None
    rest_hours: float | None = None


def possible(limits: Limits | OwnLimits) -> bool:
    """Tell whether limits are such that a week can have."""
    return (
        0 <= (limits.hours_per_week or 0) <= MOST_HOURS
        and 0 <= (limits.shifts_per_week or 0) <= MOST_SHIFTS
        and 0 <= (limits.rest_hours or 0) <= MOST_REST
    )


def stricter(limits: Limits, own: OwnLimits) -> Limits:
    """Tighten limits by a person's own; what would loosen them counts for nothing."""
    hours, shifts = own.hours_per_week, own.shifts_per_week
    return Limits(
        limits.hours_per_week if hours is None else min(hours, limits.hours_per_week),
        limits.shifts_per_week if shifts is None else min(shifts, limits.shifts_per_week),
        max(limits.rest_hours, own.rest_hours or 0),
    )


def require_operator(asker: Asker | Operator) -> None:
    """Refuse everybody who asks over the web: a project begins at the command line."""
    if not isinstance(asker, Operator):
        raise NotAllowed("Only the operator of this node can set up a project.")


def require_coordinator_of(asker: Asker | Operator, project_id: UUID) -> None:
    """Refuse all but the project's own coordinators; to others its people do not exist."""
    if isinstance(asker, Operator):
        return
    if asker.project_id != project_id:
        raise NotFound
    require_write(asker)
    require_role(asker, "coordinator")


def require_self_or_coordinator(asker: Asker | Operator, person_id: UUID, project_id: UUID) -> None:
    """Refuse all but the person and the project's own coordinators."""
    if isinstance(asker, Asker) and asker.person_id == person_id:
        require_write(asker)
        return
    require_coordinator_of(asker, project_id)


def name_for_audit(asker: Asker | Operator) -> UUID | str:
    """Give the id under which a change is written down."""
    return SYSTEM if isinstance(asker, Operator) else asker.person_id
