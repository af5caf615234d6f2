"""Where a feed is read; what stands there is shown to its owner once."""


def feed_url(base_url: str, secret: str) -> str:
    """Give the address at which a feed is read."""
    return f"{base_url.rstrip('/')}/calendar/{secret}.ics"
