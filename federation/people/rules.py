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


def stricter(
    limits: Limits,
    *,
    hours_per_week: float | None,
    shifts_per_week: int | None,
    rest_hours: float | None,
) -> Limits:
    """Tighten limits by a person's own; what would loosen them counts for nothing."""
    return Limits(
        min(
            limits.hours_per_week,
            limits.hours_per_week if hours_per_week is None else hours_per_week,
        ),
        min(
            limits.shifts_per_week,
            limits.shifts_per_week if shifts_per_week is None else shifts_per_week,
        ),
        max(limits.rest_hours, rest_hours or 0),
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
