"""Two solvers for one program: CP-SAT finds good plans in anything, HiGHS proves them best.

Where many sessions and people are alike or scarce, the second's bound is far nearer; where they
differ much, the first is far faster. Neither is best on every pool, so each is given its turn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil, floor, inf
from typing import Any

from rota.planner.rules.program import Program, Variable, Weighted

EVEN = 1e6  # weights beyond this are too uneven for sums of floats
CLOSE = 1e-6  # how far such sums may lie beside the truth, as a share of what is summed


@dataclass(frozen=True, slots=True)
class Found:
    """What one search found and proved, in the program's whole numbers."""

    values: Sequence[int] | None
    bound: int | None
    optimal: bool
    work: float = 0.0  # in CP-SAT's own repeatable seconds


NOTHING = Found(None, None, optimal=False)


def search_by_cases(
    program: Program, aim: Weighted, hint: Mapping[Variable, int], limits: Mapping[str, Any]
) -> Found:
    """Ask CP-SAT, from a plan that is known."""
    from ortools.sat.python import cp_model

    model: Any = cp_model.CpModel()
    variables = [
        model.new_int_var(low, high, "")
        for low, high in zip(program.lows, program.highs, strict=True)
    ]
    for row in program.rows:
        _write_row(model, program, variables, row.variables, row)
    chosen = [variables[each] for each in aim.variables]
    expression = cp_model.LinearExpr.weighted_sum(chosen, list(aim.weights))
    (model.maximize if aim.largest else model.minimize)(expression)
    for variable, value in hint.items():
        model.add_hint(variables[variable], value)
    solver: Any = cp_model.CpSolver()
    for name, value in limits.items():
        setattr(solver.parameters, name, value)
    status = solver.solve(model)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return replace(NOTHING, work=solver.deterministic_time)
    return Found(
        [solver.value(each) for each in variables],
        round(solver.best_objective_bound),
        status == cp_model.OPTIMAL,
        solver.deterministic_time,
    )


def _write_row(
    model: Any, program: Program, variables: list[Any], members: Sequence[Variable], row: Any
) -> None:
    from ortools.sat.python import cp_model

    mine = [variables[each] for each in members]
    alone = row.low is None and row.high == 1 and all(weight == 1 for weight in row.weights)
    if alone and all(program.highs[each] == 1 for each in members):
        model.add_at_most_one(mine)
        return
    low = cp_model.INT_MIN if row.low is None else row.low
    high = cp_model.INT_MAX if row.high is None else row.high
    total = cp_model.LinearExpr.weighted_sum(mine, list(row.weights))
    model.add_linear_constraint(total, low, high)


def evenly_weighted(program: Program, aim: Weighted) -> bool:
    """Tell whether the weights are near enough to each other to be summed as floats."""
    rows = (row.weights for row in program.rows)
    return all(abs(weight) <= EVEN for weights in (*rows, aim.weights) for weight in weights)


def search_by_relaxing(
    program: Program, aim: Weighted, seconds: float, *, whole: bool = True
) -> Found:
    """Ask HiGHS; without `whole` for a bound alone, from plans that may split people."""
    from ortools.math_opt.python import mathopt

    model: Any = mathopt.Model.from_model_proto(_linear(program, aim, whole=whole))
    result = mathopt.solve(
        model,
        mathopt.SolverType.HIGHS,
        params=mathopt.SolveParameters(
            time_limit=timedelta(seconds=seconds),
            relative_gap_tolerance=0.0,
            absolute_gap_tolerance=0.0,
        ),
    )
    bound = _safe(result.termination.objective_bounds.dual_bound, aim)
    values = None
    if whole and result.has_primal_feasible_solution():
        found = result.variable_values()
        values = [round(found[each]) for each in model.variables()]
    reached = values is not None and bound is not None and aim.value(values) == bound
    return Found(values, bound, optimal=reached)


def _safe(bound: float, aim: Weighted) -> int | None:
    """Round a bound to the next whole number that is surely true."""
    if abs(bound) == inf:
        return None
    slack = CLOSE * max(1.0, abs(bound))
    return floor(bound + slack) if aim.largest else ceil(bound - slack)


def _linear(program: Program, aim: Weighted, *, whole: bool) -> Any:
    from ortools.math_opt import model_pb2

    told: Any = model_pb2.ModelProto()
    count = len(program.lows)
    told.variables.ids.extend(range(count))
    told.variables.lower_bounds.extend(map(float, program.lows))
    told.variables.upper_bounds.extend(map(float, program.highs))
    told.variables.integers.extend([whole] * count)
    told.objective.maximize = aim.largest
    terms = sorted(zip(aim.variables, aim.weights, strict=True))
    told.objective.linear_coefficients.ids.extend(variable for variable, _ in terms)
    told.objective.linear_coefficients.values.extend(float(weight) for _, weight in terms)
    told.linear_constraints.ids.extend(range(len(program.rows)))
    told.linear_constraints.lower_bounds.extend(
        -inf if row.low is None else float(row.low) for row in program.rows
    )
    told.linear_constraints.upper_bounds.extend(
        inf if row.high is None else float(row.high) for row in program.rows
    )
    matrix = told.linear_constraint_matrix
    for number, row in enumerate(program.rows):
        pairs = sorted(zip(row.variables, row.weights, strict=True))
        matrix.row_ids.extend([number] * len(pairs))
        matrix.column_ids.extend(variable for variable, _ in pairs)
        matrix.coefficients.extend(float(weight) for _, weight in pairs)
    return told
