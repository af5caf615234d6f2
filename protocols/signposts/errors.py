from federation.errors import Refusal


class WrongSignpost(Refusal):
    """The reasons name each field and what it should be."""

    code = "wrong-signpost"
    title = "This service cannot be kept as it is."


class WrongSignpostList(Refusal):
    """What was handed in is no list of services that can be read."""

    code = "wrong-signpost-list"
    title = "This list cannot be read."


class EnoughSignposts(Refusal):
    """A list has a size that one project can look after."""

    code = "enough-signposts"
    title = "Your project lists 5,000 services, which is the most. Delete some first."
    status = 409
