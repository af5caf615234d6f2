from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Comment(NamedTuple):
    """A comment as the project's own people see it; erased ones say nothing, by nobody."""

    id: UUID
    block: UUID | None
    version: int
    said: str | None
    author_id: UUID | None
    by: str | None
    mine: bool
    at: datetime
    resolved_at: datetime | None
