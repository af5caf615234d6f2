"""What can go wrong between a program and its node.

* NetreachError
  x AddressError             the node's address cannot be used safely
  x SignInError              no address and token are known, or others can read them
  x FolderError              a folder holds what is not ours to replace
  x BundleError              an offline bundle is not what its node has signed, or too old
  x NoAnswerError            no answer came
    + TooSlowError           none within the time allowed
  x AnswerError              something answered, but not as a node of this version does
    + AnswerTooLargeError    it went on beyond the cap
  x RefusedError             the node said no, with a stable code and a plain title
    + SignInRefusedError     401: the token is unknown, expired or revoked
    + NotAllowedError        403: the token or its person's roles do not reach so far
    + NotFoundError          404: there is no such thing, or it is not the asker's to know
    + SeatTakenError         409: somebody else has the seat
    + RuleRefusedError       422: one or several rules, each with its reason
    + TooManyRequestsError   429: ask again later
    + NodeFailedError        5xx: the node's own fault
      - NodeBusyError        502, 503, 504: it cannot answer just now
"""

from collections.abc import Sequence
from http import HTTPStatus

import msgspec


class Reason(msgspec.Struct, frozen=True):
    """One rule that refuses: a stable code for programs, a plain sentence for people."""

    code: str
    text: str


class NetreachError(Exception):
    """Everything that this package raises; its message is one plain sentence."""

    may_pass = False
    """Whether the same call may well succeed a moment later."""
    ask_again_after: float | None = None
    """Seconds to wait before that, where the node named them."""


class AddressError(NetreachError):
    """The address is no https address, and only a node on this machine may do without."""


class SignInError(NetreachError):
    """No address and token are known, or they are kept where others can read them."""


class FolderError(NetreachError):
    """A folder holds files that this package did not write and will not replace."""


class BundleError(NetreachError):
    """An offline bundle is not what its node has signed, or it is too old to be relied on."""


class NoAnswerError(NetreachError):
    """No answer came; whether the node did what was asked is unknown."""

    may_pass = True


class TooSlowError(NoAnswerError):
    """No complete answer came within the time allowed."""


class AnswerError(NetreachError):
    """Something answered, but not as a netreach node of this version does."""


class AnswerTooLargeError(AnswerError):
    """The answer went on beyond the cap and was cut off."""


class RefusedError(NetreachError):
    """The node said no: `status`, stable `code`, plain `title`, and the `reasons` of rules."""

    attempts = 1
    """How often it was asked; an earlier attempt may have done what this one was refused."""

    def __init__(
        self, title: str, *, status: int, code: str = "", reasons: Sequence[Reason] = ()
    ) -> None:
        """Keep what a program decides by beside the sentence for people."""
        super().__init__(title)
        self.title = title
        self.status = status
        self.code = code
        self.reasons = tuple(reasons)


class SignInRefusedError(RefusedError):
    """The token is unknown, expired or revoked."""


class NotAllowedError(RefusedError):
    """The token, or the roles of its person, do not reach so far."""


class NotFoundError(RefusedError):
    """There is no such thing, or it is not the asker's to know of."""


class SeatTakenError(RefusedError):
    """Somebody else has the seat."""


class RuleRefusedError(RefusedError):
    """One or several rules refuse; each gives its reason."""


class TooManyRequestsError(RefusedError):
    """The node asks for patience."""

    may_pass = True


class NodeFailedError(RefusedError):
    """The node failed on its own side; nothing is wrong with what was asked."""


class NodeBusyError(NodeFailedError):
    """The node, or what stands before it, cannot answer just now."""

    may_pass = True


BY_STATUS: dict[int, type[RefusedError]] = {
    401: SignInRefusedError,
    403: NotAllowedError,
    404: NotFoundError,
    409: SeatTakenError,
    422: RuleRefusedError,
    429: TooManyRequestsError,
    502: NodeBusyError,
    503: NodeBusyError,
    504: NodeBusyError,
}


def refusal_for(status: int, code: str) -> type[RefusedError]:
    """Choose the class by status, and by code where one status has several meanings."""
    if status == HTTPStatus.CONFLICT and code != "seat-taken":
        return RefusedError
    otherwise = NodeFailedError if status >= HTTPStatus.INTERNAL_SERVER_ERROR else RefusedError
    return BY_STATUS.get(status, otherwise)
