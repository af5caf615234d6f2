"""Fetches a person's own calendar, has it read in a process of its own, keeps when they are busy.

Addresses are secrets: they stand in no log, no error and no message.
"""

import asyncio
import sys
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import httpx2
import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from api.peers.client import Clock
from api.peers.outbound import OutboundRefused, guarded_client
from api.worker.busy_reader import READER_SECONDS, UNREADABLE
from database.session import door
from federation.access.errors import SealBroken
from federation.access.seal import Seal
from rota.busy_times.actions import keep_busy_times, keep_failure, open_address
from rota.busy_times.errors import TooMuch
from rota.busy_times.rules.failures import FETCH_ELSEWHERE, FETCH_FAILED, FETCH_REFUSED
from rota.busy_times.rules.known import READ_EVERY, TRY_AGAIN
from rota.shifts.rules.spans import Span

LARGEST_CALENDAR = 10 * 2**20
FETCH_SECONDS = 30
LONGEST_SECONDS = FETCH_SECONDS + 2 * READER_SECONDS + 20
MOST_REDIRECTS = 3
LOOKS_BACK = timedelta(days=1)
LOOKS_AHEAD = timedelta(weeks=26)
HEADERS = {
    # Microsoft's servers answer browsers only; it also tells the calendar's keeper nothing of us
    "user-agent": "Mozilla/5.0 (Linux) Chrome/139.0.0.0",
    "accept": "text/calendar, */*;q=0.5",
}


class NotReadError(Exception):
    """Why a calendar could not be read, as a code without anything of its address or content."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


async def read_calendar(
    engine: AsyncEngine, seal: Seal, calendar_id: UUID, clock: Clock, *, development: bool
) -> datetime | None:
    """Read one calendar; says when to do it again, or None if it was removed."""
    try:
        async with door(engine) as session:
            opened = await open_address(session, calendar_id, seal)
        if opened is None:
            return None
        address, zone = opened
        raw = await fetch(address, development=development)
        spans = await understand(raw, zone, clock())
    except (NotReadError, SealBroken) as error:
        async with door(engine) as session:
            await keep_failure(session, calendar_id, error.code, clock())
        return clock() + TRY_AGAIN
    async with door(engine) as session:
        await keep_busy_times(session, calendar_id, spans, clock())
    return clock() + READ_EVERY


async def fetch(address: str, *, development: bool) -> bytes:
    """Get the file; redirects are followed on the same host only, each checked like the first."""
    try:
        async with (
            asyncio.timeout(FETCH_SECONDS),
            guarded_client(
                development=development, largest=LARGEST_CALENDAR, redirects=True
            ) as http,
        ):
            for _ in range(MOST_REDIRECTS + 1):
                response = await http.get(address, headers=HEADERS)
                if not response.is_redirect:
                    return _content(response)
                address = _next(address, response.headers.get("location", ""))
    except OutboundRefused as error:
        raise NotReadError(FETCH_REFUSED) from error
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ValueError) as error:
        raise NotReadError(FETCH_FAILED) from error
    raise NotReadError(FETCH_ELSEWHERE)


def _content(response: httpx2.Response) -> bytes:
    if not response.is_success:
        raise NotReadError(FETCH_FAILED)
    return response.content


def _next(address: str, location: str) -> str:
    """Follow within the same host and scheme; another host has to be entered by the person."""
    target = urljoin(address, location)
    if urlsplit(target)[:2] != urlsplit(address)[:2]:
        raise NotReadError(FETCH_ELSEWHERE)
    return target


async def understand(
    raw: bytes, zone: str, now: datetime, seconds: int = READER_SECONDS
) -> list[Span]:
    """Have the file read by a process that may take only so much time and memory."""
    begins, ends = now - LOOKS_BACK, now + LOOKS_AHEAD
    reader = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "api.worker.busy_reader"),
        *(zone, begins.isoformat(), ends.isoformat(), str(seconds)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        said, _ = await asyncio.wait_for(reader.communicate(raw), 2 * seconds)
    except TimeoutError as error:
        raise NotReadError(TooMuch.code) from error
    finally:
        if reader.returncode is None:
            reader.kill()
            await reader.wait()
    if reader.returncode == UNREADABLE:
        raise NotReadError(msgspec.json.decode(said, type=str))
    if reader.returncode != 0:
        # it was ended for taking too much
        raise NotReadError(TooMuch.code)
    return [Span(*one) for one in msgspec.json.decode(said, type=list[tuple[datetime, datetime]])]
