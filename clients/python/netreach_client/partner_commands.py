"""`netreach partners`: meet another node, tick what it may see, see what crossed, end it."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click

from netreach_client.partner_structs import (
    Crossed,
    Dispute,
    KindCount,
    Partner,
    ReceivedFeed,
    SentFeed,
)
from netreach_client.terminal import Failed, connect, show_json
from netreach_client.words import plain

ANY_ID: dict[str, Any] = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
"""A node's id may begin with a hyphen, and is no option then, nor is an h in it."""
STATES = {
    "words-to-type": "you act next: call them, read your words out, type those that you hear",
    "waiting-for-them": "they act next: they type the words that you read out",
    "joined": "connected",
    "frozen": "you act next: call them, then say which of two documents is right",
    "ended": "ended",
}
to_node = click.argument("node")
for_programs = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


@click.group()
def partners() -> None:
    """Connect your node with another; for partner administrators."""


@partners.command("list")
@for_programs
def list_partners(*, as_json: bool) -> None:
    """List the nodes that yours has met, with who acts next."""
    with connect() as client:
        found = client.partners()
    if as_json:
        show_json({"items": found})
        return
    for each in found:
        tell(partner_lines(each))


@partners.command("show", context_settings=ANY_ID)
@to_node
@for_programs
def show_partner(node: str, *, as_json: bool) -> None:
    """Show what crossed between your node and NODE, and what is late or wrong."""
    with connect() as client:
        told = client.partner(node)
    if as_json:
        show_json(told)
        return
    tell(crossed_lines(told))


@partners.command()
def invite() -> None:
    """Print a link for one other node; it works once, within 48 hours."""
    with connect() as client:
        click.echo(plain(client.invite_partner().link))
    click.echo("Send it to your partner's administrator and to nobody else.", err=True)


@partners.command()
def accept() -> None:
    """Enter a link that another project sent; it is asked for, or read from standard input."""
    link = asked("Link")
    with connect() as client:
        tell(partner_lines(client.accept_partner(link)))


@partners.command("words", context_settings=ANY_ID)
@to_node
@click.argument("words", nargs=-1, required=True)
def type_words(node: str, words: tuple[str, ...]) -> None:
    """Type the four WORDS that you heard on the telephone from the people of NODE."""
    with connect() as client:
        tell(partner_lines(client.type_words(node, " ".join(words))))


@partners.command(context_settings=ANY_ID)
@to_node
@click.argument("capability")
@click.option("--dry-run", "only_tell", is_flag=True, help="Only tell what NODE would receive.")
def grant(node: str, capability: str, *, only_tell: bool) -> None:
    """Let NODE see one more thing: CAPABILITY is such as shifts:POOL-ID or releases:PROJECT-ID."""
    with connect() as client:
        if not only_tell:
            tell(partner_lines(client.grant(node, capability)))
            return
        would = client.dry_run(node, capability)
    if would.has:
        click.echo("It receives this already.")
    tell(kind_lines(would.kinds))
    click.echo(f"{would.recalls} withdrawals")


@partners.command(context_settings=ANY_ID)
@to_node
@click.argument("capability")
def withdraw(node: str, capability: str) -> None:
    """Take CAPABILITY back from NODE; it holds at once."""
    with connect() as client:
        client.withdraw(node, capability)
    click.echo("It is taken back.")


@partners.command("settle", context_settings=ANY_ID)
@to_node
@click.argument("document", type=click.Choice(["known", "other"]))
def settle(node: str, document: str) -> None:
    """Connect NODE again by the document that its people named on the telephone."""
    with connect() as client:
        tell(partner_lines(client.settle_documents(node, document)))


@partners.command(context_settings=ANY_ID)
@to_node
@click.option(
    "--claims-until",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]),
    help="Give back seats on sessions from then on (UTC); left out, all are kept.",
)
def end(node: str, claims_until: datetime | None) -> None:
    """End working with NODE; its name is asked for, or read from standard input."""
    until = claims_until and claims_until.replace(tzinfo=UTC)
    with connect() as client:
        name = client.partner(node).partner.name
        if asked(f"Type its name, {plain(name)}").split() != name.split():
            raise Failed(["That is not its name. Nothing was ended."])
        client.end_partner(node, until)
    click.echo("It is ended.")


def asked(what: str) -> str:
    """Ask for what must not stand in the shell's history, or in the list of processes."""
    typed = click.prompt(what, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    return str(typed).strip()


def tell(lines: Iterator[str]) -> None:
    """Print lines that a node has a part in."""
    for line in lines:
        click.echo(plain(line))


def partner_lines(partner: Partner) -> Iterator[str]:
    """Describe a partner: who it is, who acts next, what each lets the other see."""
    yield f"{partner.node}  {partner.name}, {partner.base_url}"
    yield f"  {STATES.get(partner.state, partner.state)}"
    if partner.words:
        yield f"  your words: {' '.join(partner.words)}"
    for direction, granted in (("we grant", partner.we_grant), ("they grant", partner.they_grant)):
        if granted:
            yield f"  {direction}: {', '.join(granted)}"


def kind_lines(counts: list[KindCount]) -> Iterator[str]:
    """Count messages by kind."""
    for one in counts:
        yield f"    {one.events} {one.kind}, last {one.last:%Y-%m-%d %H:%M} UTC"


def dispute_lines(dispute: Dispute) -> Iterator[str]:
    """Set two documents that do not fit together side by side."""
    yield f"  {dispute.text} ({dispute.code})"
    for name, shown in (("known", dispute.known), ("other", dispute.other)):
        yield f"  {name}: number {shown.version}, {shown.base_url}"
        for role, fingerprint in shown.keys.items():
            yield f"    {role} {fingerprint}"


def crossed_lines(told: Crossed) -> Iterator[str]:
    """Tell what crossed, feed by feed, in both directions."""
    yield from partner_lines(told.partner)
    if told.dispute:
        yield from dispute_lines(told.dispute)
    if told.attempts:
        yield f"  not reached, {told.attempts} times in a row"
    for sent in told.sent:
        yield from _sent_lines(sent)
    for received in told.received:
        yield from _received_lines(received)


def _sent_lines(sent: SentFeed) -> Iterator[str]:
    closed = "" if sent.open else ", closed now"
    yield f"  sent {sent.feed} {sent.name}".rstrip() + f": {sent.waiting} not confirmed{closed}"
    if sent.recalls_unconfirmed:
        yield f"    withdrawals not confirmed ({sent.recalls_unconfirmed} in all)"
    if sent.erasures_unconfirmed:
        yield f"    erasures not confirmed ({sent.erasures_unconfirmed})"
    yield from kind_lines(sent.confirmed)


def _received_lines(received: ReceivedFeed) -> Iterator[str]:
    yield (
        f"  received {received.feed} {received.name}".rstrip()
        + f": {received.read} read, {received.behind} still to read"
    )
    if received.trouble:
        yield f"    not read now ({received.trouble}). {received.would_help}"
    if received.recalls_unread:
        yield "    withdrawals not read"
    for aside in received.set_aside:
        why = "kept until it can be read" if aside.kept else "refused"
        code = f" ({aside.code})" if aside.code else ""
        yield f"    set aside: {aside.events} {aside.kind}, {why}{code}"
