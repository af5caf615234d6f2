"""What passkeys are asked, and whether what they answer is right (WebAuthn, by `webauthn`)."""

from collections.abc import Iterable
from datetime import timedelta
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from federation.passkeys.errors import PasskeyWrong

CHALLENGE = timedelta(minutes=5)
MOST_PASSKEYS = 10
USER = "sign-in"
"""What a device shows as the account: neutral, since others may look on."""
ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
PORTS = {"http": 80, "https": 443}
FAULTS = (WebAuthnException, ValueError)


class Place(NamedTuple):
    """Where a node's passkeys hold: its name, and its address as a browser says it."""

    host: str
    origin: str
    name: str


class Made(NamedTuple):
    """What a browser sends of a new passkey, in base64url."""

    credential: str
    client_data: str
    attestation: str


class Used(NamedTuple):
    """What a browser sends of a passkey that has signed, in base64url."""

    credential: str
    client_data: str
    authenticator_data: str
    signature: str
    user_handle: str


class NewKey(NamedTuple):
    """What is kept of a new passkey; neither make nor model, which it may have told."""

    credential: bytes
    public_key: bytes
    sign_count: int


def place_of(address: str, name: str) -> Place | None:
    """Say where passkeys of a node hold; nowhere if its address is a number."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        plain = parts.port in {None, PORTS.get(parts.scheme)}
        port = "" if plain else f":{parts.port}"
        return Place(host, f"{parts.scheme}://{host}{port}", name)
    return None


def question_to_add(
    place: Place, challenge: str, owner: bytes, known: Iterable[bytes]
) -> dict[str, Any]:
    """Ask a device for a new passkey that it can find by itself, and for no proof of its make."""
    options = generate_registration_options(
        rp_id=place.host,
        rp_name=place.name,
        user_id=owner,
        user_name=USER,
        challenge=base64url_to_bytes(challenge),
        timeout=_milliseconds(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        supported_pub_key_algs=ALGORITHMS,
    )
    return _plain(options_to_json(options))


def question_to_sign_in(place: Place, challenge: str) -> dict[str, Any]:
    """Ask for any passkey of this node; the device shows those that it has."""
    options = generate_authentication_options(
        rp_id=place.host,
        challenge=base64url_to_bytes(challenge),
        timeout=_milliseconds(),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _plain(options_to_json(options))


def _milliseconds() -> int:
    return CHALLENGE // timedelta(milliseconds=1)


def _plain(written: str) -> dict[str, Any]:
    return msgspec.json.decode(written, type=dict[str, Any])


def bytes_of(text: str) -> bytes:
    """Read base64url as browsers write it."""
    try:
        return base64url_to_bytes(text)
    except ValueError as error:
        raise PasskeyWrong from error


def challenge_of(client_data: str) -> str:
    """Tell which challenge was answered, as it was given; nothing else is believed yet."""
    try:
        return bytes_to_base64url(parse_client_data_json(base64url_to_bytes(client_data)).challenge)
    except FAULTS as error:
        raise PasskeyWrong from error


def key_made(place: Place, made: Made) -> NewKey:
    """Check a new passkey: made here, for this challenge, by a user whom the device has verified.

    That the challenge was ours and is answered once is the caller's to see to.
    """
    challenge = challenge_of(made.client_data)
    response = {"clientDataJSON": made.client_data, "attestationObject": made.attestation}
    try:
        found = verify_registration_response(
            credential=_credential(made.credential, response),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
    except FAULTS as error:
        raise PasskeyWrong from error
    return NewKey(found.credential_id, found.credential_public_key, found.sign_count)


def count_signed(place: Place, used: Used, public_key: bytes) -> int:
    """Check what a passkey has signed, as above; gives its own count of signatures.

    The library is told of no earlier count: it would refuse one that went back like any fault, and
    before it has looked at the signature.
    """
    challenge = challenge_of(used.client_data)
    response = {
        "clientDataJSON": used.client_data,
        "authenticatorData": used.authenticator_data,
        "signature": used.signature,
    }
    try:
        found = verify_authentication_response(
            credential=_credential(used.credential, response),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except FAULTS as error:
        raise PasskeyWrong from error
    return found.new_sign_count


def _credential(own_id: str, response: dict[str, str]) -> dict[str, Any]:
    return {"id": own_id, "rawId": own_id, "type": "public-key", "response": response}


def went_back(before: int, now: int) -> bool:
    """Tell whether a copy seems to sign as well; a device that does not count always says 0."""
    return (before, now) != (0, 0) and now <= before
