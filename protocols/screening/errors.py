from federation.errors import Refusal


class PersonalDataFound(Refusal):
    """The reasons say where, and never repeat the words."""

    code = "personal-data"
    title = (
        "This may show who somebody is. Word it otherwise, use a placeholder, or say under"
        " “What may stand in your texts” why it may stand there."
    )


class NothingFound(Refusal):
    """Only what the screen would hold back is allowed, and with a reason."""

    code = "nothing-found"
    title = "Give words in which the screen finds something, and say in up to 300 letters why."
