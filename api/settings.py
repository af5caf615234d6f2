"""The only reader of the environment."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Self

import msgspec

PREFIX = "NETREACH_"
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
    metrics_token: str = ""
    log_level: str = "INFO"

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
        return cls(**found)


def _value(variable: str, kind: Any) -> Any:
    try:
        return msgspec.convert(
            os.environ[variable], kind, strict=False, dec_hook=lambda path, text: path(text)
        )
    except msgspec.ValidationError as error:
        raise SettingsError(f"{variable} is wrong: {error}.".replace("`", "")) from error


class SettingsError(Exception):
    """The environment names something that cannot work; the sentence says which variable."""
