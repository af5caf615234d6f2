"""Planning as one step for whoever has a scenario's bytes."""

from collections.abc import Callable, Collection

from rota.planner.rules.budget import Budget
from rota.planner.rules.decoding import decode_board
from rota.planner.rules.difference import Difference, Holds, difference
from rota.planner.rules.plan import Draft, Plan, plan_board, repair_board


def run(
    scenario_bytes: bytes,
    *,
    seconds: float,
    seed: int,
    reproducible: bool,
    keep: Callable[[Draft], None] | None = None,
) -> Plan:
    """Read, check and plan a scenario; reading counts in the time.

    `keep` is given each better plan on the way, for whoever may want to stop there.
    """
    budget = Budget(seconds, seed, reproducible)
    return plan_board(decode_board(scenario_bytes), budget, keep)


def run_repair(scenario_bytes: bytes, broken: Collection[str]) -> Plan:
    """Fill what these shifts lack; every fixed seat stays."""
    return repair_board(decode_board(scenario_bytes), broken)


def run_difference(scenario_bytes: bytes, before: Holds, after: Holds) -> Difference:
    """Set two ways of staffing a scenario's shifts beside each other."""
    return difference(decode_board(scenario_bytes), before, after)
