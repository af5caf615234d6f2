"""Stories of odd seeds."""

from tests.federation.chaos.story import tell
from tests.federation.chaos.trio import Trio


async def test_17_nothing_is_lost_or_doubled_under_any_fault(trio: Trio, seed: int) -> None:
    await tell(trio, seed)
