"""What authors do with their texts between people's steps: they release and withdraw."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import door
from protocols.items.actions import revise_item
from protocols.items.models import Item
from protocols.recalls.actions import recall
from protocols.releases.actions import release
from protocols.releases.models import Release
from tests.federation.chaos.node import ShakenNode
from tests.federation.chaos.shaken import Shaken
from tests.protocols.example_texts import Told, approved, looked_over, protocol
from tests.rota.walk.steps import Step, Walk

NOBODYS = UUID(int=0)
OURS = select(Release).where(Release.node_id.is_(None))


async def publish(walk: Walk) -> str:
    """Release a text, or the next version of one."""
    assert isinstance(walk, Shaken)
    return await _publish(walk, walk.a_node())


async def withdraw(walk: Walk) -> str:
    assert isinstance(walk, Shaken)
    node = walk.a_node()
    found = await walk.any_of(node, OURS.order_by(Release.stated_at, Release.id))
    if not isinstance(found, Release):
        return f"{node.name} has nothing to withdraw"
    return await _withdraw(walk, node, found)


async def regret(walk: Walk) -> str:
    """Release a text and withdraw what was released last, before anybody can have heard of it."""
    assert isinstance(walk, Shaken)
    node = walk.a_node()
    released = await _publish(walk, node)
    async with door(node.engine) as session:
        last = await session.scalar(OURS.order_by(Release.stated_at.desc()).limit(1))
    withdrawn = await _withdraw(walk, node, last) if last else "nothing to withdraw"
    return f"{released}, then {withdrawn}"


async def _publish(walk: Shaken, node: ShakenNode) -> str:
    members, draft = walk.trio.authors[node.name], protocol(Told(title=f"Text {walk.texts}"))
    walk.texts += 1
    ours = select(Item.id).where(Item.project_id == members.project).order_by(Item.id)
    known = await walk.any_of(node, ours) if walk.random.random() < 0.5 else NOBODYS

    async def act(session: AsyncSession) -> None:
        if known == NOBODYS:
            item = await approved(session, members, draft)
        else:
            await revise_item(session, members.reviewer, known, draft, walk.now)
            item = await looked_over(session, members, known)
        await release(session, members.coordinator, item.id, sign=_signing(node), now=walk.now)

    return await walk.attempt(node, act)


async def _withdraw(walk: Shaken, node: ShakenNode, found: Release) -> str:
    return await walk.attempt(
        node,
        lambda session: recall(
            session,
            walk.trio.authors[node.name].coordinator,
            urn=found.urn,
            number=found.number,
            reason="It was wrong.",
            holds_texts={"en": "Close the chat."},
            sign=_signing(node),
            now=walk.now,
        ),
    )


def _signing(node: ShakenNode) -> Callable[[bytes], str]:
    keys = node.keys
    return lambda raw: keys.sign("release", raw)


TEXTS: dict[Step, int] = {publish: 4, withdraw: 3}
