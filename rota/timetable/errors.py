from federation.errors import Refusal


class AlreadyBegun(Refusal):
    """A shift that has begun, or is over, stays as it was."""

    code = "already-begun"
    title = "This shift has begun already. What has begun stays as it was."
    status = 409


class AlreadyCancelled(Refusal):
    """A shift that was called off is not changed any more."""

    code = "already-cancelled"
    title = "This shift has been called off. Set down a new one instead."
    status = 409


class WrongShift(Refusal):
    """A change after which nobody could staff the shift; the reasons say why."""

    code = "wrong-shift"
    title = "The shift cannot be changed like this."


class NotAskedAbout(Refusal):
    """Only a day of the series can be settled by itself."""

    code = "not-asked-about"
    title = "On this day the series has no session, so there is nothing to settle."
