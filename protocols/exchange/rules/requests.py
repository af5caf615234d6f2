"""A file of requests for tools that take no file: what to ask, and whose answer each entry is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from protocols.exchange.rules.fates import WRITTEN, Step

FORMAT = "netreach-requests/1"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a tool's API."""

    method: str
    path: str
    body: Mapping[str, Any]


class Mapped(msgspec.Struct, frozen=True, kw_only=True):
    """Which answer an entry of the tool is; `id` is the tool's own, where an export told it."""

    name: str
    id: str | None
    item: str
    language: str
    fingerprint: str


def request_file(
    tool: str, steps: Sequence[Step], request: Callable[[Step], Request]
) -> Iterator[str]:
    """Write the requests one by one, and after them the map of ids."""
    yield f'{{"format": "{FORMAT}", "tool": "{tool}", "requests": [\n'
    yield from _listed(request(step) for step in steps if step.fate in WRITTEN)
    yield '], "id_map": [\n'
    yield from _listed(_mapped(step) for step in steps)
    yield "]}\n"


def _listed(values: Iterator[msgspec.Struct]) -> Iterator[str]:
    between = ""
    for value in values:
        yield between + msgspec.json.encode(value).decode()
        between = ",\n"


def _mapped(step: Step) -> Mapped:
    return Mapped(
        name=step.entry.key,
        id=step.there.id if step.there else None,
        item=step.entry.urn,
        language=step.entry.language,
        fingerprint=step.entry.fingerprint,
    )
