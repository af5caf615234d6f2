"""What is kept back until all of it can be said, feed after feed in their one order."""

from collections.abc import Awaitable, Callable, Iterable
from operator import itemgetter

Telling = tuple[str, Callable[[], Awaitable[object]]]
"""A node, and what is said to it; the empty name for what all members are told."""


async def tell(tellings: Iterable[Telling]) -> None:
    """Say it to all members first, then to one node after the other, in the order of their ids."""
    for _node, act in sorted(tellings, key=itemgetter(0)):
        await act()
