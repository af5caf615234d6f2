"""What happens to nodes and lines between people's steps."""

from datetime import date, timedelta

from federation.partners.key_changes import renew
from federation.partners.keys import NodeKeys
from federation.partners.rules.document import REPLACED, Role
from tests.federation.chaos.line import QUICK
from tests.federation.chaos.node import BACKUP
from tests.federation.chaos.shaken import Shaken
from tests.federation.chaos.texts import TEXTS
from tests.rota.walk.seats import SEATS
from tests.rota.walk.sessions import SESSIONS
from tests.rota.walk.steps import Step, Walk
from tests.rota.walk.swaps import SWAPS

WAITS = (1, 1, 20, 90, 1_500)
"""Minutes."""
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
    await walk.say(one, other, walk.random.randrange(1, 4))
    return f"{one.name} to {other.name}: up to {walk.said}"


LINES_AND_MACHINES: dict[Step, int] = {
    work: 40,
    bad_line: 14,
    part: 6,
    time_passes: 4,
    back_up: 2,
    restore: 3,
    renew_a_key: 3,
    greet: 5,
}
BETWEEN: dict[Step, int] = LINES_AND_MACHINES | TEXTS
EVERYTHING: dict[Step, int] = SEATS | SWAPS | SESSIONS | BETWEEN
