"""The `netreach` command: 0 good, 1 refused or failed with one sentence, 2 wrong usage."""

import io
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import click
import msgspec

from netreach_client import bundles, protocol_files, sign_in, words
from netreach_client.client import Client
from netreach_client.errors import NoAnswerError
from netreach_client.partner_commands import partners
from netreach_client.pool_commands import pools
from netreach_client.structs import Claim
from netreach_client.terminal import (
    Failed,
    Moment,
    PlainGroup,
    connect,
    limited,
    own_up,
    show_json,
    text_of,
)
from netreach_client.wire import Limits

LONGEST_PAUSE = 5.0
TOOLS = ("live-helper-chat", "chatwoot", "zammad", "rocket-chat")


@click.group(cls=PlainGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="netreach-client", prog_name="netreach")
def netreach() -> None:
    """See the shared rota, take and give back seats, read the protocols."""


@netreach.command()
@click.argument("url", envvar="NETREACH_URL")
def login(url: str) -> None:
    """Sign in at the node with this URL; the token is asked for, or read from standard input."""
    if sys.stdin.isatty():
        token = click.prompt("API token", hide_input=True, err=True)
    else:
        token = sys.stdin.readline()
    found = sign_in.SignIn(url.strip(), token.strip())
    with Client(found.url, found.token) as client:
        me = client.me()
    sign_in.keep(found, sign_in.kept_in(os.environ))
    click.echo(f"Signed in: {words.person(me)}.")


@netreach.command()
def logout() -> None:
    """Forget the kept token; to end it everywhere, revoke it at your node."""
    was = sign_in.forget(sign_in.kept_in(os.environ))
    click.echo("The token is forgotten here." if was else "No token was kept here.")


@netreach.command()
@click.option("--pool", help="Slug of one pool; without it, all of yours.")
@click.option("--from", "start", type=Moment(), help="First day or time (included).")
@click.option("--until", type=Moment(), help="Last day or time (excluded).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def shifts(
    pool: str | None, start: datetime | None, until: datetime | None, *, as_json: bool
) -> None:
    """List shifts with their seats."""
    with connect() as client:
        slugs = [pool] if pool else [each.slug for each in client.pools()]
        found = {slug: client.shifts(slug, start=start, until=until) for slug in slugs}
    if as_json:
        items = [
            {"pool": slug, **msgspec.structs.asdict(shift)}
            for slug, listed in found.items()
            for shift in listed
        ]
        show_json({"items": items})
        return
    for slug, listed in found.items():
        click.echo(words.plain(f"{slug}: {len(listed)} shifts"))
        for shift in listed:
            for line in words.shift_lines(shift):
                click.echo(f"  {line}")


@netreach.command()
@click.argument("seat", type=click.UUID)
@click.option("--worker", help="Handle of one of your project's workers, for coordinators.")
@click.option("--key", help="The same key never makes a second claim; without it, a new one.")
@click.option("--wait", is_flag=True, help="Wait until the pool's node has answered.")
@click.option("--patience", type=float, default=300, show_default=True, help="Seconds to wait.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def claim(
    seat: UUID, worker: str | None, key: str | None, *, wait: bool, patience: float, as_json: bool
) -> None:
    """Claim SEAT (its id, as `netreach shifts` lists it)."""
    key = key or str(uuid4())
    with connect() as client:
        try:
            stands = client.claim_seat(seat, worker=worker, key=key)
        except NoAnswerError as error:
            hint = f"Whether the claim was made is unknown; ask again with --key {key}"
            raise Failed([str(error), hint]) from error
        if wait:
            stands = answered(client, stands, patience)
    if as_json:
        show_json(stands)
    if stands.state not in {"held", "requested"} or (wait and stands.state == "requested"):
        raise Failed([words.claim_sentence(stands), *words.reason_lines(stands.reasons)])
    if not as_json:
        click.echo(words.claim_sentence(stands))


def answered(client: Client, claim: Claim, patience: float) -> Claim:
    """Look again, ever more slowly, until the claim is answered or patience ends."""
    until = time.monotonic() + patience
    pause = 0.5
    while claim.state == "requested" and (left := until - time.monotonic()) > 0:
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, LONGEST_PAUSE)
        claim = client.claim(claim.id)
    return claim


@netreach.command()
@click.argument("claim", type=click.UUID)
def release(claim: UUID) -> None:
    """Give back the seat of CLAIM, or withdraw it."""
    with connect() as client:
        client.release_claim(claim)
    click.echo("The seat is given back.")


@netreach.command()
@click.option("--label", default="netreach command", show_default=True, help="Which device it is.")
@click.option("--title", help="What the calendar is called there; nothing telling, by default.")
@click.option("--list", "listed", is_flag=True, help="List the addresses there are.")
@click.option("--revoke", type=click.UUID, help="Stop the address with this id at once.")
def calendar(label: str, title: str | None, revoke: UUID | None, *, listed: bool) -> None:
    """Make an address of your own rota for a phone's calendar, and print it this one time."""
    with connect() as client:
        if revoke:
            client.revoke_calendar(revoke)
            click.echo("That address has stopped.")
        elif listed:
            for each in client.calendars():
                click.echo(words.calendar_line(each))
        else:
            made = client.make_calendar(label, title=title)
            click.echo(words.plain(made.url))
            click.echo(
                "Whoever has this address sees your shifts. It is not shown again;"
                f" to stop it: netreach calendar --revoke {made.id}",
                err=True,
            )


@netreach.command()
def texts() -> None:
    """List the texts that your project writes, and what waits for you."""
    with connect() as client:
        for each in client.texts():
            click.echo(words.text_line(each))


@netreach.group()
def protocols() -> None:
    """Read the protocols of your project."""


@protocols.command("pull")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default="protocols",
    show_default=True,
    help="A new or empty folder, or that of the last pull.",
)
def pull_protocols(out: Path) -> None:
    """Write what is in force to files; what has been withdrawn since the last pull goes."""
    with connect() as client:
        for manifest in protocol_files.pull(client, out):
            click.echo(words.protocol_line(manifest))


@netreach.group()
def answers() -> None:
    """Take canned answers into the chat tool that you have."""


@answers.command("export")
@click.option("--to", "tool", required=True, type=click.Choice(TOOLS), help="Which tool.")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the file here.",
)
@click.option(
    "--holds",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the tool holds now: its own export. Nothing that was edited there is replaced.",
)
@click.option("--ours", multiple=True, help="Replace this entry although it was edited there.")
@click.option(
    "--again",
    is_flag=True,
    help="Without --holds: write over all that went out before, edited or not.",
)
def export_answers(
    tool: str, out: Path, holds: Path | None, ours: tuple[str, ...], *, again: bool
) -> None:
    """Write your project's answers to a file for a tool; what does not fit is told."""
    held = text_of(holds) if holds else None
    with connect() as client:
        report = client.preview_answer_export(tool, holds=held, ours=ours, again=again)
        written = client.export_answers(tool, holds=held, ours=ours, again=again)
    protocol_files.write(out, written)
    for line in words.export_lines(report):
        click.echo(line, err=True)
    count = sum(entry.fate in {"create", "update"} for entry in report.entries)
    click.echo(f"{out}: {count} entries")


@protocols.command("bundle")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option(
    "--kind", type=click.Choice(["protocol", "answer"]), help="Only protocols, or only answers."
)
def bundle_protocols(out: Path, kind: str | None) -> None:
    """Write all releases and recalls of your project's texts into one file, for offline places."""
    found = sign_in.find(os.environ)
    with Client(found.url, found.token, limits=Limits(answer_bytes=bundles.LARGEST)) as client:
        raw = client.bundle(kind)
    verified = bundles.verify(raw, now=datetime.now(UTC))
    protocol_files.write(out, raw)
    for line in words.bundle_lines(verified):
        click.echo(line)


@protocols.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--root", help="Fingerprint of the node's root key, as its people told it to you.")
@click.option(
    "--after",
    "earlier",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A bundle that you had before: an older state, or another history, is refused.",
)
def verify_bundle(file: Path, root: str | None, earlier: Path | None) -> None:
    """Check FILE without network: exit 0 if it is good, 1 with the reason if it is not."""
    before = bundles.read_before(limited(earlier), root=root) if earlier else None
    verified = bundles.verify(limited(file), now=datetime.now(UTC), root=root, earlier=before)
    for line in words.bundle_lines(verified):
        click.echo(line)


netreach.add_command(partners)
netreach.add_command(pools)


def main() -> None:
    """Run the command on a terminal of whatever encoding; nobody is ever shown a traceback."""
    sys.excepthook = own_up
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    netreach(prog_name="netreach")
