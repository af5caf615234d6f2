"""Stories of even seeds, and what all stories together have to come to."""

from collections import Counter

import pytest

from tests.federation.chaos.line import QUICK
from tests.federation.chaos.steps import BETWEEN
from tests.federation.chaos.story import steps_of, tell
from tests.federation.chaos.trio import Trio

MANY = 50
"""So many stories come to everything, by chance."""


async def test_17_nothing_is_lost_or_doubled_under_any_fault(
    trio: Trio, seed: int, told: list[Counter[str]]
) -> None:
    told.append(steps_of(await tell(trio, seed)))


async def test_the_same_seed_tells_the_same_story(trio: Trio) -> None:
    first, second = [(await tell(trio, seed=8)).history for _ in range(2)]
    assert first == second


def test_the_stories_came_to_everything(trio: Trio, told: list[Counter[str]]) -> None:
    """Stories in which nothing went wrong would prove nothing; run after those of this file."""
    if len(told) < MANY:
        pytest.skip("too few stories were told")
    happened = sum((node.line.happened for node in trio.shaken), Counter[str]())
    steps = sum(told, Counter[str]())
    assert [fate for fate in QUICK if not happened[fate]] == []
    assert [step.__name__ for step in BETWEEN if not steps[step.__name__]] == []
    assert steps["term 1"] > steps["term 2"] > 0
