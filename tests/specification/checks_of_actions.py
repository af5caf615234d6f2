"""Checks for which this node's own actions are asked, in a database that knows what they need."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.access.rules import secret_hash
from federation.partners.invitations.actions import meet, receive_join
from federation.partners.models import Invitation, Partner, UsedAssertion
from federation.partners.rules.encoding import bytes_of
from federation.partners.rules.handshake import JoinRequest, Link
from federation.partners.rules.signatures import verifier
from federation.partners.sender import Sender
from federation.partners.tokens.actions import issue
from federation.people.models import Role
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from protocols.pool_texts.actions import receive_pool_text
from protocols.pool_texts.models import PoolText
from protocols.recalls.models import Recall
from protocols.recalls.receiving import receive_recall
from protocols.releases.actions import receive_releases
from protocols.releases.models import Release
from tests.specification.example_nodes import NOW, handle_id, ident, node_of
from tests.specification.texts import PURPOSE as RELEASE

Given = dict[str, Any]
ADMINISTRATOR = Asker(handle_id(1), ident(10), frozenset({Role.PARTNER_ADMINISTRATOR}))


async def join_received(session: AsyncSession, given: Given) -> Any:
    said, north = given["invitation"], node_of("north")
    spent = said["spent_by"]
    now = datetime.fromisoformat(given["now"])
    session.add(
        Invitation(
            id=UUID(said["id"]),
            secret_hash=secret_hash(said["secret"]),
            nonce=bytes_of(said["nonce"]),
            expires_at=datetime.fromisoformat(said["expires_at"]),
        )
    )
    await session.flush()
    if spent is not None:
        await receive_join(session, node=north, statement=spent, now=now)
    answer = await receive_join(session, node=north, statement=given["statement"], now=now)
    partner = (await session.scalars(select(Partner))).one()
    return {"node": partner.node_id, "statement": answer, "words": partner.words}


async def join_answered(session: AsyncSession, given: Given) -> Any:
    sent = msgspec.json.decode(bytes_of(given["request"].split(".")[1]), type=JoinRequest)
    partner = await meet(
        session,
        asker=ADMINISTRATOR,
        node=node_of("south"),
        link=Link.read(given["link"]),
        request=sent,
        statement=given["statement"],
        now=NOW,
    )
    return {"node": partner.node_id, "words": partner.words}


async def token(session: AsyncSession, given: Given) -> Any:
    partner = given["partner"]
    await known(session, partner["node"], partner["state"], {"transport": partner["transport"]})
    session.add_all(
        UsedAssertion(node_id=partner["node"], jti=jti, expires_at=NOW) for jti in given["spent"]
    )
    await session.flush()
    secret, seconds, _ = await issue(
        session,
        form=given["form"],
        issuer=given["issuer"],
        now=datetime.fromisoformat(given["now"]),
    )
    assert secret
    return {"token_type": "Bearer", "expires_in": seconds}


async def release(session: AsyncSession, given: Given) -> Any:
    await known(session, given["node"])
    for payload in (*given["known"], given["payload"]):
        await receive_releases(
            session, sender_of(given), [payload], NOW, verify=verifier(given["keys"], RELEASE)
        )
    kept = (await session.scalars(select(Release))).one()
    assert kept.hash == sha256(kept.manifest).digest()
    return {"hash": kept.hash.hex()}


async def recall(session: AsyncSession, given: Given) -> Any:
    await known(session, given["node"])
    for statement in (*given["known"], given["statement"]):
        await receive_recall(
            session, sender_of(given), statement, NOW, verify=verifier(given["keys"], RELEASE)
        )
    kept = (await session.scalars(select(Recall))).one()
    return {"hash": kept.hash.hex(), "urn": kept.urn, "sequence": kept.sequence}


async def pool_text(session: AsyncSession, given: Given) -> Any:
    pool = given["pool"]
    for node in {pool["host"], given["node"]}:
        await known(session, node)
    session.add(
        Pool(id=UUID(pool["id"]), slug="chat", name="Chat", zone="Europe/London", host=pool["host"])
    )
    await session.flush()
    await receive_pool_text(session, sender_of(given), given["payload"], NOW)
    rows = await session.execute(select(PoolText.protocol_kind, PoolText.urn))
    return {row.protocol_kind: row.urn for row in rows}


async def known(
    session: AsyncSession, node_id: str, state: str = "joined", keys: Given | None = None
) -> None:
    """Let this node know another one."""
    partner = Partner(
        node_id=node_id,
        name="North",
        base_url="https://north.example",
        state=state,
        document="",
        document_version=1,
        keys=keys or {},
        words=[],
        we_grant=[],
        they_grant=[],
        met_at=NOW,
    )
    session.add(partner)
    await session.flush()


def sender_of(given: Given) -> Sender:
    feed = given["feed"]
    return Sender(
        node_id=given["node"], name="North", feed_kind=feed["kind"], subject=feed["subject"]
    )


CHECKS_OF_ACTIONS: dict[str, Callable[[AsyncSession, Given], Awaitable[Any]]] = {
    "join-received": join_received,
    "join-answered": join_answered,
    "token": token,
    "release": release,
    "recall": recall,
    "pool-text": pool_text,
}
