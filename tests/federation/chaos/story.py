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
from tests.federation.chaos.steps import EVERYTHING, Shaken
from tests.federation.chaos.trio import Trio
from tests.rota.standing import resting_wrong, standing_wrong

STEPS = 14
LOOK_EVERY = 7
SECOND = timedelta(seconds=1)


async def tell(trio: Trio, seed: int) -> Shaken:
    """Tell one story, and hold it to all that must hold."""
    await trio.begin_anew(seed)
    walk = Shaken(trio, Repeatable(seed), "")
    for number in range(1, STEPS + 1):
        trio.clock.now += SECOND
        await walk.step(EVERYTHING)
        if number % LOOK_EVERY == 0:
            held_to(await standing_wrong(trio), walk, seed)
    await trio.calm_down()
    wrong = [*await resting_wrong(trio), *await apart(trio)]
    held_to(wrong, walk, seed)
    return walk


def held_to(wrong: list[str], walk: Shaken, seed: int) -> None:
    """Say what is wrong after what has happened, and the line that tells it once more."""
    assert wrong == [], "\n".join([*walk.history, *wrong, f"make soak SEEDS={seed}-{seed}"])


def steps_of(walk: Shaken) -> Counter[str]:
    return Counter(line.partition(":")[0] for line in walk.history)
