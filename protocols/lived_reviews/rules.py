"""Which words a review was of: a review of other words says nothing about these."""

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from federation.partners.rules.canonical import canonical
from protocols.history.rules.written import Written


class Reviewed(NamedTuple):
    """One review of a text; `who` only for coordinators, and only until it is erased."""

    id: UUID
    at: datetime
    current: bool
    who: str | None


def reviewed_words(written: Written) -> bytes:
    """Name what was reviewed: title, question and texts in the language they were written in."""
    source = written.source
    said = [source.title, source.question, source.texts, [str(part.id) for part in written.blocks]]
    return sha256(canonical({"reviewed": said})).digest()
