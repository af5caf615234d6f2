from federation.errors import Refusal


class PasskeyLate(Refusal):
    """The challenge was answered before, is too old, or was never given."""

    code = "passkey-late"
    title = "That took too long, or was sent before. Try once more."
    status = 409


class PasskeyWrong(Refusal):
    """What the browser sent was not made by that passkey, for this address, by a verified user."""

    code = "passkey-wrong"
    title = "This passkey could not be checked. Try again, or use a sign-in link."


class PasskeyUnknown(Refusal):
    """The passkey was removed here, or its owner has left; which, is not told."""

    code = "passkey-unknown"
    title = (
        "This passkey is not known here. It may have been removed. "
        "Use a sign-in link, or another passkey."
    )


class PasskeyWentBack(Refusal):
    """A copy of the passkey seems to be in use: its own count is not above what was seen."""

    code = "passkey-went-back"
    title = (
        "This passkey may have been copied, so it was refused. "
        "Sign in by a link, remove it on your account, and tell your coordinator."
    )


class TooManyPasskeys(Refusal):
    """More passkeys than anybody has devices are somebody else's."""

    code = "too-many-passkeys"
    title = "There are as many passkeys as there may be. Remove one that you no longer use."


class PasskeysNotHere(Refusal):
    """Browsers bind passkeys to a name, and this node has only a number."""

    code = "passkeys-not-here"
    title = "This node's address is a number and no name, so passkeys cannot be used."
    status = 409
