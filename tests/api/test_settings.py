from pathlib import Path

import pytest

from api.settings import Settings, SettingsError


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Give an environment that names nothing of ours."""
    for name in ("DATABASE_URL", "NETREACH_KEYS", "NETREACH_DEVELOPMENT", "NETREACH_PORT"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_settings_come_from_the_environment(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "postgresql://me@db/netreach")
    environment.setenv("NETREACH_KEYS", "/var/lib/keys")
    environment.setenv("NETREACH_DEVELOPMENT", "true")
    found = Settings.from_environment()
    assert (found.database_url, found.keys, found.development, found.port) == (
        "postgresql+asyncpg://me@db/netreach",
        Path("/var/lib/keys"),
        True,
        8000,
    )


def test_a_database_must_be_named(environment: pytest.MonkeyPatch) -> None:
    del environment
    with pytest.raises(SettingsError, match="Set DATABASE_URL"):
        Settings.from_environment()


def test_a_wrong_value_names_its_variable(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "postgresql://me@db/netreach")
    environment.setenv("NETREACH_PORT", "many")
    with pytest.raises(SettingsError, match=r"^NETREACH_PORT is wrong: Expected int, got str\.$"):
        Settings.from_environment()
