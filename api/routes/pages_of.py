"""Long lists: one page, and an opaque cursor for the next."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Generic, TypeVar
from uuid import UUID

import msgspec

from api.bodies import Moment
from api.errors import InvalidRequest

T = TypeVar("T")


class Page(msgspec.Struct, Generic[T], frozen=True):
    """A page of a list; `next` is the cursor of the following page, null on the last."""

    items: list[T]
    next: str | None = None


def write_cursor(moment: Moment, last: UUID) -> str:
    """Say where the next page begins."""
    return urlsafe_b64encode(msgspec.msgpack.encode((moment, last))).decode()


def read_cursor(cursor: str | None) -> tuple[Moment, UUID] | None:
    """Read what `write_cursor` wrote; anything else is refused."""
    if cursor is None:
        return None
    try:
        return msgspec.msgpack.decode(urlsafe_b64decode(cursor), type=tuple[Moment, UUID])
    except ValueError as error:
        raise InvalidRequest("cursor", "is not one that this list gave.") from error
