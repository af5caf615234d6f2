from federation.errors import Refusal


class PlanNotReady(Refusal):
    """A plan is published only after the planner has answered."""

    code = "plan-not-ready"
    title = "This plan is still being made. Try again in a minute."
    status = 409


class PlanNotRunning(Refusal):
    """Only a plan that is being made can be stopped."""

    code = "plan-not-running"
    title = "This plan is not being made any more. Reload the page to see how it ended."
    status = 409


class NothingToRepair(Refusal):
    """Every coming session of the published plan is still complete, or none is published."""

    code = "nothing-to-repair"
    title = "No session of the published plan lacks anybody. There is nothing to repair."
    status = 409
