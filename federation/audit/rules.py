"""What no backup may undo: what was revoked, blocked, taken away, erased, published or recalled."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

NOTE_ENDED = "note-ended"
ENDED = frozenset(
    {
        ("api-token", "api-token.revoked"),
        ("authenticator", "authenticator.removed"),
        ("authenticator", "recovery-codes.replaced"),
        ("calendar_address", "calendar-address-revoked"),
        ("calendar_address", "calendar-address-rotated"),
        ("handle", "withdraw-tool-account"),
        ("item", "comment-erased"),
        ("item", "lived-reviewer-erased"),
        ("partner", "ended"),
        ("partner", "withdrew"),
        ("passkey", "passkey.removed"),
        ("person", "calendar-addresses-revoked"),
        ("person", "mail-address.erased"),
        ("person", "person.erased"),
        ("person", "person.left"),
        ("person", "role.taken"),
        ("person", "withdraw-training"),
        ("pool", "stopped-sharing-counts"),
        ("project", "deleted-old-records"),
        ("project", "erased-session-records"),
        ("project", "set-record-keeping"),
        ("push-device", "push-device.removed"),
        ("recall", "recalled"),
        ("recovery-code", "recovery-code.used"),
        ("release", "released"),
        ("shift", "erased-handover-note"),
        ("shift", "erased-session-record"),
    }
)
"""Subject and verb of each; who restores does every one of them again (`api/ended.py`).

A release is among them because partners hold it, and its number is given for good.
"""


class Ended(Struct, frozen=True, kw_only=True):
    """One thing that was ended, as the audit has it: by ids alone, or by what was published."""

    at: datetime
    subject: str
    verb: str
    subject_id: UUID | None
    facts: dict[str, Any]
