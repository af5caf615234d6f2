"""What an import does with each row, told beforehand and afterwards in the same words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from federation.errors import Reason
from protocols.signposts.rules.drafts import SignpostDraft, tidied
from protocols.signposts.rules.entries import Entry
from protocols.signposts.rules.lists import Read

FATES = {
    "new": "is added",
    "changed": "is changed",
    "same": "is there already",
    "refused": "is left out",
}


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to one row; `entry` is the service that it changes."""

    row: int
    name: str
    fate: Literal["new", "changed", "same", "refused"]
    draft: SignpostDraft | None
    entry: UUID | None
    reasons: Sequence[Reason] = ()


def fates(rows: Iterable[Read], known: Iterable[Entry], zone: str, today: date) -> Iterator[Fate]:
    """Decide for each row; a service is known by its source's id, or else by its name."""
    by_source = {entry.source_id: entry for entry in known if entry.source_id}
    by_name = {entry.name.casefold(): entry for entry in known if not entry.source_id}
    met: set[str] = set()
    for read in rows:
        if read.draft is None:
            yield Fate(read.row, "", "refused", None, None, read.reasons)
            continue
        draft, reasons = tidied(read.draft, zone, today)
        key = draft.source_id or f" {draft.name.casefold()}"
        if key in met:
            reasons.append(Reason("row-twice", "It is in the file twice; the first one counts."))
        met.add(key)
        if reasons:
            yield Fate(read.row, draft.name[:200], "refused", None, None, reasons)
            continue
        source = draft.source_id
        entry = by_source.get(source) if source else by_name.get(draft.name.casefold())
        yield _fate(read, draft, entry)


def _fate(read: Read, draft: SignpostDraft, entry: Entry | None) -> Fate:
    row = read.row
    if entry is None:
        return Fate(row, draft.name, "new", draft, None)
    merged = merged_into(entry, draft, dated=_says_when(read.draft))
    return Fate(row, draft.name, "same" if same(entry, merged) else "changed", merged, entry.id)


def _says_when(said: SignpostDraft | None) -> bool:
    """Tell whether a row says at all how long it holds; to load a file is not to ask a service."""
    return said is not None and (said.last_checked is not None or said.expires is not None)


def merged_into(entry: Entry, draft: SignpostDraft, *, dated: bool) -> SignpostDraft:
    """Let a file not undo what people found out: a later check stays, and what is closed here."""
    checked = draft.last_checked if dated else None
    later = checked is not None and checked > entry.last_checked
    return replace(
        draft,
        last_checked=draft.last_checked if later else entry.last_checked,
        expires=draft.expires if later else entry.expires,
        closed=draft.closed or entry.closed,
    )


def same(entry: Entry, draft: SignpostDraft) -> bool:
    """Tell whether a draft says what is known already."""
    return all(getattr(entry, name) == getattr(draft, name) for name in SignpostDraft.__slots__)
