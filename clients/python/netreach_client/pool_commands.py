"""`netreach pools`: which node plans a pool, and its way to another one."""

from collections.abc import Iterator

import click

from netreach_client.hosting_structs import Hosting
from netreach_client.partner_commands import ANY_ID, asked, tell, to_node
from netreach_client.terminal import connect, show_json

STATES = {
    "offered": "offered, they act next",
    "asked": "offered to your node, you act next: accept it, or keep it where it is",
    "accepted": "accepted here, it comes as soon as its host hears of it",
    "taking": "taken over as soon as enough others agree, they act next; lost is",
    "to-agree": "its host is silent, you act next: call its people, then agree; it would go to",
    "agreed": "agreed here, others act next; it would go to",
}
the_pool = click.argument("pool")


@click.group()
def pools() -> None:
    """Say which node plans a pool, and hand it over; for partner administrators."""


@pools.command("hosts")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def hosts(*, as_json: bool) -> None:
    """List your project's pools, with the node that plans each, and who acts next."""
    with connect() as client:
        found = client.hosts()
    if as_json:
        show_json({"items": found})
        return
    for each in found:
        tell(hosting_lines(each))


@pools.command("hand-over", context_settings=ANY_ID)
@the_pool
@to_node
def hand_over(pool: str, node: str) -> None:
    """Offer POOL, which your node plans, to NODE; nothing changes until somebody there accepts."""
    _take(pool, "hand-over", node, typed=_typed(pool))


@pools.command("accept")
@the_pool
def accept(pool: str) -> None:
    """Agree that your node plans POOL from now on, which its host has offered."""
    _take(pool, "accept", typed=_typed(pool))


@pools.command("keep")
@the_pool
def keep(pool: str) -> None:
    """Take back what was begun with POOL, or decline it."""
    _take(pool, "keep")


@pools.command("deputy", context_settings=ANY_ID)
@the_pool
@click.argument("node", default="")
def deputy(pool: str, node: str) -> None:
    """Name NODE as the one that plans POOL if your node is lost; without NODE nobody does."""
    _take(pool, "deputy", node)


@pools.command("take-over")
@the_pool
def take_over(pool: str) -> None:
    """Plan POOL from now on, as the deputy of a node that was silent for 24 hours."""
    _take(pool, "take-over", typed=_typed(pool))


@pools.command("agree")
@the_pool
def agree(pool: str) -> None:
    """Agree that the node that plans POOL is lost, and its deputy plans it from now on."""
    _take(pool, "agree", typed=_typed(pool))


@pools.command("go-on-without", context_settings=ANY_ID)
@the_pool
@to_node
def go_on_without(pool: str, node: str) -> None:
    """Wait no longer for NODE to say who has which seat in POOL, which was taken over."""
    _take(pool, "go-on-without", node, typed=_typed(pool))


@pools.command("settle")
@the_pool
@click.argument("document", type=click.Choice(["known", "other"]))
def settle(pool: str, document: str) -> None:
    """Say after a call which of two documents names the host of POOL: the known or the other."""
    _take(pool, f"settle-{document}", typed=_typed(pool))


def _typed(pool: str) -> str:
    """Ask for the pool's name, which the node compares: others decide about its seats then."""
    return asked(f"Type {pool} to go on")


def _take(pool: str, step: str, node: str = "", *, typed: str = "") -> None:
    with connect() as client:
        tell(hosting_lines(client.step(pool, step, node=node, typed=typed)))


def hosting_lines(one: Hosting) -> Iterator[str]:
    """Describe a pool: which node plans it, what is under way, for whom it waits."""
    host = f"{one.host.name} ({one.host.node})" if one.host else "your node"
    yield f"{one.pool}  {one.name}, planned by {host}, term {one.term}"
    if one.state is not None:
        other = f": {one.other.name}" if one.other else ""
        yield f"  {STATES.get(one.state, one.state)}{other}"
    if one.deputy is not None:
        yield f"  deputy: {one.deputy}"
    if one.disputed is not None:
        yield f"  you act next: call them; by another signed document its host is {one.disputed}"
    for each in one.waits:
        yield f"  waits for {each.name} ({each.node})"
    for each in one.partners:
        yield f"  takes part: {each.name} ({each.node})"
