"""What a worker does for a node that came back from a backup."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import door
from federation.partners.keys import Node
from federation.partners.models import Partner
from federation.partners.rules.canonical import admit
from federation.partners.rules.document import contents, signers
from federation.partners.rules.signatures import Jwk, verified
from rota.handing.after_loss import go_on_everywhere
from rota.reentry.actions import reenter, restate_pool
from rota.reentry.entering import Verify
from rota.sign_up.from_homes import RECEIPT


async def restate(engine: AsyncEngine, payload: dict[str, Any], now: datetime) -> None:
    """State one pool from the beginning."""
    async with door(engine) as session:
        await restate_pool(session, UUID(payload["pool"]), now)


async def enter_again(engine: AsyncEngine, node: Node, now: datetime) -> None:
    """Enter what partners hold; each receipt is read with the pinned keys of who signed it."""
    # also with a key that was in force when a receipt was signed
    own = [key.jwk for key in contents(node.document).keys if key.role == "head"]
    async with door(engine) as session:
        await reenter(
            session,
            now,
            sign=lambda receipt: node.keys.sign("head", receipt, purpose=RECEIPT),
            our_receipt=partial(_read, own),
            receipts_of=partial(_receipts_of, session),
        )
        await go_on_everywhere(session, now)


async def _receipts_of(session: AsyncSession, nodes: Sequence[str]) -> dict[str, Verify]:
    found = await session.scalars(select(Partner).where(Partner.node_id.in_(nodes)))
    return {partner.node_id: partial(_read, signers(partner.keys, "head")) for partner in found}


def _read(keys: Sequence[Jwk], receipt: str) -> dict[str, Any]:
    return admit(verified(receipt, keys, RECEIPT))
