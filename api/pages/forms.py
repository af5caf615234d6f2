import msgspec

Many = list[str] | str
"""A form with one such field sends one word, not a list."""


class NoForm(msgspec.Struct):
    """A button without fields."""


def many(told: Many) -> list[str]:
    """Give the words of a field that may stand in a form several times."""
    return [told] if isinstance(told, str) else told
