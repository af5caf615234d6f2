from datetime import datetime
from typing import NamedTuple


class Saved(NamedTuple):
    """One line of a history; `by` is a name for the project's own eyes."""

    version: int
    at: datetime
    by: str | None
    released_as: str | None
