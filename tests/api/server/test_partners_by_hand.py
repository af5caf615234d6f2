"""Two nodes join by an operator's commands alone, over a real socket."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from database.session import door
from federation.errors import NotFound
from federation.feeds.actions import append
from federation.feeds.models import SetAsideEvent
from federation.partners.errors import NothingToSettle, OtherDocument, WordsDiffer
from tests.api.peers.nodes import RunningNode, add_shared_pool, clock, join, running
from tests.api.peers.test_documents_that_do_not_fit import ELSEWHERE, bring, of_a_thief
from tests.api.peers.test_pulling_feeds import note_in, pull_now, say
from tests.api.server.by_hand_node import add_person, add_project, at_node, environment_of, said
from tests.conftest import own_name
from tests.postgres import copy_of

SEVERAL = "There are several partner administrators; say for whom with --as:"


@dataclass
class Kept:
    """A running node, the environment of its keeper, and its partner administrator."""

    node: RunningNode
    environment: dict[str, str]
    person: str = ""

    async def run(self, *words: str, typed: str = "") -> str:
        return await said(self.environment, "partners", *words, typed=typed)

    async def refusal(self, *words: str, typed: str = "") -> tuple[int, str]:
        answer = await at_node(self.environment, "partners", *words, typed=typed)
        assert answer.stdout == ""
        return answer.exit_code, answer.stderr


@pytest.fixture
async def kept(server_url: str, template: str, tmp_path: Path) -> AsyncIterator[tuple[Kept, Kept]]:
    async with (
        AsyncExitStack() as quiet,
        copy_of(server_url, template, own_name(template)) as north_url,
        copy_of(server_url, template, own_name(template)) as south_url,
        running(north_url, tmp_path / "north", "North") as north,
        running(south_url, tmp_path / "south", "South") as south,
    ):
        # the nodes' logs must not end up in what the commands print
        quiet.enter_context(capture_logs())
        both = tuple(
            Kept(
                node,
                environment_of(url, node.settings.keys, node.settings.base_url)
                | {"NETREACH_NODE_NAME": node.settings.node_name},
            )
            for node, url in ((north, north_url), (south, south_url))
        )
        for each in both:
            await add_project(each.environment)
            each.person = await add_person(each.environment, "Ines", "partner-administrator")
        yield both[0], both[1]


async def test_invite_accept_words_grant_withdraw_end(kept: tuple[Kept, Kept]) -> None:
    north, south = kept
    link = await north.run("invite")
    met = await south.run("accept", typed=f"{link}\n")
    words = (await south.node.partner(north.node)).words
    assert met.splitlines() == [
        f"{north.node.id}  North, {north.node.settings.base_url}",
        f"  you act next: read these words to them, type theirs: {' '.join(words)}",
    ]
    assert await north.run("list") == (
        f"{south.node.id}  South, {south.node.settings.base_url}\n"
        f"  you act next: read these words to them, type theirs: {' '.join(words)}"
    )
    assert "they act next" in await north.run("words", south.node.id, *words)
    assert "they act next" in await south.run("words", north.node.id, " ".join(words))
    await north.node.loop.work_off()
    await south.node.loop.work_off()
    async with door(north.node.engine) as session:
        pool = await add_shared_pool(session, member=None)
    await north.run("grant", south.node.id, "--pool", pool.slug)
    named = f"{south.node.id}  South, {south.node.settings.base_url}\n  joined"
    assert await north.run("list") == f"{named}\n  we grant: shifts:{pool.id}"
    await north.run("withdraw", south.node.id, "--pool", pool.slug)
    assert await north.run("list") == f"{named}\n  we withhold: shifts:{pool.id}"
    await north.run("grant", south.node.id, "--pool", pool.slug, "--what", "claim")
    assert await north.run("list") == (
        f"{named}\n  we grant: claim:{pool.id}\n  we withhold: shifts:{pool.id}"
    )
    await north.run("end", south.node.id)
    assert await north.run("list") == named.replace("joined", "ended")


async def test_refusals_are_one_sentence(kept: tuple[Kept, Kept]) -> None:
    north, south = kept
    link = await north.run("invite")
    assert await north.refusal("accept", typed=f"{link}\n") == (
        1,
        "This link was made by your own node. Send it to the other project.\n",
    )
    assert await south.refusal("accept", typed="not a link\n") == (
        1,
        "This link is not one that the other project made. Ask them to send a new one.\n",
    )
    await south.run("accept", typed=f"{link}\n")
    assert await south.refusal("words", north.node.id, "four", "words", "misheard", "here") == (
        1,
        f"{WordsDiffer.title}\n",
    )
    assert await south.refusal("grant", north.node.id, "--pool", "nowhere") == (
        1,
        "This node has no pool or project of its own named nowhere.\n",
    )
    code, says = await south.refusal("grant", north.node.id)
    assert (code, says.splitlines()[-1]) == (2, "Error: Name either --pool or --project.")
    wrong = ("grant", north.node.id, "--project", "nowhere", "--what", "claim")
    code, says = await south.refusal(*wrong)
    assert (code, says.splitlines()[-1]) == (2, "Error: claim goes with --pool.")


@pytest.mark.parametrize("node", ["-gSgO57vtcah", "--SgO57vtcah"])
async def test_an_id_may_begin_with_a_hyphen(kept: tuple[Kept, Kept], node: str) -> None:
    north, _ = kept
    nobody = (1, f"{NotFound.title}\n")
    assert await north.refusal("words", node, "one", "two", "three", "four") == nobody
    assert await north.refusal("end", node) == nobody


async def test_who_acts_must_be_a_partner_administrator(kept: tuple[Kept, Kept]) -> None:
    north, _ = kept
    worker = await add_person(north.environment, "Olu", "worker", "coordinator")
    refused = (1, "Your roles do not allow this. Your coordinator can help.\n")
    assert await north.refusal("invite", "--as", worker) == refused
    second = await add_person(north.environment, "Ada", "partner-administrator")
    assert await north.refusal("invite") == (
        1,
        f"{SEVERAL} {north.person}, {second}\n",
    )
    assert (await north.run("invite", "--as", second)).startswith(north.node.settings.base_url)


async def test_what_was_set_aside_is_seen_and_forgotten(kept: tuple[Kept, Kept]) -> None:
    north, south = (each.node for each in kept)
    await join(north, south)
    south.apply["greeting"] = note_in("greeting")
    await say(north, south, {"bad": "refused"})
    async with door(north.engine) as session:
        await append(session, "private", south.id, "new\x1bty", {}, now=clock())
    await pull_now(south, north)
    async with door(south.engine) as session:
        at = await session.scalar(select(func.max(SetAsideEvent.at)))
    assert at is not None
    refused = f"1 greeting, refused (refused), latest {at:%F %R}"
    waits = f"1 newty, waits, latest {at:%F %R}"

    looks = ("set-aside", north.id)
    assert await kept[1].run(*looks) == f"{refused}\n{waits}"
    assert await kept[1].run(*looks, "--forget") == waits
    assert await kept[1].run(*looks, "--forget", "--waiting") == ""
    code, says = await kept[1].refusal(*looks, "--waiting")
    assert (code, says.splitlines()[-1]) == (2, "Error: --waiting says what else to --forget.")


async def test_two_documents_are_shown_and_settled(kept: tuple[Kept, Kept]) -> None:
    north, south = (each.node for each in kept)
    await join(north, south)
    assert await bring(south, of_a_thief(north)) == 204
    known = [f"    {role} {key.thumbprint()}" for role, key in north.node.keys.by_role.items()]
    shown = await kept[1].run("settle", north.id)
    assert shown.splitlines() == [
        f"{north.id}  North, {north.settings.base_url}",
        "  you act next: call them, then choose one of two documents with settle",
        f"  document-differs: {OtherDocument.title}",
        f"  known: number 1, {north.settings.base_url}",
        *known,
        f"  other: number 1, {ELSEWHERE}",
        *known,
    ]
    assert await kept[1].run("settle", north.id, "--document", "other") == (
        f"{north.id}  North, {ELSEWHERE}\n"
        "  they act next: they type the words that you read to them"
    )
    again = ("settle", north.id, "--document", "other")
    assert await kept[1].refusal(*again) == (1, f"{NothingToSettle.title}\n")
