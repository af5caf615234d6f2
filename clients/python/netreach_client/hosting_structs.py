"""What a node answers about who plans its pools. Unknown fields are ignored, as everywhere."""

import msgspec


class NodeNamed(msgspec.Struct, frozen=True):
    """A node that yours has met."""

    node: str
    name: str


class Hosting(msgspec.Struct, frozen=True):
    """A pool; `host` is null where your node plans it, `state` while nothing is under way.

    `partners` are the other nodes that take part; while there are some in `waits`, no seats are
    given after a loss. `disputed` is the host by another signed document, until it is settled.
    """

    pool: str
    name: str
    term: int
    host: NodeNamed | None = None
    state: str | None = None
    other: NodeNamed | None = None
    deputy: str | None = None
    partners: list[NodeNamed] = []
    waits: list[NodeNamed] = []
    disputed: str | None = None
