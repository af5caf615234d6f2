"""The units for systemd start commands that exist, from where the guide installs them."""

import configparser
import re
from pathlib import Path

import click
import pytest

from api.server.main import main

PROJECT = Path(__file__).parents[2]
GUIDE = (PROJECT / "docs" / "guides" / "operators.md").read_text()
UNITS = sorted((PROJECT / "deploy" / "systemd").glob("*.service"))


def test_a_node_has_its_two_processes() -> None:
    assert [unit.name for unit in UNITS] == ["netreach-serve.service", "netreach-work.service"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_starts_what_the_guide_installs(unit: Path) -> None:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.read_string(unit.read_text())
    service = read["Service"]
    program, command = service["ExecStart"].split()
    assert main.get_command(click.Context(main), command) is not None
    assert unit.stem == f"netreach-{command}"
    installed = re.findall(r"^    sudo python3 -m venv (\S+)$", GUIDE, re.MULTILINE)
    assert installed == [program.removesuffix("/bin/netreach-server")]
    assert f"--system {service['User']}\n" in GUIDE
    assert service["EnvironmentFile"] in GUIDE
    assert f"NETREACH_KEYS=/var/lib/{service['StateDirectory']}/keys\n" in GUIDE
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "yes")
