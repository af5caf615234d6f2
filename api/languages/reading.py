"""The language and the clock of whoever reads, known in one place and set at each request."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from api.languages.catalogues import catalogue, translated_in
from api.languages.choosing import choose
from api.languages.filled import told_in

ASKED = "lang"
"""What an address says where somebody has chosen a language on a page: nothing is kept for it."""


@dataclass(slots=True)
class Reader:
    """Whoever reads the answer to one request, as far as is known by now."""

    asked: str | None = None
    header: str = ""
    chosen: str | None = None
    spoken: Sequence[str] = ()
    zone: str = "UTC"

    @property
    def language(self) -> str:
        """The language in which they read best, of those that pages are in."""
        return choose(self.asked, self.chosen, self.header, self.spoken)


_reader: ContextVar[Reader] = ContextVar("reader")


def reader() -> Reader:
    """Give who reads; outside of requests that is somebody of whom nothing is known."""
    return _reader.get(None) or Reader()


def language() -> str:
    """Give the language in which texts are written now."""
    return reader().language


def own_clock() -> ZoneInfo:
    """Give the clock by which they read days and times that belong to no shift."""
    return ZoneInfo(reader().zone)


def knows(zone: str, chosen: str | None = None, spoken: Sequence[str] = ()) -> None:
    """Take down what the account of whoever has signed in says about their clock and languages."""
    known = reader()
    known.zone, known.chosen, known.spoken = zone, chosen, spoken


@contextmanager
def reading_in(chosen: str) -> Iterator[None]:
    """Write what follows in one language, whoever asks: it is kept for others."""
    before = _reader.set(Reader(asked=chosen))
    try:
        yield
    finally:
        _reader.reset(before)


def header_of(scope: Scope) -> str:
    """Read which languages a browser asks for."""
    found = (value for name, value in scope["headers"] if name == b"accept-language")
    return next(found, b"").decode("latin-1")


def asked_in(query: bytes) -> str | None:
    """Read which language an address asks for."""
    return parse_qs(query.decode("latin-1")).get(ASKED, [None])[0]


def in_their_language(rest: ASGIApp) -> ASGIApp:
    """Know at each request how its reader reads; who signs in is added when that is known."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            _reader.set(Reader(asked_in(scope["query_string"]), header_of(scope)))
        await rest(scope, receive, send)

    return answer


def translated(message: str, /, **values: object) -> str:
    """Write a text of ours in the reader's language; `%(name)s` in it stands for a value."""
    return translated_in(language(), message, **values)


def gettext(message: str) -> str:
    """Find a text in the catalogue, as templates ask for it."""
    return catalogue(language()).gettext(message) if message else ""


def ngettext(one: str, many: str, number: int) -> str:
    """Find the form of a text that goes with a number, as templates ask for it."""
    return catalogue(language()).ngettext(one, many, number)


def said(message: str) -> str:
    """Write a text of a table or of a rule; what no catalogue knows stays in English."""
    found = gettext(message)
    return told_in(language(), message) if found == message else found
