"""What `netreach-server partners` prints of a partner."""

from collections.abc import Iterator

import click

from federation.partners.documents.rules import KNOWN, OTHER, Dispute
from federation.partners.models import Partner
from federation.partners.rules.handshake import FROZEN, JOINED, WAITING_FOR_THEM, WORDS_TO_TYPE

NEXT = {
    WORDS_TO_TYPE: "you act next: read these words to them, type theirs:",
    WAITING_FOR_THEM: "they act next: they type the words that you read to them",
    JOINED: "joined",
    FROZEN: "you act next: call them, then choose one of two documents with settle",
}


def show(partner: Partner) -> None:
    """Print one partner; what it calls itself is printed without control characters."""
    click.echo(f"{partner.node_id}  {printable(partner.name)}, {partner.base_url}")
    says = NEXT.get(partner.state, partner.state)
    typed = " ".join(partner.words) if partner.state == WORDS_TO_TYPE else ""
    click.echo(f"  {says} {typed}".rstrip())
    for direction, named in (
        ("we grant", partner.we_grant),
        ("we withhold", partner.withheld),
        ("they grant", partner.they_grant),
        ("they withhold", partner.they_withhold),
    ):
        if named:
            click.echo(f"  {direction}: {printable(', '.join(named))}")


def dispute_lines(dispute: Dispute) -> Iterator[str]:
    """Set two documents that do not fit together side by side."""
    yield f"  {dispute.code}: {dispute.sentence}"
    for name, shown in ((KNOWN, dispute.known), (OTHER, dispute.other)):
        yield f"  {name}: number {shown.version}, {shown.base_url}"
        for role, fingerprint in shown.keys.items():
            yield f"    {role} {fingerprint}"


def printable(theirs: str) -> str:
    """Leave out what would do something to a terminal."""
    return "".join(letter for letter in theirs if letter.isprintable())
