"""What happens to nodes and lines between people's steps, and what their authors do with texts."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.session import door
from federation.feeds.actions import append
from federation.partners.key_changes import renew
from federation.partners.keys import NodeKeys
from federation.partners.rules.document import REPLACED, Role
from protocols.items.actions import revise_item
from protocols.items.models import Item
from protocols.recalls.actions import recall
from protocols.releases.actions import release
from protocols.releases.models import Release
from tests.federation.chaos.line import QUICK
from tests.federation.chaos.node import BACKUP, GREETING, ShakenNode
from tests.federation.chaos.shaken import Shaken
from tests.protocols.example_texts import Told, approved, looked_over, protocol
from tests.rota.walk.seats import SEATS
from tests.rota.walk.sessions import SESSIONS
from tests.rota.walk.steps import Step, Walk
from tests.rota.walk.swaps import SWAPS

WAITS = (1, 1, 20, 90, 1_500)
"""Minutes."""
NOBODYS = UUID(int=0)
KEYS: tuple[Role, ...] = ("root", "transport", "release", "head")
COMMITS = (*[None] * 12, *range(9))


async def work(walk: Walk) -> str:
    """Let one node's worker speak, hear and decide; often it dies on the way."""
    assert isinstance(walk, Shaken)
    node = walk.a_node()
    commits, dies = walk.random.choice(COMMITS), walk.random.choice(["before", "after"])
    walk.trio.speaks(node)
    died = await node.work_off(commits=commits, dies=dies)
    return f"{node.name}, {commits} commits: {f'died {dies} the next' if died else 'lived'}"


async def bad_line(walk: Walk) -> str:
    assert isinstance(walk, Shaken)
    node = walk.a_node()
    coming = walk.random.choices(QUICK, k=walk.random.randrange(1, 5))
    node.line.coming.extend(coming)
    return f"to {node.name}: {coming}"


async def part(walk: Walk) -> str:
    """Cut the line one way, or mend it."""
    assert isinstance(walk, Shaken)
    one, other = walk.a_pair()
    other.line.cut_off ^= {one.name}
    return f"{one.name} to {other.name}: {'cut' if one.name in other.line.cut_off else 'mended'}"


async def time_passes(walk: Walk) -> str:
    minutes = walk.random.choice(WAITS)
    walk.nodes.clock.now += timedelta(minutes=minutes)
    return f"{minutes} minutes"


async def back_up(walk: Walk) -> str:
    assert isinstance(walk, Shaken)
    node = walk.a_node()
    await node.keep(BACKUP)
    node.backed_up = True
    return node.name


async def restore(walk: Walk) -> str:
    """Lose a node's database, and come back with an older one."""
    assert isinstance(walk, Shaken)
    node = walk.a_node()
    await node.come_back(walk.now)
    return f"{node.name}, as of {'a backup' if node.backed_up else 'the beginning'}"


async def renew_a_key(walk: Walk) -> str:
    assert isinstance(walk, Shaken)
    node = walk.a_node()
    role = walk.random.choice(KEYS)
    renew(NodeKeys.load(node.running.settings.keys), role, REPLACED, date(2027, 1, 5))
    await node.restart()
    await node.begin_to_work()
    return f"{role} of {node.name}"


async def greet(walk: Walk) -> str:
    """Say a few things that are only counted, to see that each is heard once and in order."""
    assert isinstance(walk, Shaken)
    one, other = walk.a_pair()
    times = walk.random.randrange(1, 4)
    async with door(one.engine) as session:
        for _ in range(times):
            walk.said += 1
            await append(session, "private", other.id, GREETING, {"n": walk.said}, now=walk.now)
    return f"{one.name} to {other.name}: up to {walk.said}"


async def publish(walk: Walk) -> str:
    """Release a text, or the next version of one."""
    assert isinstance(walk, Shaken)
    node = walk.a_node()
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


def _signing(node: ShakenNode) -> Callable[[bytes], str]:
    keys = node.keys
    return lambda raw: keys.sign("release", raw)


async def withdraw(walk: Walk) -> str:
    assert isinstance(walk, Shaken)
    node = walk.a_node()
    ours = select(Release).where(Release.node_id.is_(None)).order_by(Release.stated_at, Release.id)
    found = await walk.any_of(node, ours)
    if not isinstance(found, Release):
        return f"{node.name} has nothing to withdraw"
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


BETWEEN: dict[Step, int] = {
    work: 40,
    bad_line: 14,
    part: 6,
    time_passes: 4,
    back_up: 2,
    restore: 3,
    renew_a_key: 3,
    greet: 5,
    publish: 4,
    withdraw: 3,
}
EVERYTHING: dict[Step, int] = SEATS | SWAPS | SESSIONS | BETWEEN
