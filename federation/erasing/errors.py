from federation.errors import Refusal


class StillTakesPart(Refusal):
    """Who still takes part has seats, a way in, and a name that colleagues need."""

    code = "still-takes-part"
    title = "This person still takes part. Let them leave first."


class HandleNotTyped(Refusal):
    """Whoever erases somebody for good has typed who it is."""

    code = "handle-not-typed"
    title = "Type one of this person's handles, or their name if they had none. Nothing was erased."
