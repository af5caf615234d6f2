"""Addresses and files that are up to no good: not fetched, or read by a process that ends alone."""

import asyncio
import gzip

import pytest

from api.worker.busy_times import NotReadError, fetch, understand
from tests.api.odd_server import Answering, endless, hostile, says
from tests.api.worker.test_busy_calendars import EVENING, TWO_HOURS, Reading, diary, reading, spans
from tests.rota.busy_times.test_reading_calendars import calendar, event
from tests.rota.world import NOW

__all__ = ["diary", "reading"]


def redirect(location: str) -> Answering:
    return says(f"HTTP/1.1 302 Found\nLocation: {location}\nContent-Length: 0")


BOMB = gzip.compress(bytes(10_000_000))

ODD: dict[str, tuple[Answering, str]] = {
    "100 MB": (says("HTTP/1.1 200 OK\nContent-Length: 104857600", b"x"), "fetch-refused"),
    "endless": (endless("200 OK"), "fetch-refused"),
    "redirect to private": (redirect("http://10.0.0.1/"), "fetch-elsewhere"),
    "redirect to another scheme": (redirect("https://127.0.0.1/"), "fetch-elsewhere"),
    "redirect to metadata": (redirect("//169.254.169.254/"), "fetch-elsewhere"),
    "redirect in a circle": (redirect("/again"), "fetch-elsewhere"),
    "compressed": (
        says(f"HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: {len(BOMB)}", BOMB),
        "fetch-refused",
    ),
    "server error": (says("HTTP/1.1 500 Broken\nContent-Length: 0"), "fetch-failed"),
    "no length": (says("HTTP/1.1 200 OK\nContent-Length: many"), "fetch-failed"),
    "nonsense": (says("nonsense"), "fetch-failed"),
}


@pytest.mark.parametrize("odd", list(ODD))
async def test_check_39_what_is_not_fetched(reading: Reading, odd: str) -> None:
    reading.diary.answer, code = ODD[odd]
    kept = await reading.work()
    assert (kept.failure, kept.read_at, spans(kept)) == (code, None, [])


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/a.ics",
        "https://localhost/a.ics",
        "https://10.0.0.1/a.ics",
        "https://169.254.169.254/latest",
        "http://93.184.215.14/a.ics",
    ],
)
async def test_check_39_no_private_address_is_reached(address: str) -> None:
    with pytest.raises(Exception, match="fetch-refused"):
        await fetch(address, development=False)


async def test_check_39_a_redirect_on_the_same_host_is_followed_and_checked() -> None:
    async def answering(writer: asyncio.StreamWriter) -> None:
        moved = b"HTTP/1.1 301 Moved\r\nLocation: /b.ics\r\nContent-Length: 0\r\n\r\n"
        found = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        writer.write(found if asked else moved)
        asked.append(True)
        await writer.drain()

    asked: list[bool] = []
    async with hostile(answering) as url:
        assert await fetch(f"{url}a.ics", development=True) == b"ok"


async def test_check_39_a_file_made_to_exhaust_us_exhausts_only_its_reader() -> None:
    """Each of these has run every hour since 1900, which takes more than a second to count up."""
    old = [
        event("DTSTART:19000101T000000Z", "DURATION:PT1M", "RRULE:FREQ=HOURLY", uid=str(number))
        for number in range(50)
    ]
    with pytest.raises(NotReadError, match="calendar-too-large"):
        await understand(calendar(*old), "Europe/London", NOW, seconds=2)


async def test_a_lost_key_is_a_failure_too(reading: Reading) -> None:
    await reading.work()
    (reading.workshop.settings.keys / "seal.key").unlink()
    kept = await reading.work(TWO_HOURS)
    assert (kept.failure, spans(kept)) == ("seal-broken", EVENING)
