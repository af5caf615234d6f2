from federation.errors import NotFound


class NoSuchPool(NotFound):
    """No pool of this name publishes its hours here."""

    title = "There is no such page. Please check the address."
