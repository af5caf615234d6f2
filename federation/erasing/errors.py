from federation.errors import Refusal


class StillTakesPart(Refusal):
    """Who still takes part has seats, a way in, and a name that colleagues need."""

    code = "still-takes-part"
    title = "This person still takes part. Let them leave first."
