from federation.errors import Refusal


class SignatureWrong(Refusal):
    """What arrived is not what its project signed."""

    code = "signature-wrong"
    title = "The signature does not match the text."


class NotTheirs(Refusal):
    """A partner may state its own projects' texts only."""

    code = "not-theirs"
    title = "This text belongs to a project of another node."
    status = 403


class AlreadyDifferent(Refusal):
    """Something else was published under the same id or number; what was first stays."""

    code = "already-different"
    title = "Something else has already been published under this number."
    status = 409


class NotAStatement(Refusal):
    """The message has not the shape of a release or a recall."""

    code = "not-a-statement"
    title = "This message cannot be read."
