"""Who may do what, from values alone. Permission is an action's first line and a query's filter."""

from dataclasses import dataclass
from uuid import UUID

from federation.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Asker:
    """A signed-in person: whose project, in which roles, limited to which scopes of a token.

    `example` marks somebody who exists in an example only.
    """

    person_id: UUID
    project_id: UUID
    roles: frozenset[str]
    scopes: frozenset[str] = frozenset({"read", "write"})
    example: bool = False

    def has(self, *roles: str) -> bool:
        """Tell whether the asker has one of these roles."""
        return bool(self.roles.intersection(roles))

    def acts_for(self, person_id: UUID | None, project_id: UUID) -> bool:
        """Tell whether this is the asker, or one of the people whom the asker coordinates.

        Not for people of other nodes, of whom no person is known.
        """
        coordinates = project_id == self.project_id and self.has("coordinator")
        return person_id is not None and (person_id == self.person_id or coordinates)


def require_role(asker: Asker, *roles: str) -> None:
    """Refuse an asker who has none of these roles."""
    if not asker.has(*roles):
        raise NotAllowed


def require_write(asker: Asker) -> None:
    """Refuse a token that may only read."""
    if "write" not in asker.scopes:
        raise NotAllowed("This token may only read. Make one with the scope write.")
