"""A worker's life that ends over a partner's words: beside a step of a place in a feed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.journeys.mortal_nodes import Life

MOVED = "a place in a feed was moved"


@dataclass
class ReadersLife(Life):
    """One in which, where it dies `reading`, only commits count that move a place in a feed."""

    reading: bool = False

    def bind(self, engine: AsyncEngine) -> None:
        super().bind(engine)
        event.listen(engine.sync_engine, "before_cursor_execute", self._executes)

    def _begin(self, connection: Connection) -> None:
        super()._begin(connection)
        connection.info[MOVED] = False

    def _executes(self, connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE feed_cursor") and "seq=" in statement.replace(" ", ""):
            connection.info[MOVED] = True

    def _commit(self, connection: Connection) -> None:
        if self.over or not self.reading or connection.info[MOVED]:
            super()._commit(connection)
