"""Confirming by telephone that a node is the right one, granting, ending."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, bindparam, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from database import outbox
from federation.audit.actions import SYSTEM, record
from federation.errors import ExampleStaysApart, NotFound
from federation.partners.errors import NothingToConfirm, NotJoined, WordsDiffer
from federation.partners.models import Partner, PartnerToken
from federation.partners.rules import capabilities, handshake
from federation.partners.rules.document import NodeDocument
from federation.partners.rules.words import heard as words_heard
from federation.people.models import Role
from federation.permissions.rules import Asker, require_role, require_write
from federation.pools.models import Pool
from federation.projects.models import Project

POKE = "poke"
PULL = "pull"
STATE_HOURS = "state-hours"
RESTATE_HOURS = "restate-hours"
RESTATE_SPEAKERS = "restate-speakers"
"""Work: look again who speaks which language, since a partner's people count or count no more."""


async def confirm_words(
    session: AsyncSession, *, asker: Asker, node_id: str, typed: str, now: datetime
) -> Partner:
    """Type the four words heard on the telephone; now the partner may sign in, and acts next."""
    may_partner(asker)
    partner = await locked(session, node_id)
    if partner.state != handshake.WORDS_TO_TYPE:
        raise NothingToConfirm
    if words_heard(typed) != partner.words:
        raise WordsDiffer
    partner.state = handshake.WAITING_FOR_THEM
    await outbox.put(session, POKE, {"node_id": node_id}, now=now, key=node_id)
    await note(session, asker, "typed-words", now=now, node_id=node_id)
    return partner


# built once: each of many partners is heard three times a minute
_SPOKE = (
    update(Partner)
    .where(Partner.node_id == bindparam("node"), Partner.state != handshake.WAITING_FOR_THEM)
    .values(last_heard_at=bindparam("at", type_=DateTime(timezone=True)))
    .returning(Partner.node_id)
)


async def heard(session: AsyncSession, *, node_id: str, now: datetime) -> None:
    """Note that a partner spoke as itself: if we waited for its words, it has typed them."""
    connection = await session.connection()
    spoke = await connection.execute(_SPOKE, {"node": node_id, "at": now})
    if spoke.one_or_none() is not None:
        return
    partner = await locked(session, node_id)
    partner.last_heard_at = now
    if partner.state != handshake.WAITING_FOR_THEM:
        # somebody has ended it in this very moment, or it was frozen
        return
    partner.state = handshake.JOINED
    for kind in (PULL, RESTATE_SPEAKERS):
        await outbox.put(session, kind, {"node_id": node_id}, now=now, key=node_id)
    await note(session, None, "joined", now=now, node_id=node_id)


async def grant(
    session: AsyncSession, *, asker: Asker, node_id: str, capability: str, now: datetime
) -> None:
    """Let a partner read or do one more thing; it is told at once."""
    may_partner(asker)
    partner = await locked(session, node_id)
    if partner.state not in handshake.SPEAKING:
        raise NotJoined
    wanted = capabilities.checked(capability)
    await _require_no_example(session, wanted)
    partner.we_grant = sorted({*partner.we_grant, wanted})
    partner.withheld = [one for one in partner.withheld if one != wanted]
    await outbox.put(session, POKE, {"node_id": node_id}, now=now, key=node_id)
    await tell_hours(session, [wanted], now)
    await note(session, asker, "granted", now=now, node_id=node_id, capability=wanted)


async def _require_no_example(session: AsyncSession, capability: str) -> None:
    """Refuse to let a partner see anything of an example."""
    subject = UUID(capability.partition(":")[2])
    of_pool = exists().where(Pool.id == subject, Pool.example)
    of_project = exists().where(Project.id == subject, Project.example_of.is_not(None))
    if await session.scalar(select(of_pool | of_project)):
        raise ExampleStaysApart


async def withdraw(
    session: AsyncSession, *, asker: Asker, node_id: str, capability: str, now: datetime
) -> None:
    """Take one thing back; it holds from this transaction on, whatever the partner does.

    It is withheld also from a partner that takes part in a pool which would bring it.
    """
    may_partner(asker)
    partner = await locked(session, node_id)
    unwanted = capabilities.checked(capability)
    partner.we_grant = [one for one in partner.we_grant if one != unwanted]
    partner.withheld = sorted({*partner.withheld, unwanted})
    # who sees no shifts any more may still hear when the pool is open
    await tell_hours(session, [unwanted], now)
    await note(session, asker, "withdrew", now=now, node_id=node_id, capability=unwanted)


async def end(session: AsyncSession, *, asker: Asker, node_id: str, now: datetime) -> None:
    """End a relationship at once and without the partner: nothing it holds opens anything."""
    may_partner(asker)
    partner = await locked(session, node_id)
    await close(session, partner)
    await note(session, asker, "ended", now=now, node_id=node_id)


async def close(session: AsyncSession, partner: Partner) -> None:
    """Leave a partner nothing that opens anything."""
    partner.state = handshake.ENDED
    partner.we_grant, partner.they_grant, partner.words = [], [], []
    partner.withheld, partner.they_withhold = [], []
    partner.alarm = partner.disputed = None
    await revoke_tokens(session, partner)


async def revoke_tokens(session: AsyncSession, partner: Partner) -> None:
    """End what a partner has signed in with."""
    await session.execute(delete(PartnerToken).where(PartnerToken.node_id == partner.node_id))


async def tell_hours(session: AsyncSession, changed: Iterable[str], now: datetime) -> None:
    """Have pools' hours said anew, where a partner may hear them since this change."""
    for one in sorted(changed):
        kind, _, pool = one.partition(":")
        if kind in {capabilities.OPEN_HOURS, capabilities.SHIFTS}:
            await outbox.put(session, RESTATE_HOURS, {"subject": pool}, now=now, key=pool)


async def locked(session: AsyncSession, node_id: str) -> Partner:
    """Load a partner that nobody else changes meanwhile."""
    partner = await session.get(
        Partner,
        node_id,
        # what only refers to the partner need not wait
        with_for_update={"key_share": True},
        populate_existing=True,
    )
    if partner is None:
        raise NotFound
    return partner


async def understands(
    session: AsyncSession, partner: Partner, kinds: Sequence[str], now: datetime
) -> None:
    """Remember which kinds of feed a partner's program knows, as it says itself."""
    if sorted(kinds) == sorted(partner.reads):
        return
    known = await locked(session, partner.node_id)
    known.reads = sorted(kinds)
    await session.flush()
    await tell_hours(session, [*known.we_grant, *known.withheld], now)


def pin_document(partner: Partner, document: NodeDocument, text: str) -> None:
    """Remember what a verified document says; these keys hold until a following one."""
    partner.name, partner.base_url = document.name, document.base_url
    partner.document, partner.document_version = text, document.version
    partner.keys, partner.reads = document.pinned(), document.reads


def may_partner(asker: Asker) -> None:
    """Refuse everybody but a partner administrator."""
    require_write(asker)
    require_role(asker, Role.PARTNER_ADMINISTRATOR)


async def note(
    session: AsyncSession, asker: Asker | None, verb: str, *, now: datetime, **facts: object
) -> None:
    """Write down what was done with a partner, by its node's id."""
    await record(
        session,
        actor=asker.person_id if asker else SYSTEM,
        verb=verb,
        subject="partner",
        subject_id=None,
        now=now,
        facts=facts,
    )
