"""What an address may look like, and how a link in a mail proves that it came from this node."""

import hmac
from datetime import timedelta
from hashlib import sha256
from typing import Literal
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from federation.notices.addresses.errors import NotAnAddress
from federation.partners.rules.encoding import bytes_of, text_of

Purpose = Literal["confirm", "stop"]

CONFIRM_WITHIN = timedelta(hours=48)
MOST_A_DAY = 5
PROOF_BYTES = 16
ID_BYTES = 16


def plain_address(entered: str) -> str:
    """Check an address by its form alone, nobody else being asked; gives it in ASCII."""
    try:
        found = validate_email(entered.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise NotAnAddress from error
    if found.ascii_email is None:
        raise NotAnAddress
    return found.ascii_email


def link_secret(key: bytes, purpose: Purpose, address_id: UUID) -> str:
    """Make the secret part of a link: nothing of it is kept, the node's key makes it again."""
    return text_of(address_id.bytes + _proof(key, purpose, address_id))


def address_of_link(key: bytes, purpose: Purpose, secret: str) -> UUID | None:
    """Tell for which address this node made a link, or None if it made no such link."""
    try:
        raw = bytes_of(secret)
    except ValueError:
        return None
    if len(raw) != ID_BYTES + PROOF_BYTES:
        return None
    address_id = UUID(bytes=raw[:ID_BYTES])
    # the text, not its bytes: the last sign of base64 has bits to spare
    proven = hmac.compare_digest(secret, link_secret(key, purpose, address_id))
    return address_id if proven else None


def _proof(key: bytes, purpose: Purpose, address_id: UUID) -> bytes:
    return hmac.digest(key, purpose.encode() + address_id.bytes, sha256)[:PROOF_BYTES]
