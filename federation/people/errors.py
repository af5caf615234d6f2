from federation.errors import Refusal


class UnknownRole(Refusal):
    """A role that no rule knows would grant nothing and look as if it did."""

    code = "unknown-role"
    title = "There is no such role."


class UnknownLanguage(Refusal):
    """Languages are compared tag by tag, so that a misspelt one would never match."""

    code = "unknown-language"
    title = "Name each language by its tag, such as en, nl or ro."


class NameMissing(Refusal):
    """Colleagues of the same project know one another by name."""

    code = "name-missing"
    title = "Give a name. Only the person's own project sees it."


class LimitNotStricter(Refusal):
    """Somebody may ask for less work and more rest than their project allows, not for more work."""

    code = "limit-not-stricter"
    title = "Your own limits can only be stricter than those of your project. Ask your coordinator."


class WrongLimit(Refusal):
    """A limit that no week has."""

    code = "wrong-limit"
    title = "Limits are hours of a week, a number of shifts, and hours of rest up to two days."
