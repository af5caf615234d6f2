from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.rows import fetch_rows
from federation.errors import NotFound
from federation.partners.models import Partner
from federation.partners.rules.handshake import JOINED, SPEAKING
from federation.people.models import Role
from federation.permissions.rules import Asker, require_role

ADDRESS = "SELECT base_url FROM partner WHERE node_id = $1 AND state = ANY($2::text[])"


async def partners(session: AsyncSession, *, asker: Asker) -> list[Partner]:
    """List every node met, with the state that says who acts next."""
    require_reader(asker)
    return list(await session.scalars(select(Partner).order_by(Partner.name, Partner.node_id)))


async def partner(session: AsyncSession, *, asker: Asker, node_id: str) -> Partner:
    """Give one node that was met."""
    require_reader(asker)
    found = await session.get(Partner, node_id)
    if found is None:
        raise NotFound
    return found


def require_reader(asker: Asker) -> None:
    """Refuse everybody but partner administrators, who act, and coordinators, who read."""
    require_role(asker, Role.PARTNER_ADMINISTRATOR, Role.COORDINATOR)


async def speaking_partner(session: AsyncSession, node_id: str) -> Partner | None:
    """Give a partner to which this node may speak; nobody asks on its own behalf here."""
    partner = await session.get(Partner, node_id)
    return partner if partner is not None and partner.state in SPEAKING else None


async def address_to_speak_to(engine: AsyncEngine, node_id: str) -> str | None:
    """Give the address of a partner to which this node may speak: a poll asks for no more."""
    rows = await fetch_rows(engine, ADDRESS, node_id, list(SPEAKING))
    return rows[0]["base_url"] if rows else None


async def joined_nodes(session: AsyncSession) -> list[str]:
    """Name the nodes whose feeds are read regularly."""
    found = await session.scalars(select(Partner.node_id).where(Partner.state == JOINED))
    return sorted(found)
