from federation.errors import Refusal


class CommentLength(Refusal):
    """A comment says something, and not a whole text."""

    code = "comment-length"
    title = "Write a comment of at most 4000 characters."


class CommentErased(Refusal):
    """What was erased can be neither read nor answered."""

    code = "comment-erased"
    title = "This comment has been erased."
    status = 409
