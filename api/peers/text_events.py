"""Hands partners' releases, recalls and pool texts to the protocols' actions, keys pinned."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.feeds.taken_in.actions import count_recall
from federation.grants.queries import may
from federation.partners.models import Partner
from federation.partners.queries import speaking_partner
from federation.partners.rules.capabilities import PROPOSE
from federation.partners.rules.document import signers
from federation.partners.rules.signatures import verifier
from federation.partners.sender import Sender
from protocols.confirmations.actions import (
    CONFIRMED,
    confirm_all,
    confirm_recall,
    receive_confirmation,
)
from protocols.marks.actions import MARKED, receive_mark
from protocols.pool_texts.actions import receive_pool_text
from protocols.pool_texts.rule_actions import receive_pool_text_rule
from protocols.proposals.actions import MADE, WITHDRAWN, receive_proposal, receive_withdrawal
from protocols.proposals.decisions.actions import ANSWERED, receive_answer, turn_away
from protocols.proposals.queries import stated_here
from protocols.proposals.rules.parts import Said
from protocols.recalls.receiving import receive_recall
from protocols.releases.actions import receive_releases
from protocols.statements.rules import Verify, read_statement, verified_bytes

PURPOSE = "netreach-release+jws"


async def _pinned(session: AsyncSession, sender: Sender) -> Verify:
    partner = await speaking_partner(session, sender.node_id)
    if partner is None:
        raise NotFound
    return verifier(signers(partner.keys, "release"), PURPOSE)


def _verify_ahead(partner: Partner, payload: dict[str, Any]) -> None:
    verified_bytes(read_statement(payload), verifier(signers(partner.keys, "release"), PURPOSE))


async def _release_stated(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
) -> None:
    await _releases_stated(session, sender, [payload], now)


async def _releases_stated(
    session: AsyncSession, sender: Sender, payloads: list[dict[str, Any]], now: datetime
) -> None:
    verify = await _pinned(session, sender)
    await receive_releases(session, sender, payloads, now, verify=verify)


async def _recalled(session: AsyncSession, sender: Sender, jws: str, now: datetime) -> None:
    verify = await _pinned(session, sender)
    heard = await receive_recall(session, sender, jws, now, verify=verify)
    if heard is not None:
        await count_recall(session, sender.node_id, jws, now)
        await confirm_recall(session, heard.recall, now, said=heard.said)


async def _begun_anew(session: AsyncSession, sender: Sender, now: datetime) -> None:
    await confirm_all(session, sender.node_id, UUID(sender.subject), now)


async def _proposal_made(
    session: AsyncSession, sender: Sender, payload: dict[str, Any], now: datetime
) -> None:
    """Answer at once a partner that may not propose: somebody there waits for a word."""
    said = msgspec.convert(payload, Said)
    text = await stated_here(session, said)
    if text is None or await may(session, sender.node_id, PROPOSE, text.project_id):
        await receive_proposal(session, sender, payload, now)
    else:
        await turn_away(session, sender, said.proposal, now)


TEXT_EVENTS: dict[
    str, Callable[[AsyncSession, Sender, dict[str, Any], datetime], Awaitable[None]]
] = {
    "release.stated": _release_stated,
    "pool-text.stated": receive_pool_text,
    "pool-text-rule.stated": receive_pool_text_rule,
    CONFIRMED: receive_confirmation,
    MARKED: receive_mark,
    MADE: _proposal_made,
    WITHDRAWN: receive_withdrawal,
    ANSWERED: receive_answer,
}
TEXT_RECALLS: dict[str, Callable[[AsyncSession, Sender, str, datetime], Awaitable[None]]] = {
    "project/releases": _recalled,
}

TEXTS_ANEW: dict[str, Callable[[AsyncSession, Sender, datetime], Awaitable[None]]] = {
    "project/releases": _begun_anew,
}

TEXT_RUNS: dict[
    str, Callable[[AsyncSession, Sender, list[dict[str, Any]], datetime], Awaitable[None]]
] = {"release.stated": _releases_stated}
"""What can be applied many at a time, all or none: a library of texts arrives by hundreds."""

TEXTS_AHEAD: dict[str, Callable[[Partner, dict[str, Any]], None]] = {
    "release.stated": _verify_ahead
}
"""What costs the processor more than PostgreSQL: it is done while PostgreSQL is busy."""
