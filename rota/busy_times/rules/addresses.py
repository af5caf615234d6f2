"""Which addresses a calendar may be read from. Where they lead is checked when they are fetched."""

from urllib.parse import urlsplit

from rota.busy_times.errors import WrongAddress

LONGEST = 2000
WEBCAL = ("webcal://", "webcals://")


def calendar_address(entered: str, *, plain_allowed: bool) -> str:
    """Bring an address into the form that is fetched; `plain_allowed` on developers' machines."""
    address = entered.strip()
    for scheme in WEBCAL:
        if address[: len(scheme)].lower() == scheme:
            address = f"https://{address[len(scheme) :]}"
    try:
        parts = urlsplit(address)
        names_a_place = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise WrongAddress from error
    schemes = {"https", "http"} if plain_allowed else {"https"}
    if len(address) > LONGEST or not address.isprintable() or " " in address:
        raise WrongAddress
    if parts.scheme.lower() not in schemes or not names_a_place:
        raise WrongAddress
    if parts.username is not None or parts.password is not None:
        raise WrongAddress("Give an address without a name and password in it.")
    return address
