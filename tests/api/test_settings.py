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


def test_who_leaves_the_public_page_is_not_seen_on_the_way(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("DATABASE_URL", "postgresql://me@db/netreach")
    environment.setenv("NETREACH_LEAVE_TO", "http://weather.example")
    with pytest.raises(SettingsError, match=r"^NETREACH_LEAVE_TO is wrong: "):
        Settings.from_environment()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"ISSUER": "https://id.example"}, "Set all of NETREACH_OIDC_ISSUER, NETREACH_OIDC_CLIENT"),
        (
            {"ISSUER": "http://id.example", "CLIENT": "node", "SECRET_FILE": "kept"},
            "NETREACH_OIDC_ISSUER has to begin with https://.",
        ),
        (
            {"ISSUER": "https://id.example", "CLIENT": "node", "SECRET_FILE": "empty"},
            "NETREACH_OIDC_SECRET_FILE names no file with a secret in it.",
        ),
        (
            {"ISSUER": "https://id.example", "CLIENT": "node", "SECRET_FILE": "none"},
            "NETREACH_OIDC_SECRET_FILE names no file with a secret in it.",
        ),
    ],
)
def test_half_of_a_sign_in_service_is_refused(
    environment: pytest.MonkeyPatch, tmp_path: Path, more: dict[str, str], said: str
) -> None:
    environment.setenv("DATABASE_URL", "postgresql://me@db/netreach")
    environment.chdir(tmp_path)
    for name, text in (("kept", "secret"), ("empty", " \n")):
        (tmp_path / name).write_text(text)
    for name, value in more.items():
        environment.setenv(f"NETREACH_OIDC_{name}", value)
    with pytest.raises(SettingsError, match=said):
        Settings.from_environment()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "Set NETREACH_MAIL_FROM to the address that this node's mail is from."),
        ({"MAIL_FROM": "nobody"}, "Set NETREACH_MAIL_FROM to the address that this node's mail is"),
        (
            {"MAIL_FROM": "plan@mail.example", "SMTP_USER": "node"},
            "Set both NETREACH_SMTP_USER and NETREACH_SMTP_PASSWORD, or neither.",
        ),
        (
            {
                "MAIL_FROM": "plan@mail.example",
                "SMTP_USER": "node",
                "SMTP_PASSWORD": "secret",
                "SMTP_SECURITY": "plain",
            },
            "NETREACH_SMTP_SECURITY is plain: the password would go in clear.",
        ),
        ({"SMTP_SECURITY": "none"}, "NETREACH_SMTP_SECURITY is wrong: Invalid enum value 'none'."),
        ({"SMTP_PORT": "0"}, "NETREACH_SMTP_PORT is wrong"),
        ({"SMTP_SECONDS": "21"}, "NETREACH_SMTP_SECONDS is wrong"),
    ],
)
def test_half_of_what_mail_needs_is_refused(
    environment: pytest.MonkeyPatch, more: dict[str, str], said: str
) -> None:
    environment.setenv("DATABASE_URL", "postgresql://me@db/netreach")
    environment.setenv("NETREACH_SMTP_HOST", "mail.example")
    for name, value in more.items():
        environment.setenv(f"NETREACH_{name}", value)
    with pytest.raises(SettingsError, match=said):
        Settings.from_environment()


def test_mail_is_set_up_whole(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "postgresql://me@db/netreach")
    environment.setenv("NETREACH_SMTP_HOST", "mail.example")
    environment.setenv("NETREACH_MAIL_FROM", "plan@mail.example")
    environment.setenv("NETREACH_BASE_URL", "https://harbour-lights.example/")
    found = Settings.from_environment()
    assert (found.smtp_port, found.smtp_security, found.mail_from_name) == (587, "starttls", "Plan")
    assert found.notice_address == "https://harbour-lights.example"
    environment.setenv("NETREACH_NOTICE_URL", "https://plan.example/")
    assert Settings.from_environment().notice_address == "https://plan.example"
