"""`netreach-server keys`: make this node's keys, keep the root on paper, replace what is old."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click
from sqlalchemy.ext.asyncio import AsyncEngine

from api.notices.keys import NoticeKeys
from api.peers.own_node import open_node
from api.server.by_hand import by_hand
from api.server.recovery_sheet import recovery_sheet
from api.server.stopping import stop
from api.settings import Settings, SettingsError
from database.session import door
from federation.errors import Refusal
from federation.partners import key_changes
from federation.partners.documents.queries import newest_document
from federation.partners.key_changes import Found
from federation.partners.keys import ROOT, NodeKeys
from federation.partners.rules.document import LOST, ROLES, Role, contents
from federation.partners.rules.signatures import thumbprint

RESTART = "Restart serve and work now; partners are told by themselves."
Done = TypeVar("Done")


@click.group("keys")
def keys() -> None:
    """Make this node's keys, keep the root on paper, replace one, or find back after a loss."""


@keys.command("init")
@click.option("--if-missing", is_flag=True, help="Say nothing and change nothing if they exist.")
def init(*, if_missing: bool) -> None:
    """Make the keys of a new node. Print the recovery sheet next: netreach-server keys sheet."""
    settings = _settings()
    if if_missing and (settings.keys / "node-id").exists():
        return

    def made() -> None:
        NodeKeys.create(settings.keys)
        NoticeKeys.open(settings.keys)
        _show(settings)

    _done(settings, made)


@keys.command("show")
def show() -> None:
    """Show the node's id, document and fingerprints, to compare with partners."""
    settings = _settings()
    _done(settings, lambda: _show(settings))


@keys.command("sheet")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
def sheet(file: Path) -> None:
    """Write the recovery sheet to FILE, a page to print. Only you may read it; delete it then.

    A dash prints it, for a container whose files nobody can open.
    """
    settings = _settings()
    text = _done(settings, lambda: _sheet(settings))
    if str(file) == "-":
        click.echo(text, nl=False)
        return
    try:
        # readable by nobody else from its first byte, and never over another file
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as page:
            page.write(text)
    except FileExistsError:
        stop(f"{file} is there already. It is never written over.")
    except OSError as error:
        stop(f"Cannot write {file}: {error.strerror}. A dash in its place prints the sheet.")
    click.echo(f"Written to {file}. Open it in a browser, print it twice, and delete it.")


def _sheet(settings: Settings) -> str:
    node = open_node(settings)
    root = node.keys.by_role.get(ROOT)
    if root is None:
        stop("The root key is on paper only. Copy that sheet.")
    return recovery_sheet(node, root, datetime.now(UTC).date())


@keys.command("offline")
def offline() -> None:
    """Take the root key off this machine, once you have typed the words of the printed sheet."""
    settings = _settings()

    def taken() -> None:
        open_node(settings)
        key_changes.take_root_offline(NodeKeys.load(settings.keys), _words())

    _done(settings, taken)
    click.echo("The root key is on paper only now. Remove it from copies of the folder as well.")


@keys.command("renew")
@click.argument("role", type=click.Choice(ROLES))
@click.option(
    "--lost", is_flag=True, help="Somebody else may have it: nothing that it signed counts."
)
def renew(role: Role, *, lost: bool) -> None:
    """Put a new key in the place of the one in force. A new root key needs a new sheet."""
    settings = _settings()

    def renewed() -> None:
        open_node(settings)
        because, today = (LOST if lost else "replaced"), datetime.now(UTC).date()
        key_changes.renew(_with_root(settings), role, because, today)

    _done(settings, renewed)
    click.echo(f"There is a new {role} key. {RESTART}")
    if role == ROOT:
        click.echo("The old recovery sheet is void. Print the new one: netreach-server keys sheet")


@keys.command("sign")
def sign() -> None:
    """Sign this node's name and address again, where they have changed and the root is on paper."""
    settings = _settings()
    _done(
        settings,
        lambda: _with_root(settings).document(name=settings.node_name, base_url=settings.base_url),
    )
    click.echo(f"Signed. {RESTART}")


@keys.command("recover")
@click.option("--node", help="The node's id on the sheet, where no backup is at hand.")
def recover(node: str | None) -> None:
    """Set this node up again from its recovery sheet, once `restore` has put a backup in place."""
    settings = _settings()
    text = by_hand(_newest_document)
    found = Found(node_id=node, document=contents(text) if text else None)

    def found_back() -> None:
        key_changes.recover(
            settings.keys,
            _words(),
            found=found,
            name=settings.node_name,
            base_url=settings.base_url,
            now=datetime.now(UTC),
        )
        NoticeKeys.open(settings.keys)
        _show(settings)

    _done(settings, found_back)
    if text is None:
        click.echo(
            "No earlier document of this node was found: receipts of before will not be believed."
        )
    click.echo(f"All keys but the root are new. {RESTART}")


async def _newest_document(engine: AsyncEngine, _settings: Settings, _now: datetime) -> str | None:
    async with door(engine) as session:
        return await newest_document(session)


def _with_root(settings: Settings) -> NodeKeys:
    """Load the keys, with the root from its sheet where it is not on this machine."""
    keys = NodeKeys.load(settings.keys)
    return keys if ROOT in keys.by_role else key_changes.with_words(keys, _words())


def _words() -> str:
    """Ask for the words of the sheet; as arguments they would stand in the shell's history."""
    words: str = click.prompt("The 24 words of the recovery sheet", hide_input=True, err=True)
    return words


def _done(settings: Settings, work: Callable[[], Done]) -> Done:
    try:
        return work()
    except Refusal as refusal:
        stop(refusal.sentence)
    except FileExistsError as error:
        stop(f"{error.filename} is there already. It is never written over.")
    except OSError as error:
        stop(
            f"Cannot use {settings.keys}: {error.strerror}. Set NETREACH_KEYS to the keys' folder."
        )


def _show(settings: Settings) -> None:
    node = open_node(settings)
    where = "on this machine" if ROOT in node.keys.by_role else "on paper only"
    click.echo(f"node:             {node.node_id}")
    click.echo(f"root fingerprint: {node.keys.root_fingerprint()}")
    click.echo(f"root key:         {where}")
    click.echo(f"address:          {node.base_url}")
    document = contents(node.document)
    click.echo(f"document:         number {document.version}")
    for role, keys in document.keys_by_role().items():
        if role != ROOT:
            click.echo(f"{role + ':':<18}{', '.join(map(thumbprint, keys))}")


def _settings() -> Settings:
    try:
        return Settings.from_environment()
    except SettingsError as error:
        stop(str(error))
