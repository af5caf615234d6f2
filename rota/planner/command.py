"""Planning as one step for whoever has a scenario's bytes."""

from rota.planner.rules.budget import Budget
from rota.planner.rules.decoding import decode_board
from rota.planner.rules.plan import Plan, plan_board


def run(scenario_bytes: bytes, *, seconds: float, seed: int, reproducible: bool) -> Plan:
    """Read, check and plan a scenario; reading counts in the time."""
    budget = Budget(seconds, seed, reproducible)
    return plan_board(decode_board(scenario_bytes), budget)
