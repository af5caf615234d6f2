import msgspec


class NoForm(msgspec.Struct):
    """A button without fields."""
