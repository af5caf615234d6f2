"""Meeting another node by an invitation link: made here, spent there, keys pinned on both sides."""

import hashlib
import hmac
import secrets
from datetime import datetime

import msgspec
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from federation.access.rules import new_secret, secret_hash
from federation.audit.actions import record
from federation.partners.actions import locked, may_partner, note, pin_document
from federation.partners.errors import (
    AlreadyPartners,
    BadDocument,
    BadSignature,
    InvitationExpired,
    InvitationForged,
    InvitationUsed,
    NotCanonical,
    OwnInvitation,
)
from federation.partners.keys import Node
from federation.partners.models import Invitation, Partner
from federation.partners.rules import handshake
from federation.partners.rules.canonical import admit
from federation.partners.rules.document import NodeDocument, first_meeting
from federation.partners.rules.encoding import bytes_of, text_of
from federation.partners.rules.handshake import JoinAnswer, JoinRequest, Link
from federation.partners.rules.signatures import verified
from federation.permissions.rules import Asker

COMPACT_PARTS = 3
NONCE_BYTES = 32
UNTRUE = (msgspec.MsgspecError, ValueError, BadDocument, BadSignature, NotCanonical)


async def invite(session: AsyncSession, *, asker: Asker, node: Node, now: datetime) -> Link:
    """Make a link for one other node; it is shown once and works once, within 48 hours."""
    may_partner(asker)
    secret, nonce = new_secret(), secrets.token_bytes(NONCE_BYTES)
    invitation = Invitation(
        secret_hash=secret_hash(secret), nonce=nonce, expires_at=now + handshake.LINK_LIVES
    )
    session.add(invitation)
    await note(session, asker, "invited", now=now)
    return Link(
        base_url=node.base_url,
        invitation=invitation.id,
        node=node.node_id,
        root=node.keys.root_fingerprint(),
        secret=secret,
        commitment=handshake.commit(nonce),
    )


async def receive_join(session: AsyncSession, *, node: Node, statement: str, now: datetime) -> str:
    """Let a newcomer spend its link: pin its keys, reveal our nonce; words must still be typed."""
    request, document = _read_request(statement)
    invitation = await session.get(Invitation, request.invitation, with_for_update=True)
    if invitation is None or not handshake.proven(request, invitation.secret_hash):
        raise InvitationForged
    answer = JoinAnswer(document=node.document, nonce=text_of(invitation.nonce))
    signed = node.keys.sign(
        "transport", msgspec.to_builtins(answer), purpose=handshake.ANSWER_PURPOSE
    )
    said = hashlib.sha256(statement.encode()).digest()
    if invitation.request is not None and hmac.compare_digest(invitation.request, said):
        return signed
    if invitation.used_at is not None:
        raise InvitationUsed
    if now >= invitation.expires_at:
        raise InvitationExpired
    words = handshake.words_for(request, answer)
    await _pin(session, node, document, request.document, words, now=now)
    invitation.used_at, invitation.request, invitation.node_id = now, said, document.node
    await record(
        session,
        actor=document.node,
        verb="spent-link",
        subject="invitation",
        subject_id=invitation.id,
        now=now,
    )
    return signed


def join_request(node: Node, link: Link) -> tuple[JoinRequest, str]:
    """Write the first message to the inviter; sent again after a crash, it is the same message.

    The nonce comes from a signature that only this node can make, so nothing need be stored.
    """
    if link.node == node.node_id:
        raise OwnInvitation
    unique = node.keys.sign("transport", str(link).encode(), purpose="netreach-nonce+jws")
    nonce = text_of(hashlib.sha256(unique.encode()).digest())
    proof = handshake.prove(secret_hash(link.secret), link.invitation, node.document, nonce)
    request = JoinRequest(
        invitation=link.invitation, document=node.document, nonce=nonce, mac=proof
    )
    return request, node.keys.sign(
        "transport", msgspec.to_builtins(request), purpose=handshake.REQUEST_PURPOSE
    )


async def meet(
    session: AsyncSession,
    *,
    asker: Asker,
    node: Node,
    link: Link,
    request: JoinRequest,
    statement: str,
    now: datetime,
) -> Partner:
    """Check the inviter's answer against the link, pin its keys; words must still be typed."""
    may_partner(asker)
    answer = _read_answer(statement, link)
    document = first_meeting(answer.document, link.root)
    words = handshake.words_for(request, answer)
    partner = await _pin(session, node, document, answer.document, words, now=now)
    await note(session, asker, "accepted-invitation", now=now, node_id=document.node)
    return partner


async def _pin(
    session: AsyncSession,
    node: Node,
    document: NodeDocument,
    text: str,
    words: list[str],
    *,
    now: datetime,
) -> Partner:
    """Remember a node that was met; one whose words were typed is not replaced by a link."""
    if document.node == node.node_id:
        raise OwnInvitation
    # of two who meet it at once, as after two presses, the second waits and finds it met
    met = insert(Partner).values(
        node_id=document.node,
        name="",
        base_url="",
        state=handshake.WORDS_TO_TYPE,
        document="",
        document_version=0,
        keys={},
        words=[],
        we_grant=[],
        they_grant=[],
        met_at=now,
    )
    await session.execute(met.on_conflict_do_nothing())
    partner = await locked(session, document.node)
    if partner.state in {*handshake.SPEAKING, handshake.FROZEN}:
        raise AlreadyPartners
    pin_document(partner, document, text)
    partner.state, partner.words, partner.met_at = handshake.WORDS_TO_TYPE, words, now
    # ended at some time before, it begins anew
    partner.ended_at, partner.ended_there = None, False
    await session.flush()
    return partner


def _read_request(statement: str) -> tuple[JoinRequest, NodeDocument]:
    """Read a newcomer's message; whoever sends a document must hold its transport key."""
    try:
        unchecked = msgspec.convert(admit(_unchecked_payload(statement)), JoinRequest)
        _nonce(unchecked.nonce)
        document = first_meeting(unchecked.document)
        verified(statement, document.keys_by_role()["transport"], handshake.REQUEST_PURPOSE)
    except UNTRUE as error:
        raise InvitationForged from error
    return unchecked, document


def _read_answer(statement: str, link: Link) -> JoinAnswer:
    try:
        answer = msgspec.convert(admit(_unchecked_payload(statement)), JoinAnswer)
        document = first_meeting(answer.document, link.root)
        nonce = _nonce(answer.nonce)
        verified(statement, document.keys_by_role()["transport"], handshake.ANSWER_PURPOSE)
    except UNTRUE as error:
        raise InvitationForged from error
    if document.node != link.node or handshake.commit(nonce) != link.commitment:
        raise InvitationForged
    return answer


def _nonce(text: str) -> bytes:
    """Read a nonce; a shorter one would leave less to chance."""
    nonce = bytes_of(text)
    if len(nonce) != NONCE_BYTES:
        raise InvitationForged
    return nonce


def _unchecked_payload(statement: str) -> bytes:
    parts = statement.split(".")
    if len(parts) != COMPACT_PARTS:
        raise BadSignature
    return bytes_of(parts[1])
