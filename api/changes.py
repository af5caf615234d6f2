"""Tells open pages that what they show has changed (server-sent events, HTML standard 9.2).

Nothing is said but that: a page that is told so asks for itself anew, with all that is checked
at every request.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from itertools import count

from litestar import Response
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage
from sqlalchemy.exc import DBAPIError

from federation.errors import Refusal

EVERY_SECONDS = 2
"""All pages are looked after in the same moment, so that they share what is asked of PostgreSQL."""
BEAT_SECONDS = 20
"""A phone that has gone is noticed, and no proxy takes a page that is told nothing for one."""
LASTS_SECONDS = 600
"""Then the browser asks again, and whoever may not read any more is refused."""
AGAIN_MILLISECONDS = 5000
MOST_PAGES = 400
"""Of one process; a page beyond it stands as it was loaded."""
CHANGED = "changed"
HEADERS = {"X-Accel-Buffering": "no"}
"""A proxy that waits for the end of an answer would never pass one of these on."""

Look = Callable[[], Awaitable[str | None]]
"""Gives a mark of what a page shows; None where there is no such thing any more."""


class Changes:
    """The pages that are told of changes by one process."""

    def __init__(self) -> None:
        """Begin with nobody looking."""
        self._open = 0
        self._over = asyncio.Event()

    def end(self) -> None:
        """End what is being told: a server that stops waits for its answers."""
        self._over.set()

    def tell(self, look: Look, since: str | None) -> ServerSentEvent | Response[None]:
        """Answer a page that was loaded when the mark was `since`."""
        if self._open >= MOST_PAGES:
            # a browser does not come back after it (HTML standard, 9.2.3)
            return Response(None, status_code=204)
        return ServerSentEvent(self.told(look, since), headers=HEADERS)

    async def told(self, look: Look, known: str | None) -> AsyncGenerator[ServerSentEventMessage]:
        """Say once more whenever the mark is another than the one that was `known`."""
        self._open += 1
        try:
            yield ServerSentEventMessage(data=None, retry=AGAIN_MILLISECONDS)
            for tick in count(1):
                with suppress(OSError, DBAPIError):
                    mark = await look()
                    if mark is None:
                        return
                    if mark != known:
                        known = mark
                        yield ServerSentEventMessage(event=CHANGED, data=mark)
                if tick * EVERY_SECONDS >= LASTS_SECONDS or await self._is_over():
                    return
                if tick * EVERY_SECONDS % BEAT_SECONDS == 0:
                    yield ServerSentEventMessage(data=None, comment="")
        except Refusal:
            return
        finally:
            self._open -= 1

    async def _is_over(self) -> bool:
        """Wait for the moment in which all look again; tell whether the server stops."""
        now = asyncio.get_running_loop().time()
        with suppress(TimeoutError):
            async with asyncio.timeout(EVERY_SECONDS - now % EVERY_SECONDS):
                return await self._over.wait()
        return False
