from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from netreach_client.cli import netreach

Run = Callable[..., Result]
TOKEN = "a-token-of-the-tests"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the command as a fresh user, signed in at `at` by the environment where given."""

    def run(*words: str, at: str | None = None, token: str = TOKEN, typed: str = "") -> Result:
        environment = {
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "NETREACH_URL": at,
            "NETREACH_TOKEN": token if at else None,
        }
        return CliRunner().invoke(netreach, list(words), input=typed, env=environment)

    return run
