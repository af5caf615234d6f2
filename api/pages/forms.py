from uuid import UUID

import msgspec

from api.errors import InvalidRequest

Many = list[str] | str
"""A form with one such field sends one word, not a list."""


class NoForm(msgspec.Struct):
    """A button without fields."""


def many(told: Many) -> list[str]:
    """Give the words of a field that may stand in a form several times."""
    return [told] if isinstance(told, str) else told


def chosen_id(field: str, text: str) -> UUID:
    """Read which of the things on a page was chosen."""
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidRequest(field, "is not one of those on the page.") from error
