"""No engine is needed to know that docker-compose.yml speaks of commands, settings, addresses and
ports that exist.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest
import yaml

from api.app import create_app
from api.server.main import main
from api.settings import PREFIX, Settings

PROJECT = Path(__file__).parent.parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: it for name, it in SERVICES.items() if it["image"] == "netreach-server"}
EVERY = pytest.mark.parametrize("name", sorted(SERVICES))
EVERY_OF_OURS = pytest.mark.parametrize("name", sorted(OURS))
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
FRONTS = "".join(
    (PROJECT / "deploy" / name).read_text() for name in ("Caddyfile", "two-nodes.caddy")
)


def pins(lock: str) -> dict[str, str]:
    found = re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", (PROJECT / lock).read_text(), re.MULTILINE)
    return dict(found)


def test_both_nodes_have_the_same_parts() -> None:
    north = {name for name, service in SERVICES.items() if "profiles" not in service}
    south = {name for name, service in SERVICES.items() if service.get("profiles") == ["two-nodes"]}
    assert north == {"front", "database", "migrate", "node", "worker"}
    assert south == {f"south-{part}" for part in north - {"front"}}


@EVERY
def test_service_is_not_root_and_writes_only_to_volumes(name: str) -> None:
    service = SERVICES[name]
    assert service["user"] not in {"", "0", "root"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service


@EVERY
def test_only_the_front_has_a_door_to_the_world(name: str) -> None:
    wanted = ["80:8080", "443:8443", "443:8443/udp"] if name == "front" else None
    assert SERVICES[name].get("ports") == wanted


@EVERY
def test_volumes_and_networks_are_declared(name: str) -> None:
    named = {volume.split(":")[0] for volume in SERVICES[name].get("volumes", [])} - {"./deploy"}
    assert named <= COMPOSE["volumes"].keys()
    assert set(SERVICES[name]["networks"]) <= COMPOSE["networks"].keys()


@EVERY
def test_waits_for_what_has_a_health_check_or_ends(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[other]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert SERVICES[other]["command"] == ["migrate"]
        assert SERVICES[other].get("profiles", []) == (
            SERVICES[name].get("profiles", []) if other.startswith("south") else []
        )


@EVERY_OF_OURS
def test_command_exists(name: str) -> None:
    (command,) = OURS[name]["command"]
    assert main.get_command(click.Context(main), command) is not None


@EVERY_OF_OURS
def test_environment_names_are_settings(name: str) -> None:
    settings = {PREFIX + field.name.upper() for field in msgspec.structs.fields(Settings)}
    known = settings | {"DATABASE_URL", "FORWARDED_ALLOW_IPS"}  # the last is uvicorn's
    assert OURS[name]["environment"].keys() <= known


def test_every_setting_of_a_nodes_own_can_be_set_in_env() -> None:
    """What is left out is changed by an override file, as the guide says."""
    settings = {PREFIX + field.name.upper() for field in msgspec.structs.fields(Settings)}
    left_out = {
        PREFIX + name
        for name in (
            *("DATABASE_URL", "DEVELOPMENT", "LOG_LEVEL", "DATABASE_CONNECTIONS"),
            *("POLL_SECONDS", "LEASE_SECONDS", "PLAN_SECONDS", "SMTP_SECONDS"),
            *("REQUEST_BYTES", "REQUESTS_PER_MINUTE"),
            *("PARTNER_REQUESTS_PER_MINUTE", "PARTNER_SEATS_AT_ONCE"),
        )
    }
    for name in OURS:
        assert settings - OURS[name]["environment"].keys() == left_out


@EVERY_OF_OURS
def test_settings_left_empty_are_those_of_a_node_where_nothing_is_set(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in OURS[name]["environment"].items():
        unset = re.sub(r"\$\{\w+(?::-([^}]*)|:\?[^}]*)\}", r"\1", value)
        monkeypatch.setenv(variable, unset)
    told = Settings.from_environment()
    plain = Settings(database_url="")
    for field in ("leave_to", "oidc_issuer", "oidc_name", "smtp_host", "smtp_port", "mail_from"):
        assert getattr(told, field) == getattr(plain, field)


def test_the_image_has_the_databases_own_programs_for_copies() -> None:
    """pg_dump of another version refuses, or writes what the server cannot read."""
    [server] = {SERVICES[name]["image"] for name in ("database", "south-database")}
    assert f"postgresql-client-{server.removeprefix('postgres:')}" in DOCKERFILE


@EVERY_OF_OURS
def test_nodes_share_no_database_keys_or_password(name: str) -> None:
    told = str(OURS[name]["environment"]) + str(OURS[name].get("volumes")) + name
    assert ("SOUTH" in told, "south" in told) == (name.startswith("south"),) * 2
    assert ("NORTH" in told) != name.startswith("south")


@pytest.mark.parametrize("name", ["node", "south-node"])
def test_health_check_asks_an_address_and_port_that_exist(name: str) -> None:
    asked = re.findall(r"http://127\.0\.0\.1:(\d+)(/[a-z/]+)", str(SERVICES[name]["healthcheck"]))
    ((port, path),) = asked
    assert port == SERVICES[name]["environment"]["NETREACH_PORT"]
    assert f"reverse_proxy {name}:{port}" in FRONTS
    app = create_app(Settings(database_url="postgresql+asyncpg://nobody@/nowhere"))
    assert path in {route.path for route in app.routes}


def test_front_knows_its_ports_and_names() -> None:
    inside = [mapping.split(":")[1].split("/")[0] for mapping in SERVICES["front"]["ports"]]
    listens = re.findall(r"https?_port (\d+)", FRONTS)
    assert set(inside) == set(listens)
    assert set(re.findall(r"\{\$(\w+)\}", FRONTS)) <= SERVICES["front"]["environment"].keys()


def test_22_the_front_never_compresses_calendars() -> None:
    assert "@but_calendars not path /calendar/*" in FRONTS
    assert re.findall(r"^\s*encode.*$", FRONTS, re.MULTILINE) == ["\tencode @but_calendars"]


def test_every_variable_is_explained() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (PROJECT / "docker-compose.yml").read_text()))
    explained = (PROJECT / "deploy" / "env.example").read_text()
    assert asked == set(re.findall(r"^#?([A-Z_]+)=", explained, re.MULTILINE))


def test_image_has_every_package_and_runs_as_the_compose_user() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    copied = re.findall(r"^COPY (\w+) (\w+)$", DOCKERFILE, re.MULTILINE)
    assert copied == [(package, package) for package in packages]
    assert project["project"]["scripts"]["netreach-server"] == "api.server.main:main"
    assert "from api.server.main import main" in DOCKERFILE
    assert {service["user"] for service in OURS.values()} == {"10001"}
    assert "--uid 10001" in DOCKERFILE


def test_image_has_the_tested_versions_of_what_the_server_needs() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    needed = {re.split(r"[\[><=;]", wish)[0] for wish in project["project"]["dependencies"]}
    shipped, tested = pins("deploy/requirements.lock"), pins("requirements.lock")
    assert needed <= shipped.keys()
    assert shipped.items() <= tested.items()
