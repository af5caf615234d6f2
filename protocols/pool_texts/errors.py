from federation.errors import Refusal


class NotHostedHere(Refusal):
    """Only the host says which texts are in force on a pool's shifts."""

    code = "not-hosted-here"
    title = "This pool's texts are chosen at the node that hosts it."
    status = 403
