"""Asking a service where people have accounts who is at the browser (OpenID Connect Core 1.0)."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import msgspec
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.errors import MailNotChecked, ProviderAway, ProviderWrong
from api.login.cookies import ATTEMPT
from api.peers.outbound import SECONDS, GuardedTransport
from api.settings import Settings
from federation.partners.rules.encoding import json_of

CALLBACK = "/sign-in/provider/callback"
ABOUT = "/.well-known/openid-configuration"
CLOCKS_DIFFER = 60
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA", "Ed25519"]
FAULTS = (AuthlibBaseError, JoseError, KeyError, ValueError)
T = TypeVar("T")


class Attempt(msgspec.Struct, frozen=True):
    """What one browser began, and what proves that the answer belongs to it."""

    state: str
    nonce: str
    verifier: str
    until: datetime


class About(msgspec.Struct, frozen=True):
    """Where a provider is asked for what, as it says itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""


class Who(msgspec.Struct, frozen=True):
    """Whom a provider has signed in; nothing else that it says of them is read."""

    sub: str
    email: str = ""
    email_verified: bool = False


def new_attempt(now: datetime) -> Attempt:
    """Begin: three secrets, each for one place where an answer could be swapped."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Attempt(state, nonce, verifier, now + ATTEMPT)


class Provider:
    """The provider that the operator has named."""

    def __init__(self, settings: Settings) -> None:
        """Take what is set; nothing is asked yet."""
        self._settings = settings

    async def address_for(self, attempt: Attempt) -> str:
        """Give the address to which the browser is sent."""
        async with await self._client() as client:
            about = await self._about(client)
            address, _ = client.create_authorization_url(
                about.authorization_endpoint,
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
        return str(address)

    async def checked_mail(self, attempt: Attempt, answered: str, now: datetime) -> str:
        """Give the e-mail of whom it has signed in, if it says that it has checked that."""
        try:
            async with await self._client() as client:
                who = await self._who(client, attempt, answered, now)
        except FAULTS as error:
            raise ProviderWrong from error
        if not (who.email and who.email_verified):
            raise MailNotChecked
        return who.email

    async def _who(
        self, client: AsyncOAuth2Client, attempt: Attempt, answered: str, now: datetime
    ) -> Who:
        about = await self._about(client)
        with away():
            token = await client.fetch_token(
                about.token_endpoint,
                authorization_response=answered,
                state=attempt.state,
                code_verifier=attempt.verifier,
            )
        told: Any = await _asked(client, about.jwks_uri, dict[str, Any])
        who = self._signed(token["id_token"], KeySet.import_key_set(told), attempt, now)
        if who.email or not about.userinfo_endpoint:
            return who
        bearer = {"Authorization": f"Bearer {token['access_token']}"}
        more = await _asked(client, about.userinfo_endpoint, Who, bearer)
        return more if more.sub == who.sub else who

    def _signed(self, token: str, keys: KeySet, attempt: Attempt, now: datetime) -> Who:
        """Believe what it has signed for us, now, and for what this browser began."""
        signed = jwt.decode(token, keys, algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=CLOCKS_DIFFER,
            iss={"essential": True, "value": self._settings.oidc_issuer},
            aud={"essential": True, "value": self._settings.oidc_client},
            exp={"essential": True},
            nonce={"essential": True, "value": attempt.nonce},
        ).validate(signed.claims)
        return msgspec.convert(signed.claims, Who)

    async def _client(self) -> AsyncOAuth2Client:
        settings = self._settings
        secret = await asyncio.to_thread(Path(settings.oidc_secret_file).read_text)
        return AsyncOAuth2Client(
            settings.oidc_client,
            secret.strip(),
            scope="openid email",
            redirect_uri=settings.base_url.rstrip("/") + CALLBACK,
            code_challenge_method="S256",
            transport=GuardedTransport(development=settings.development),
            timeout=SECONDS,
            trust_env=False,
        )

    async def _about(self, client: AsyncOAuth2Client) -> About:
        """Read what it says of itself, each time: a sign-in is rare, and keys are replaced."""
        issuer = self._settings.oidc_issuer
        about = await _asked(client, issuer.rstrip("/") + ABOUT, About)
        if about.issuer != issuer:
            raise ProviderWrong
        return about


async def _asked(
    client: AsyncOAuth2Client, address: str, kind: type[T], headers: dict[str, str] | None = None
) -> T:
    with away():
        answer = await client.request("GET", address, headers=headers, withhold_token=True)
        answer.raise_for_status()
        return json_of(answer.content, kind)


@contextmanager
def away() -> Iterator[None]:
    """Tell a provider that does not answer, or not as one, from one that says no."""
    try:
        yield
    except (httpx2.HTTPError, msgspec.MsgspecError) as error:
        raise ProviderAway from error
