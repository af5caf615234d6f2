"""Accepting an invitation: the newcomer's side, which speaks to a node that it knows not yet."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from api.peers.client import PartnerRefusedError, PartnerUnreachableError, send_join
from database.session import door
from federation.errors import Refusal
from federation.partners.actions import may_partner
from federation.partners.errors import (
    AlreadyPartners,
    InvitationExpired,
    InvitationForged,
    InvitationUsed,
)
from federation.partners.invitations.actions import join_request, meet
from federation.partners.keys import Node
from federation.partners.models import Partner
from federation.partners.rules.handshake import Link
from federation.permissions.rules import Asker

SAME_HERE = {
    refusal.code: refusal
    for refusal in (AlreadyPartners, InvitationExpired, InvitationForged, InvitationUsed)
}


class InviterAway(Refusal):
    """The node in the link gave no answer that could be read."""

    code = "inviter-away"
    title = "The other project's node does not answer now. Your link stays good; try again later."
    status = 503


async def accept_invitation(
    engine: AsyncEngine,
    node: Node,
    *,
    asker: Asker,
    link_text: str,
    now: datetime,
    development: bool,
) -> Partner:
    """Spend a link that another project sent; afterwards both sides type the four words."""
    may_partner(asker)
    link = Link.read(link_text)
    request, statement = join_request(node, link)
    try:
        answer = await send_join(link, statement, development=development)
    except PartnerUnreachableError as error:
        raise InviterAway from error
    except PartnerRefusedError as error:
        raise SAME_HERE.get(error.code, InvitationForged) from error
    async with door(engine) as session:
        return await meet(
            session,
            asker=asker,
            node=node,
            link=link,
            request=request,
            statement=answer,
            now=now,
        )
