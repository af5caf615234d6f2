from federation.errors import Refusal


class BundleTooLarge(Refusal):
    """More than fits on what people carry, or than a reader would take."""

    code = "bundle-too-large"
    title = "These texts are too many for one file. Ask for protocols or for answers only."


class BundleIncomplete(Refusal):
    """A release between two others has not arrived; a file with a gap would be refused."""

    code = "bundle-incomplete"
    title = "A release of one of your texts has not arrived here yet. Try again later."
    status = 409
