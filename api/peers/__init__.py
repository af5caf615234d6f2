"""What partner nodes call, and what this node asks of them."""

from api.peers.routes import ROUTES

__all__ = ["ROUTES"]
