from federation.errors import Refusal


class TooManyAddresses(Refusal):
    """Every address is one more copy of somebody's week that can be read by others."""

    code = "too-many-addresses"
    title = "You have ten calendar addresses. Revoke one that you no longer use."
    status = 409
