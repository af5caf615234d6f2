from federation.errors import Refusal


class LinkUnknown(Refusal):
    """No link has this secret: mistyped, cut off in a message, or made by another node."""

    code = "sign-in-link-unknown"
    title = "This sign-in link is not known here. Check that it is complete, or ask for a new one."
    status = 404


class LinkUsed(Refusal):
    """The link has opened a session before; perhaps for somebody else, so it is worth telling."""

    code = "sign-in-link-used"
    title = "This sign-in link has been used. If that was not you, tell your coordinator at once."
    status = 410


class LinkExpired(Refusal):
    """The link was not used in time."""

    code = "sign-in-link-expired"
    title = "This sign-in link is too old. Ask your coordinator for a new one."
    status = 410


class WebSessionUnknown(Refusal):
    """The session is somebody else's, or has ended already; which, is not told."""

    code = "web-session-unknown"
    title = "There is no such sign-in of yours. It may have ended already: reload the page."
    status = 404


class UnknownScope(Refusal):
    """A token was asked for that may do something which does not exist, or nothing at all."""

    code = "unknown-scope"
    title = "A token may read, or read and write: give the scope read, write or both."


class LifetimeNotAllowed(Refusal):
    """A secret that never ends would be found by somebody in the end."""

    code = "lifetime-not-allowed"
    title = "This is not a lifetime that a link or token may have."


class SealBroken(Refusal):
    """A sealed secret that this node's key does not open: the key was lost or replaced."""

    code = "seal-broken"
    title = "What was kept sealed here can no longer be opened. Please enter it again."
