from federation.errors import Refusal


class NothingToChange(Refusal):
    """A what-if names a session, a person or a project that is not in the plan's days."""

    code = "nothing-to-change"
    title = "There is nothing of that name in these days. Choose from what the pool has."
    status = 422
