"""What notices are sent with; one per worker process."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import httpx2
from sqlalchemy.ext.asyncio import AsyncEngine

from api.notices.keys import NoticeKeys
from api.peers.outbound import guarded_client
from api.settings import Settings

LARGEST_ANSWER = 2**16


@dataclass(frozen=True, kw_only=True)
class Office:
    """The database, the keys, and the one guarded way out to push services."""

    settings: Settings
    engine: AsyncEngine
    clock: Callable[[], datetime]
    keys: NoticeKeys
    http: httpx2.AsyncClient

    @classmethod
    def open(cls, settings: Settings, engine: AsyncEngine, clock: Callable[[], datetime]) -> Self:
        """Load the keys; nothing is connected to before there is something to send."""
        http = guarded_client(development=settings.development, largest=LARGEST_ANSWER)
        keys = NoticeKeys.open(settings.keys)
        return cls(settings=settings, engine=engine, clock=clock, keys=keys, http=http)

    async def close(self) -> None:
        """Close what is open."""
        await self.http.aclose()
