"""The tools of a worker process, shared by all that it does."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from api.notices.office import Office
from api.peers.applying import Reader
from api.peers.client import Clock, PartnerClient
from api.peers.events import APPLY, RUNS
from api.peers.handing_events import hear_pools
from api.peers.rota_events import ROTA_RUNS, rota_events
from api.settings import Settings
from database.session import door
from federation.partners.keys import Node
from federation.partners.queries import address_to_speak_to, speaking_partner


@dataclass(kw_only=True)
class Workshop:
    """What every job may use; one per worker process."""

    settings: Settings
    engine: AsyncEngine
    node: Node
    clock: Clock
    reader: Reader
    clients: dict[str, PartnerClient]
    opened: Office | None = None

    @property
    def office(self) -> Office:
        """Give what notices are sent with, opened at its first use."""
        if self.opened is None:
            self.opened = Office.open(self.settings, self.engine, self.clock)
        return self.opened

    async def client(self, node_id: str) -> PartnerClient | None:
        """Give the way to a partner, or None where this node no longer speaks to it."""
        known = self.clients.get(node_id)
        if known and known.base_url == await address_to_speak_to(self.engine, node_id):
            return known
        async with door(self.engine) as session:
            partner = await speaking_partner(session, node_id)
        if known and (partner is None or partner.base_url != known.base_url):
            # another job may have put a new one in its place meanwhile
            if self.clients.get(node_id) is known:
                del self.clients[node_id]
            await known.close()
        if partner is None:
            return None
        if node_id not in self.clients:
            self.clients[node_id] = PartnerClient(
                self.node, partner, development=self.settings.development, clock=self.clock
            )
        return self.clients[node_id]

    async def close(self) -> None:
        """Close the ways to all partners."""
        for client in self.clients.values():
            await client.close()
        self.clients.clear()
        if self.opened is not None:
            await self.opened.close()
            self.opened = None


def open_workshop(settings: Settings, engine: AsyncEngine, node: Node, clock: Clock) -> Workshop:
    """Fit a worker's tools together."""
    rota = rota_events(node.keys, seats_at_once=settings.partner_seats_at_once)
    events = {**APPLY, **rota}
    reader = Reader(
        engine=engine,
        node_id=node.node_id,
        clock=clock,
        apply=events,
        apply_runs={**RUNS, **ROTA_RUNS},
        hear_pool=hear_pools(node.keys),
    )
    return Workshop(
        settings=settings, engine=engine, node=node, clock=clock, reader=reader, clients={}
    )
