"""Codes of a second step: which are right, how often one may guess, how they are written."""

import re
import secrets
from datetime import datetime, timedelta

import pyotp
from pyotp.exceptions import OTPVerificationError

WINDOW = 1
"""A clock may be half a minute off, and typing takes a while (RFC 6238, 5.2)."""
MOST_WRONG = 10
WRONG_FOR = timedelta(hours=1)
UNCONFIRMED_FOR = timedelta(days=1)
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is taken for another when it is read from paper."""
FROM_AN_APP = re.compile(r"[0-9]{6}", re.ASCII)


def new_app_secret() -> str:
    """Make what an app and this node share: 160 random bits, as RFC 4226 wants them."""
    return pyotp.random_base32()


def address_for_app(secret: str, name: str) -> str:
    """Write the address that an app reads from a code on the screen."""
    return pyotp.TOTP(secret).provisioning_uri(name="sign-in", issuer_name=name)


def plain(typed: str) -> str:
    """Take out of a code what people put in to read it better."""
    return re.sub(r"[\s-]", "", typed).lower()


def step_of(secret: str, code: str, now: datetime, last: int | None) -> int | None:
    """Give the half minute to which a code of an app belongs, if it is right and not used up."""
    app = pyotp.TOTP(secret)
    try:
        step = app.verify_and_get_timecode(code, for_time=now, valid_window=WINDOW)
    except OTPVerificationError:
        return None
    return step if last is None or step > last else None


def is_locked(wrong: int, since: datetime | None, now: datetime) -> bool:
    """Tell whether so many codes were wrong that none is looked at for now."""
    return wrong >= MOST_WRONG and since is not None and now < since + WRONG_FOR


def one_more_wrong(wrong: int, since: datetime | None, now: datetime) -> tuple[int, datetime]:
    """Count a wrong code; after an hour the count begins anew."""
    if since is None or now >= since + WRONG_FOR:
        return 1, now
    return wrong + 1, since


def new_recovery_codes() -> list[str]:
    """Make codes to print: each of 59 random bits, in three groups."""
    return ["-".join(_group() for _ in range(3)) for _ in range(RECOVERY_CODES)]


def _group() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(4))
