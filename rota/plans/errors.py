from federation.errors import Refusal


class PlanNotReady(Refusal):
    """A plan is published only after the planner has answered."""

    code = "plan-not-ready"
    title = "This plan is still being made. Try again in a minute."
    status = 409
