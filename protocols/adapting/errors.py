from federation.errors import Refusal


class NothingOpen(Refusal):
    """There is no change of this text that could be decided about."""

    code = "no-open-change"
    title = "Your project is not changing this text at the moment."
    status = 409


class NotAsked(Refusal):
    """A draft is finished by its authors before somebody approves it."""

    code = "approval-not-asked"
    title = "Nobody has asked for approval of this change yet."
    status = 409


class ChangeDiffers(Refusal):
    """What is approved is exactly what was on the page."""

    code = "change-differs"
    title = "This change is not what you looked at. Look at it again."
    status = 409


class NothingToApprove(Refusal):
    """A change changes something."""

    code = "nothing-to-approve"
    title = "This is the same as what your project uses now."
    status = 409


class StaleTranslations(Refusal):
    """Of a text about safety nothing falls out of date in silence."""

    code = "stale-translation"
    title = "Some translations are out of date and would not be shown. Say that you have seen it."


class NotNewer(Refusal):
    """An update leads to a newer version, or to the one that is there."""

    code = "not-newer"
    title = "Your project uses a newer version than this one."
    status = 409
