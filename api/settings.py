"""The only reader of the environment."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import msgspec

PREFIX = "NETREACH_"
ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")
PLAIN_SCHEME = re.compile(r"^postgres(ql)?://")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator sets, each by NETREACH_ and its name in capitals (DATABASE_URL as it is)."""

    database_url: str
    base_url: str = "http://127.0.0.1:8000"
    node_name: str = "Node"
    keys: Path = Path(".netreach/keys")
    host: str = "127.0.0.1"
    port: int = 8000
    development: bool = False
    """Partners may be on loopback and speak plain http."""
    poll_seconds: float = 20
    lease_seconds: int = 20
    plan_seconds: Annotated[float, msgspec.Meta(gt=0, le=100)] = 30
    """How long the planner may search; less gives a worse plan, never none."""
    database_connections: int = 10
    request_bytes: int = 1_000_000
    requests_per_minute: int = 600
    partner_requests_per_minute: Annotated[int, msgspec.Meta(ge=1)] = 600
    """How often one partner may ask, from whatever address."""
    partner_seats_at_once: Annotated[int, msgspec.Meta(ge=0)] = 200
    """How many coming seats the people of one partner may have asked for themselves."""
    metrics_token: str = ""
    log_level: str = "INFO"
    smtp_host: str = ""
    """The server that takes this node's mail; without one it sends none."""
    smtp_port: Annotated[int, msgspec.Meta(gt=0, lt=65536)] = 587
    smtp_security: Literal["starttls", "tls", "plain"] = "starttls"
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_seconds: Annotated[float, msgspec.Meta(gt=0, le=20)] = 10
    mail_from: str = ""
    mail_from_name: str = "Plan"
    """What a mailbox shows as the sender: neutral, since others may look on."""
    notice_url: str = ""
    """The address that mails lead to, where another one than the node's own says less."""

    oidc_issuer: str = ""
    """A service where people have accounts, which may say who signs in (OpenID Connect)."""
    oidc_client: str = ""
    oidc_secret_file: str = ""
    oidc_name: str = ""
    """What its button says after "Sign in with"; else it speaks of the organisation's account."""
    leave_to: Annotated[str, msgspec.Meta(pattern="^https://")] = "https://www.wikipedia.org/"
    """Where somebody goes that has to leave the public page quickly: a site that anybody opens."""

    @property
    def notice_address(self) -> str:
        """Give the address that leaves this node in mails, without a slash at its end."""
        return (self.notice_url or self.base_url).rstrip("/")

    @classmethod
    def from_environment(cls) -> Self:
        """Read NETREACH_* and DATABASE_URL; a wrong value names its variable."""
        found = {
            field.name: _value(PREFIX + field.name.upper(), field.type)
            for field in msgspec.structs.fields(cls)
            if PREFIX + field.name.upper() in os.environ
        }
        url = found.get("database_url") or os.environ.get("DATABASE_URL", "")
        if not url:
            raise SettingsError("Set DATABASE_URL to the PostgreSQL that this node may use.")
        found["database_url"] = PLAIN_SCHEME.sub("postgresql+asyncpg://", url)
        settings = cls(**found)
        _require_whole_mail(settings)
        _require_whole_provider(settings)
        return settings


def surroundings() -> dict[str, str]:
    """Give the environment in which programs are looked for that this one starts."""
    return dict(os.environ)


def _require_whole_mail(settings: Settings) -> None:
    """Refuse half of what mail needs, and a password that anybody on the way could read."""
    if not settings.smtp_host:
        return
    if not ADDRESS.fullmatch(settings.mail_from):
        raise SettingsError("Set NETREACH_MAIL_FROM to the address that this node's mail is from.")
    if bool(settings.smtp_user) != bool(settings.smtp_password):
        raise SettingsError("Set both NETREACH_SMTP_USER and NETREACH_SMTP_PASSWORD, or neither.")
    if settings.smtp_password and settings.smtp_security == "plain" and not settings.development:
        raise SettingsError(
            "NETREACH_SMTP_SECURITY is plain: the password would go in clear. Use starttls or tls."
        )


def _require_whole_provider(settings: Settings) -> None:
    """Refuse half of what signing in elsewhere needs, an address in clear, and no secret."""
    told = (settings.oidc_issuer, settings.oidc_client, settings.oidc_secret_file)
    if not any(told):
        return
    if not all(told):
        raise SettingsError(
            "Set all of NETREACH_OIDC_ISSUER, NETREACH_OIDC_CLIENT and NETREACH_OIDC_SECRET_FILE, "
            "or none."
        )
    if not settings.oidc_issuer.startswith("https://") and not settings.development:
        raise SettingsError("NETREACH_OIDC_ISSUER has to begin with https://.")
    if not _words_in(Path(settings.oidc_secret_file)):
        raise SettingsError("NETREACH_OIDC_SECRET_FILE names no file with a secret in it.")


def _words_in(file: Path) -> str:
    try:
        return file.read_text().strip()
    except (OSError, ValueError):
        return ""


def _value(variable: str, kind: Any) -> Any:
    try:
        return msgspec.convert(
            os.environ[variable], kind, strict=False, dec_hook=lambda path, text: path(text)
        )
    except msgspec.ValidationError as error:
        raise SettingsError(f"{variable} is wrong: {error}.".replace("`", "")) from error


class SettingsError(Exception):
    """The environment names something that cannot work; the sentence says which variable."""
