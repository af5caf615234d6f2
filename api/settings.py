"""The only reader of the environment."""

import os
from pathlib import Path
from typing import Self

import msgspec

PREFIX = "NETREACH_"


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
    database_connections: int = 10
    request_bytes: int = 1_000_000
    requests_per_minute: int = 600
    metrics_token: str = ""
    log_level: str = "INFO"

    @classmethod
    def from_environment(cls) -> Self:
        """Read NETREACH_* and DATABASE_URL; a wrong value names its variable."""
        found = {
            field.name: os.environ[PREFIX + field.name.upper()]
            for field in msgspec.structs.fields(cls)
            if PREFIX + field.name.upper() in os.environ
        }
        found.setdefault("database_url", os.environ.get("DATABASE_URL", ""))
        try:
            settings = msgspec.convert(found, cls, strict=False)
        except msgspec.ValidationError as error:
            raise SettingsError(
                f"A setting is wrong: {error} (see NETREACH_* variables)."
            ) from error
        if not settings.database_url:
            raise SettingsError("Set DATABASE_URL to the PostgreSQL that this node may use.")
        return settings


class SettingsError(Exception):
    """The environment names something that cannot work; the sentence says which variable."""
