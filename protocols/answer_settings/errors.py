from federation.errors import Refusal


class WrongAnswerSetting(Refusal):
    """A choice that there is not, or an SMS that nobody would read to its end."""

    code = "wrong-answer-setting"
    title = "Choose one of the ways that are offered, and between 1 and 10 parts for an SMS."
