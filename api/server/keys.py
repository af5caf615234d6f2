"""`netreach-server keys`: make this node's keys, or show by what partners recognise it."""

import click

from api.notices.keys import NoticeKeys
from api.peers.own_node import open_node
from api.server.stopping import stop
from api.settings import Settings, SettingsError
from federation.errors import Refusal
from federation.partners.keys import NodeKeys


@click.group("keys")
def keys() -> None:
    """Make this node's keys, or show by what partners recognise it."""


@keys.command("init")
@click.option("--if-missing", is_flag=True, help="Say nothing and change nothing if they exist.")
def init(*, if_missing: bool) -> None:
    """Make the keys of a new node. Keep a copy of root.json on paper or a stick, offline."""
    settings = _settings()
    if if_missing and (settings.keys / "node-id").exists():
        return
    try:
        NodeKeys.create(settings.keys)
        NoticeKeys.open(settings.keys)
        _show(settings)
    except Refusal as refusal:
        stop(refusal.sentence)
    except OSError as error:
        stop(f"Cannot write to {settings.keys}: {error.strerror}. Set NETREACH_KEYS to a folder.")


@keys.command("show")
def show() -> None:
    """Show the node's id and the fingerprint of its root key, to compare with partners."""
    try:
        _show(_settings())
    except Refusal as refusal:
        stop(refusal.sentence)
    except OSError as error:
        stop(f"Cannot read the keys: {error.strerror}. Check NETREACH_KEYS.")


def _show(settings: Settings) -> None:
    node = open_node(settings)
    click.echo(f"node:             {node.node_id}")
    click.echo(f"root fingerprint: {node.keys.root_fingerprint()}")
    click.echo(f"address:          {node.base_url}")


def _settings() -> Settings:
    try:
        return Settings.from_environment()
    except SettingsError as error:
        stop(str(error))
