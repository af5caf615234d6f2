from federation.errors import Refusal


class AddressOfNobody(Refusal):
    """Nobody here gets mail there, or several people do; which, is not told."""

    code = "address-of-nobody"
    title = (
        "Nobody here gets mail at your address, or more than one person does. "
        "Use a sign-in link, and enter your address under Notices."
    )


class NotAnAddress(Refusal):
    """What was entered cannot be an e-mail address; it is not quoted, since answers are kept."""

    code = "not-an-address"
    title = "This does not look like an e-mail address. Check it for a slip of the finger."


class TooManyConfirmations(Refusal):
    """Somebody could use us to fill a stranger's mailbox."""

    code = "too-many-confirmations"
    title = "Several addresses were entered today. Try again tomorrow."
    status = 429


class MailLinkUnknown(Refusal):
    """No address belongs to this link: mistyped, cut off, or the address was taken back."""

    code = "mail-link-unknown"
    title = "This link is not known here. Check that it is complete, or enter your address again."
    status = 404


class MailLinkExpired(Refusal):
    """The address was not confirmed in time."""

    code = "mail-link-expired"
    title = "This link is too old. Enter your address again to get a new one."
    status = 410
