"""The browser's cookies of one node: named so that two nodes on one host do not mix theirs up."""

import secrets
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from litestar import Request
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import Cookie

from api.kept_once import kept_once
from api.settings import Settings
from federation.access.rules import WEB_SESSION

FORMS_KEY = "forms"
ATTEMPT = timedelta(minutes=10)
"""How long somebody may take to sign in at another service."""


def _mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:10]


def _name(settings: Settings, what: str, mark: str) -> str:
    """Bind a cookie to exactly this host where TLS allows that (RFC 6265bis, `__Host-`)."""
    return f"{'' if settings.development else '__Host-'}netreach-{what}-{mark}"


def session_cookie_name(settings: Settings) -> str:
    """Name the session cookie after the node's address, since ports do not part cookies."""
    return _name(settings, "session", _mark(settings.base_url))


def session_cookie(settings: Settings, secret: str) -> Cookie:
    """Carry a session's secret; scripts cannot read it, other sites cannot post with it."""
    return Cookie(
        key=session_cookie_name(settings),
        value=secret,
        max_age=int(WEB_SESSION.total_seconds()),
        path="/",
        httponly=True,
        secure=not settings.development,
        samesite="lax",
    )


def no_session_cookie(settings: Settings) -> Cookie:
    """Make the browser forget; the server has, already."""
    return replace(session_cookie(settings, ""), max_age=0)


def provider_cookie_name(settings: Settings) -> str:
    """Name the cookie of a sign-in that another service is to confirm."""
    return _name(settings, "provider", _mark(settings.base_url))


def provider_cookie(settings: Settings, sealed: str) -> Cookie:
    """Carry what was begun there and back, for as long as somebody may take; empty, forget it."""
    return Cookie(
        key=provider_cookie_name(settings),
        value=sealed,
        max_age=int(ATTEMPT.total_seconds()) if sealed else 0,
        path="/",
        httponly=True,
        secure=not settings.development,
        samesite="lax",
    )


def undo_cookie_name(settings: Settings) -> str:
    """Name the cookie of what somebody may take back."""
    return _name(settings, "undo", _mark(settings.base_url))


def undo_cookie(settings: Settings, kept: str, seconds: int) -> Cookie:
    """Carry what was done last, as long as it may be taken back."""
    return Cookie(
        key=undo_cookie_name(settings),
        value=kept,
        max_age=seconds,
        path="/",
        httponly=True,
        secure=not settings.development,
        samesite="lax",
    )


def no_undo_cookie(settings: Settings) -> Cookie:
    """Make the browser forget what could be taken back."""
    return undo_cookie(settings, "", 0)


def session_secret(request: Request[Any, Any, Any]) -> str | None:
    """Read the session's secret that the browser brings."""
    return request.cookies.get(session_cookie_name(request.app.state.settings))


def forms_key(folder: Path) -> str:
    """Give the key that signs forms."""
    return kept_once(folder, FORMS_KEY, lambda: secrets.token_urlsafe(32))


def forms_config(settings: Settings) -> CSRFConfig:
    """Protect every form; a cookie that another key signed has another name, so it is not read."""
    key = forms_key(settings.keys)
    return CSRFConfig(
        secret=key,
        cookie_name=_name(settings, "form", _mark(key)),
        cookie_secure=not settings.development,
        cookie_httponly=True,
        cookie_samesite="lax",
    )
