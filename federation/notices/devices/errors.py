from federation.errors import Refusal


class NotAPushAddress(Refusal):
    """What a browser gave is no subscription that can be encrypted for and sent to."""

    code = "not-a-push-address"
    title = "This browser gave no address that can be used. Try again, or use another browser."


class TooManyDevices(Refusal):
    """More devices than anybody has are somebody else's."""

    code = "too-many-devices"
    title = "There are as many devices as there may be. Remove one that you no longer use."
