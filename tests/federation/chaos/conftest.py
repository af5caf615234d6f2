from collections import Counter
from collections.abc import AsyncIterator

import pytest

from benchmarks.repeatable import Repeatable
from tests.federation.chaos.shaken import Shaken
from tests.federation.chaos.trio import Trio, a_trio
from tests.rota.walk.seats import some_are_seated


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each story its seed: even ones in one file, odd ones in another, told side by side."""
    if "seed" in metafunc.fixturenames:
        first, last = map(int, metafunc.config.getoption("--seeds").split("-"))
        odd = metafunc.module.__name__.endswith("odd_seeds")
        seeds = [seed for seed in range(first, last + 1) if seed % 2 == odd]
        metafunc.parametrize("seed", seeds)


@pytest.fixture(scope="module")
async def trio(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Trio]:
    """Give three nodes with some seats taken, which is how each story begins."""
    async with a_trio(server_url, template, tmp_path_factory.mktemp("trio")) as made:
        walk = Shaken(made, Repeatable(0), server_url)
        await walk.begin()
        await some_are_seated(walk)
        await made.keep_beginning()
        yield made


@pytest.fixture(scope="module")
def told() -> list[Counter[str]]:
    """Collect which steps each story of a file came to."""
    return []
