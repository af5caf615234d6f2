from federation.errors import Refusal


class ValuesMissing(Refusal):
    """A text with an open gap does not go live."""

    code = "values-missing"
    title = "Some local values have to be mended before this text can be used."


class Expired(Refusal):
    """A release that is past its date is not taken up anew."""

    code = "release-expired"
    title = "This release has expired. Ask its project for a newer one."
    status = 409


class ValuesNeedApproval(Refusal):
    """What people read is not changed by one person alone."""

    code = "values-need-approval"
    title = "Changing a value that is in use needs a second person. Draft it and ask for approval."
    status = 409


class OwnPartsInTheWay(Refusal):
    """A newer version under a project's own parts is compared first."""

    code = "own-parts-in-the-way"
    title = "Your project has parts of its own in this text. Compare them with this version first."
    status = 409


class ChangeOpen(Refusal):
    """Two ways to the next text at once would leave nobody knowing what was approved."""

    code = "change-open"
    title = "Your project is changing this text already. Approve that change or drop it first."
    status = 409
