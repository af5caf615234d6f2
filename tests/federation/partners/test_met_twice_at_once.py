"""A link that is entered twice at the same moment, as after two presses of a button."""

from pathlib import Path
from uuid import uuid4

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from database.session import door
from federation.partners.invitations.actions import join_request, meet
from federation.partners.keys import Node, NodeKeys
from federation.partners.models import Partner
from federation.partners.rules.encoding import text_of
from federation.partners.rules.handshake import (
    ANSWER_PURPOSE,
    WORDS_TO_TYPE,
    JoinAnswer,
    Link,
    commit,
    words_for,
)
from tests.federation.partners.test_ended_meanwhile import ADMINISTRATOR
from tests.protocols.items.test_at_once import at_once
from tests.rota.world import NOW

NONCE = bytes(range(32))


def a_node(folder: Path, name: str) -> Node:
    NodeKeys.create(folder / name)
    return Node.open(folder / name, name=name, base_url=f"https://{name}.example")


async def test_a_link_that_is_entered_twice_at_once_meets_its_node_once(
    committing_engine: AsyncEngine, tmp_path: Path
) -> None:
    inviter, newcomer = a_node(tmp_path, "inviter"), a_node(tmp_path, "newcomer")
    link = Link(
        base_url=inviter.base_url,
        invitation=uuid4(),
        node=inviter.node_id,
        root=inviter.keys.root_fingerprint(),
        secret="told-to-nobody-else",
        commitment=commit(NONCE),
    )
    request, _ = join_request(newcomer, link)
    answer = JoinAnswer(document=inviter.document, nonce=text_of(NONCE))
    statement = inviter.keys.sign("transport", msgspec.to_builtins(answer), purpose=ANSWER_PURPOSE)

    async def meeting(session: AsyncSession) -> None:
        await meet(
            session,
            asker=ADMINISTRATOR,
            node=newcomer,
            link=link,
            request=request,
            statement=statement,
            now=NOW,
        )

    refused = await at_once(committing_engine, meeting, meeting)

    async with door(committing_engine) as session:
        met = (await session.scalars(select(Partner))).all()
        stands = [(one.node_id, one.state, one.words, one.name) for one in met]
    words = words_for(request, answer)
    assert (refused, stands) == (None, [(inviter.node_id, WORDS_TO_TYPE, words, "inviter")])
