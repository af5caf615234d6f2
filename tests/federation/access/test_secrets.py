import math
from datetime import timedelta
from hashlib import sha256

import pytest

from federation.access.errors import LifetimeNotAllowed, UnknownScope
from federation.access.rules import granted_scopes, lifetime, new_secret, secret_hash


def test_secrets_are_long_fit_for_addresses_and_never_the_same() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(
        len(secret) == 43 and secret.replace("-", "").replace("_", "").isalnum() for secret in made
    )


def test_what_is_kept_is_the_hash() -> None:
    assert secret_hash("abc") == sha256(b"abc").digest()


@pytest.mark.parametrize("asked", [0, -1, 25, math.nan, math.inf, 1e300])
def test_a_lifetime_has_an_end(asked: float) -> None:
    assert lifetime(24, timedelta(days=1)) == timedelta(days=1)
    with pytest.raises(LifetimeNotAllowed, match="at most 24 hours"):
        lifetime(asked, timedelta(days=1))


@pytest.mark.parametrize(
    ("asked", "own"),
    [(["admin"], {"read", "write"}), ([], {"read", "write"}), (["write"], {"read"})],
)
def test_scopes_are_known_and_ones_own(asked: list[str], own: set[str]) -> None:
    assert granted_scopes(["write", "read"], frozenset({"read", "write"})) == ["read", "write"]
    with pytest.raises(UnknownScope):
        granted_scopes(asked, frozenset(own))
