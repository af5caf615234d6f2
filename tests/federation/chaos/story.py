"""Whatever lines and machines do to three nodes, nothing is lost, doubled or said differently.

A seeded story over real sockets and real databases: people sign up, cancel, swap, ask for cover,
are proposed, go away; authors release and withdraw; sessions move. Lines lose, repeat, delay,
reorder, cut and forge what goes over them, or are cut one way; workers die at any commit; nodes
come back from older backups; keys are renewed. All the while what must never be is not; and when
all lines are mended, all nodes say the same.
"""

from collections import Counter
from datetime import timedelta

from benchmarks.repeatable import Repeatable
from tests.federation.chaos.convergence import apart
from tests.federation.chaos.hosting import HOSTING, MOMENTS_OF_HOSTS
from tests.federation.chaos.moments import MOMENTS
from tests.federation.chaos.shaken import Shaken
from tests.federation.chaos.steps import EVERYTHING
from tests.federation.chaos.trio import Trio
from tests.rota.standing import resting_wrong, standing_wrong
from tests.rota.walk.steps import Step

STEPS = 14
LOOK_EVERY = 7
HANDED_OVER = {*range(0, 200, 16), *range(8, 96, 16), *range(200, 100_000, 4)}
"""Stories in which the pool may go to another host: few with every change, many in a soak."""
MOMENTOUS = {*range(5, 200, 8), *range(8, 96, 16), *range(200, 100_000)}
"""Stories that often come to the moments for which a rule is there."""
SECOND = timedelta(seconds=1)


async def tell(trio: Trio, seed: int) -> Shaken:
    """Tell one story, and hold it to all that must hold."""
    await trio.begin_anew(seed)
    walk = Shaken(trio, Repeatable(seed), "")
    steps = steps_in(seed)
    for number in range(1, STEPS + 1):
        trio.clock.now += SECOND
        await walk.step(steps)
        await trio.look_who_hosts()
        if number % LOOK_EVERY == 0:
            held_to(await standing_wrong(trio), walk, seed)
    await trio.calm_down()
    await trio.look_who_hosts()
    _host, term = await trio.hosted(trio.named(trio.host.name))
    walk.history.append(f"term {term}: {trio.host.name} hosts")
    wrong = [*await resting_wrong(trio), *await apart(trio)]
    held_to(wrong, walk, seed)
    return walk


def steps_in(seed: int) -> dict[Step, int]:
    """Say what may happen in a story, and how often."""
    steps = EVERYTHING
    if seed in HANDED_OVER:
        steps = steps | HOSTING
    if seed in MOMENTOUS:
        steps = steps | MOMENTS
    if seed in MOMENTOUS & HANDED_OVER:
        steps = steps | MOMENTS_OF_HOSTS
    return steps


def held_to(wrong: list[str], walk: Shaken, seed: int) -> None:
    """Say what is wrong after what has happened, and the line that tells it once more."""
    assert wrong == [], "\n".join([*walk.history, *wrong, f"make soak SEEDS={seed}-{seed}"])


def steps_of(walk: Shaken) -> Counter[str]:
    return Counter(line.partition(":")[0] for line in walk.history)
