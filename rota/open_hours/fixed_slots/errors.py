from federation.errors import Refusal


class NoSuchSeries(Refusal):
    """Speakers agree to a time that they can see, so there must be one."""

    code = "no-such-series"
    title = "There is no session to come in this series that offers this language. Set it up first."
