"""What leaves the node: scenarios under names that no other export has."""

from random import SystemRandom
from secrets import token_hex
from typing import Any

from rota.planner.rules.fresh_ids import with_fresh_ids


def exported(scenario: dict[str, Any]) -> dict[str, Any]:
    """Rename everybody anew, so that two exports cannot be joined and none leads to a handle."""
    return with_fresh_ids(scenario, lambda: token_hex(8), SystemRandom().shuffle)
