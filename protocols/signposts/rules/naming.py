"""Where a text names a service by its id: what stands there, and what keeps it from standing."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from federation.errors import Reason
from protocols.releases.rules import Manifest
from protocols.signposts.rules.entries import Entry, why_not_named, written

SIGNPOST = "signpost"


class Named(NamedTuple):
    """A project's values with its services in words, and why some gaps stay open."""

    values: dict[str, str]
    blocked: list[Reason]


def services_named(manifest: Manifest, values: Mapping[str, str]) -> dict[str, UUID | None]:
    """Give the services that a project's values name, by gap; None where it is no id at all."""
    return {
        gap.name: id_of(values.get(gap.name, ""))
        for gap in manifest.placeholders
        if gap.type == SIGNPOST and gap.filled_by == "project"
    }


def id_of(value: str) -> UUID | None:
    """Read the id of a service, as it stands in a value."""
    try:
        return UUID(value)
    except ValueError:
        return None


def with_services(
    manifest: Manifest,
    values: Mapping[str, str],
    used: Collection[str],
    entries: Mapping[UUID, Entry],
    today: date,
) -> Named:
    """Write the services out; one that no longer holds blocks the text where its gap is used."""
    named = services_named(manifest, values)
    filled = {name: value for name, value in values.items() if name not in named}
    blocked = []
    for name, service in named.items():
        entry = entries.get(service) if service else None
        reason = why_not_named(entry, today)
        if reason is None and entry is not None:
            filled[name] = written(entry)
        elif reason is not None and name in used:
            blocked.append(reason)
    return Named(filled, blocked)
