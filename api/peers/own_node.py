from litestar.datastructures import State

from api.settings import Settings
from federation.partners.keys import Node


def open_node(settings: Settings) -> Node:
    """Load this node's keys and bring its document up to date with the settings."""
    return Node.open(settings.keys, name=settings.node_name, base_url=settings.base_url)


def own_node(state: State) -> Node:
    """Give this node, opened at its first use: a node without keys still serves its own people."""
    if "node" not in state:
        state["node"] = open_node(state["settings"])
    node: Node = state["node"]
    return node
