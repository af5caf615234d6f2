"""Machine sign-in: a signed assertion, used once, gives a token for ten minutes."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database import outbox
from database.ids import new_id
from federation.access.rules import new_secret, secret_hash
from federation.partners.actions import POKE, PULL, heard
from federation.partners.errors import BadSignature, NotSignedIn, TokenRefused
from federation.partners.models import Partner, PartnerToken, UsedAssertion
from federation.partners.rules.document import NodeId
from federation.partners.rules.encoding import bytes_of, json_of
from federation.partners.rules.handshake import SPEAKING
from federation.partners.rules.signatures import verified
from federation.partners.tokens import rules

COMPACT_PARTS = 3


class Issued(NamedTuple):
    """A token, its life in seconds, and the partner whose it is."""

    secret: str
    seconds: int
    node_id: str


async def issue(
    session: AsyncSession, *, form: dict[str, Any], issuer: str, now: datetime
) -> Issued:
    """Give a partner a token; ended partners are strangers."""
    assertion, error = rules.request_fields(form)
    if assertion is None:
        raise TokenRefused(error, "Send client_credentials with a private_key_jwt assertion.")
    claims = await _believed(session, assertion, issuer=issuer, now=now)
    fresh = await session.scalar(
        insert(UsedAssertion)
        .values(
            id=new_id(),
            node_id=claims.iss,
            jti=claims.jti,
            expires_at=datetime.fromtimestamp(claims.exp, UTC) + rules.CLOCKS_DIFFER,
        )
        .on_conflict_do_nothing()
        .returning(UsedAssertion.id)
    )
    if fresh is None:
        raise TokenRefused("invalid_client", "This assertion has been used before.")
    await heard(session, node_id=claims.iss, now=now)
    await outbox.hurry(session, (POKE, PULL), claims.iss, now=now)
    token = new_secret()
    session.add(
        PartnerToken(
            secret_hash=secret_hash(token),
            node_id=claims.iss,
            expires_at=now + rules.TOKEN_LIVES,
        )
    )
    await session.flush()
    return Issued(token, int(rules.TOKEN_LIVES.total_seconds()), claims.iss)


async def signed_in(session: AsyncSession, *, token: str, now: datetime) -> Partner:
    """Tell whose token this is; checked against the relationship each time, never cached."""
    partner = await session.scalar(
        select(Partner)
        .join(PartnerToken, PartnerToken.node_id == Partner.node_id)
        .where(
            PartnerToken.secret_hash == secret_hash(token),
            PartnerToken.expires_at > now,
            Partner.state.in_(SPEAKING),
        )
    )
    if partner is None:
        raise NotSignedIn
    return partner


async def sweep(session: AsyncSession, *, now: datetime) -> None:
    """Forget tokens and assertions that no longer open anything."""
    await session.execute(delete(PartnerToken).where(PartnerToken.expires_at <= now))
    await session.execute(delete(UsedAssertion).where(UsedAssertion.expires_at <= now))


async def _believed(
    session: AsyncSession, assertion: str, *, issuer: str, now: datetime
) -> rules.Claims:
    """Verify with the keys pinned for the node that it names; nothing is ever fetched."""
    node_id = _claimed_issuer(assertion)
    partner = await session.get(Partner, node_id)
    if partner is None or partner.state not in SPEAKING:
        raise TokenRefused("invalid_client", "This node does not work with yours now.")
    try:
        raw = verified(assertion, partner.keys["transport"], rules.PURPOSE)
        claims = json_of(raw, rules.Claims)
    except (BadSignature, msgspec.MsgspecError) as error:
        raise TokenRefused("invalid_client", "The assertion's signature or form is wrong.") from (
            error
        )
    wrong = rules.complaint(claims, node_id=node_id, issuer=issuer, now=now)
    if wrong:
        raise TokenRefused("invalid_client", wrong)
    return claims


def _claimed_issuer(assertion: str) -> str:
    parts = assertion.split(".")
    if len(parts) != COMPACT_PARTS:
        raise TokenRefused("invalid_client", "The assertion is not a JWT.")
    try:
        return json_of(bytes_of(parts[1]), _Named).iss
    except (msgspec.MsgspecError, ValueError) as error:
        raise TokenRefused("invalid_client", "The assertion cannot be read.") from error


class _Named(msgspec.Struct):
    iss: NodeId
