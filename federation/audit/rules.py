"""What was ended for good: revoked, blocked, taken away or erased. A backup must not undo it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

NOTE_ENDED = "note-ended"
ENDED = frozenset(
    {
        ("api-token", "api-token.revoked"),
        ("calendar_address", "calendar-address-revoked"),
        ("calendar_address", "calendar-address-rotated"),
        ("handle", "withdraw-tool-account"),
        ("item", "comment-erased"),
        ("item", "lived-reviewer-erased"),
        ("partner", "ended"),
        ("partner", "withdrew"),
        ("person", "calendar-addresses-revoked"),
        ("person", "mail-address.erased"),
        ("person", "person.left"),
        ("person", "role.taken"),
        ("person", "withdraw-training"),
        ("push-device", "push-device.removed"),
        ("shift", "erased-handover-note"),
    }
)
"""Subject and verb of each; who restores does every one of them again (`api/ended.py`)."""


class Ended(Struct, frozen=True, kw_only=True):
    """One thing that was ended, as the audit has it: by ids alone."""

    at: datetime
    subject: str
    verb: str
    subject_id: UUID | None
    facts: dict[str, Any]
