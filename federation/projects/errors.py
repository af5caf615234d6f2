from federation.errors import Refusal


class SlugTaken(Refusal):
    """Two projects cannot share the short name that stands in addresses."""

    code = "slug-taken"
    title = "This short name is in use. Choose another."
    status = 409


class SlugUnfit(Refusal):
    """A short name stands in addresses and must survive being read out on the phone."""

    code = "slug-unfit"
    title = "A short name has lower-case letters, digits and hyphens, and at most 60 of them."


class ProjectUnfit(Refusal):
    """What partners could not read of a project would keep its pools from them."""

    code = "project-unfit"
    title = (
        "Name, region and jurisdiction of a project have 1 to 200 characters each. It has at most "
        "50 languages, each by its tag, such as en, nl or ro."
    )


class UnknownZone(Refusal):
    """Without a known zone no local time has a meaning."""

    code = "unknown-zone"
    title = "There is no such time zone. Use a name such as Europe/London."
