"""Who may do what, from values alone. Permission is an action's first line and a query's filter."""

from dataclasses import dataclass
from uuid import UUID

from federation.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Asker:
    """A signed-in person: whose project, in which roles, limited to which scopes of a token."""

    person_id: UUID
    project_id: UUID
    roles: frozenset[str]
    scopes: frozenset[str] = frozenset({"read", "write"})

    def has(self, *roles: str) -> bool:
        """Tell whether the asker has one of these roles."""
        return bool(self.roles.intersection(roles))


def require_role(asker: Asker, *roles: str) -> None:
    """Refuse an asker who has none of these roles."""
    if not asker.has(*roles):
        raise NotAllowed


def require_write(asker: Asker) -> None:
    """Refuse a token that may only read."""
    if "write" not in asker.scopes:
        raise NotAllowed("This token may only read. Make one with the scope write.")
