"""The node's API as typed calls."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import quote
from uuid import UUID, uuid4

import msgspec

from netreach_client.errors import AnswerError, NotFoundError, RefusedError
from netreach_client.hosting_structs import Hosting
from netreach_client.partner_structs import Crossed, DryRun, Invitation, Partner
from netreach_client.structs import (
    Calendar,
    CannedAnswer,
    Claim,
    ExportReport,
    InForce,
    Me,
    NewCalendar,
    Page,
    Pool,
    Protocol,
    Release,
    Shift,
    WrittenText,
)
from netreach_client.wire import Limits, Wire

Item = TypeVar("Item")
API = "/api/v1"
PAGES_AT_MOST = 1000


class Client:
    """Speaks for one person to that person's own node; use it as a context manager.

    Every method raises a `NetreachError`, whose message is one plain sentence.
    """

    def __init__(self, address: str, token: str, *, limits: Limits | None = None) -> None:
        """Check address and token; the first call connects."""
        self._wire = Wire(address, token, limits or Limits())

    def __repr__(self) -> str:
        """Name the node and never the token."""
        return f"Client({str(self._wire.url)!r})"

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """End the connections that are kept."""
        self._wire.close()

    def me(self) -> Me:
        """Tell whose token this is."""
        return decode(self._wire.ask("GET", f"{API}/me"), Me)

    def pools(self) -> list[Pool]:
        """List the pools that the person's project is a member of."""
        return list(self._pages(f"{API}/pools", Page[Pool]))

    def shifts(
        self,
        pool: str,
        *,
        start: datetime | date | None = None,
        until: datetime | date | None = None,
    ) -> list[Shift]:
        """List a pool's shifts from `start` (included) until `until` (excluded)."""
        query = {"from": moment(start), "until": moment(until)}
        return list(self._pages(f"{API}/pools/{quote(pool, safe='')}/shifts", Page[Shift], query))

    def claim_seat(self, seat: UUID, *, worker: str | None = None, key: str | None = None) -> Claim:
        """Ask for a seat, for a `worker` of one's own project where a coordinator asks.

        Whoever may crash in between keeps a `key` of their own and asks again with the same one:
        it never makes a second claim.
        """
        answer = self._wire.ask(
            "POST",
            f"{API}/seats/{seat}/claims",
            body={"worker": worker} if worker else None,
            key=key or str(uuid4()),
        )
        return decode(answer, Claim)

    def claim(self, claim: UUID) -> Claim:
        """Look up how a claim stands."""
        return decode(self._wire.ask("GET", f"{API}/claims/{claim}"), Claim)

    def release_claim(self, claim: UUID) -> None:
        """Give a seat back, or withdraw what is still requested; once is as good as twice."""
        try:
            self._wire.ask("DELETE", f"{API}/claims/{claim}")
        except RefusedError as error:
            # the answer to a first attempt may have been lost on its way
            if error.code != "claim-over" or self.claim(claim).state != "released":
                raise

    def calendars(self) -> list[Calendar]:
        """List the addresses of the person's own feed; none shows its secret."""
        return list(self._pages(f"{API}/calendars", Page[Calendar]))

    def make_calendar(self, label: str, *, title: str | None = None) -> NewCalendar:
        """Make one more address of the person's own feed; its URL is shown only here."""
        body = {"label": label, "title": title}
        return decode(self._wire.ask("POST", f"{API}/calendars", body=body), NewCalendar)

    def revoke_calendar(self, calendar: UUID) -> None:
        """Stop one address at once."""
        try:
            self._wire.ask("DELETE", f"{API}/calendars/{calendar}")
        except NotFoundError as error:
            if error.attempts == 1:
                raise

    def protocols(self) -> list[Protocol]:
        """List the protocols of the person's project."""
        return list(self._pages(f"{API}/protocols", Page[Protocol]))

    def protocol(self, item: UUID, language: str = "en") -> InForce:
        """Read a protocol as it holds now, in a language or in the one it was written in."""
        query = {"language": language}
        return decode(self._wire.ask("GET", f"{API}/protocols/{item}", query=query), InForce)

    def protocol_release(self, item: UUID, number: str, language: str = "en") -> Release:
        """Read one release as it was published, whether or not it holds."""
        path = f"{API}/protocols/{item}/releases/{quote(number, safe='')}"
        return decode(self._wire.ask("GET", path, query={"language": language}), Release)

    def texts(self) -> list[WrittenText]:
        """List the texts that the project writes; what waits for the person comes first."""
        return list(self._pages(f"{API}/texts", Page[WrittenText]))

    def bundle(self, kind: str | None = None) -> bytes:
        """Fetch all releases and recalls of the project's texts in one file, for offline places."""
        return self._wire.ask("GET", f"{API}/bundle", query={"kind": kind} if kind else None)

    def answers(self, words: str = "", language: str = "en") -> list[CannedAnswer]:
        """Find canned answers by words; without any, all of them."""
        query = {"q": words, "language": language}
        return list(self._pages(f"{API}/answers", Page[CannedAnswer], query))

    def preview_answer_export(
        self, tool: str, *, holds: str | None = None, ours: Sequence[str] = (), again: bool = False
    ) -> ExportReport:
        """Tell what an export for a tool would hold; `holds` is the tool's own export."""
        path = f"{API}/answer-exports/{quote(tool, safe='')}/preview"
        return decode(
            self._wire.ask("POST", path, body=_export_body(holds, ours, again=again)), ExportReport
        )

    def export_answers(
        self, tool: str, *, holds: str | None = None, ours: Sequence[str] = (), again: bool = False
    ) -> bytes:
        """Give the file for a tool: CSV for two of them, requests in JSON for the others."""
        path = f"{API}/answer-exports/{quote(tool, safe='')}"
        return self._wire.ask("POST", path, body=_export_body(holds, ours, again=again))

    def partners(self) -> list[Partner]:
        """List the nodes that the person's node has met, with who acts next."""
        return list(self._pages(f"{API}/partners", Page[Partner]))

    def partner(self, node: str) -> Crossed:
        """Tell what crossed between the person's node and another: kinds and counts only."""
        return decode(self._wire.ask("GET", _of(node)), Crossed)

    def invite_partner(self) -> Invitation:
        """Make a link for one other node; it is told only here."""
        return decode(self._wire.ask("POST", f"{API}/partners/invitations"), Invitation)

    def accept_partner(self, link: str) -> Partner:
        """Enter a link that another project sent; then both sides type the four words."""
        return decode(self._wire.ask("POST", f"{API}/partners", body={"link": link}), Partner)

    def type_words(self, node: str, words: str) -> Partner:
        """Type the four words that were heard on the telephone."""
        return decode(self._wire.ask("POST", f"{_of(node)}/words", body={"words": words}), Partner)

    def settle_documents(self, node: str, document: str) -> Partner:
        """Connect a frozen partner again by one of its documents: `known` or `other`."""
        body = {"document": document}
        return decode(self._wire.ask("POST", f"{_of(node)}/document", body=body), Partner)

    def dry_run(self, node: str, capability: str) -> DryRun:
        """Tell what a partner would receive at once by one more capability."""
        query = {"capability": capability}
        return decode(self._wire.ask("GET", f"{_of(node)}/dry-run", query=query), DryRun)

    def grant(self, node: str, capability: str) -> Partner:
        """Let a partner see one more thing."""
        path = f"{_of(node)}/grants/{quote(capability, safe='')}"
        return decode(self._wire.ask("PUT", path), Partner)

    def withdraw(self, node: str, capability: str) -> None:
        """Take one thing back; it holds at once."""
        self._wire.ask("DELETE", f"{_of(node)}/grants/{quote(capability, safe='')}")

    def end_partner(self, node: str, claims_until: datetime | None = None) -> None:
        """End working with another node, at once and without it.

        Seats on sessions from `claims_until` on are given back; without it all are kept.
        """
        query = {"claims_until": claims_until.isoformat()} if claims_until else None
        self._wire.ask("DELETE", _of(node), query=query)

    def hosts(self) -> list[Hosting]:
        """List the project's pools, with the node that plans each, and what is under way."""
        return list(self._pages(f"{API}/hosts", Page[Hosting]))

    def step(self, pool: str, step: str, *, node: str = "", typed: str = "") -> Hosting:
        """Take a step about who plans a pool, such as `hand-over` to a node.

        `typed` is the pool's name or short name, which most steps ask for.
        """
        path = f"{API}/hosts/{quote(pool, safe='')}/{quote(step, safe='')}"
        return decode(self._wire.ask("POST", path, body={"node": node, "typed": typed}), Hosting)

    def _pages(
        self, path: str, page: type[Page[Item]], query: Mapping[str, str | None] | None = None
    ) -> Iterator[Item]:
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        for _ in range(PAGES_AT_MOST):
            found = decode(self._wire.ask("GET", path, query=asked), page)
            yield from found.items
            if found.next is None:
                return
            if found.next == asked.get("cursor"):
                break
            asked["cursor"] = found.next
        raise AnswerError("The node's list does not end.")


def _of(node: str) -> str:
    return f"{API}/partners/{quote(node, safe='')}"


def _export_body(
    holds: str | None, ours: Sequence[str], *, again: bool
) -> dict[str, str | bool | list[str]]:
    body: dict[str, str | bool | list[str]] = {"ours": list(ours)}
    if holds is not None:
        body["holds"] = holds
    if again:
        body["again"] = True
    return body


def moment(when: datetime | date | None) -> str | None:
    """Write a time for a query; one without a zone could mean anything and is refused."""
    if isinstance(when, datetime) and when.tzinfo is None:
        raise ValueError("A time needs its zone.")
    return when.isoformat() if when else None


def decode(answer: bytes, kind: type[Item]) -> Item:
    """Read an answer, ignoring what is newer than this version."""
    try:
        return msgspec.json.decode(answer, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise AnswerError(
            "The answer is not one that this version of netreach-client understands."
        ) from error
