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
