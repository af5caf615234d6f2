from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Make a UUIDv7 (RFC 9562, 5.7), so that ids of one table are near one another on disk."""
    return uuid7()
