from federation.errors import Refusal


class EnoughFavourites(Refusal):
    """A list that is too long helps nobody."""

    code = "enough-favourites"
    title = "You keep 50 answers at hand, which is the most. Put one away first."
    status = 409
