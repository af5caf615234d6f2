from federation.errors import Refusal


class LivedReviewMissing(Refusal):
    """The pool asks for it; a text without it is not put in force on its shifts."""

    code = "lived-review-missing"
    title = (
        "This pool asks for a review by somebody with lived experience, and this release does not"
        " say that one took place. Ask the project that wrote it."
    )
    status = 409


class TextsNotReviewed(Refusal):
    """What is in force stays so; the pool cannot ask for what its own texts lack."""

    code = "texts-not-reviewed"
    title = "Some texts in force on this pool do not say that such a review took place."
    status = 409
