"""Two documents of one node that do not fit together, as people compare them by telephone."""

from typing import NamedTuple

from federation.partners.errors import BadDocument, OlderDocument, OtherDocument
from federation.partners.rules.document import contents
from federation.partners.rules.signatures import thumbprint

KNOWN, OTHER = "known", "other"
CHOICES = frozenset({KNOWN, OTHER})
"""With which of the two documents a frozen partner is connected again."""
ALARMS = {alarm.code: alarm.title for alarm in (OtherDocument, OlderDocument)}


class Shown(NamedTuple):
    """What a document says: its number, the address, and the fingerprint of each key by role."""

    version: int
    base_url: str
    keys: dict[str, str]


class Dispute(NamedTuple):
    """Why a partner is frozen, and both documents: the one that was pinned, and the other."""

    code: str
    sentence: str
    known: Shown
    other: Shown


def side_by_side(alarm: str, known: str, other: str) -> Dispute:
    """Say why two documents do not fit together, and what each of them says."""
    return Dispute(alarm, ALARMS.get(alarm, BadDocument.title), _shown(known), _shown(other))


def _shown(text: str) -> Shown:
    document = contents(text)
    in_force = document.keys_by_role().items()
    keys = {role: ", ".join(map(thumbprint, keys)) for role, keys in in_force}
    return Shown(document.version, document.base_url, keys)
