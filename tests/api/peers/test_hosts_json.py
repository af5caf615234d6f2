"""Who plans a pool, in JSON and with `netreach pools`: each step, and who is refused."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from dataclasses import dataclass
from typing import Any

import pytest

from tests.api.peers.handing import silent, with_west
from tests.api.peers.host_desks import ADMINISTRATOR, somebody
from tests.api.peers.nodes import RunningNode
from tests.api.peers.pool_of_two import PoolOfTwo, pool_of_two, pull_now
from tests.api.peers.test_partners_json import Program, token_of

Pair = tuple[RunningNode, RunningNode]
TYPED = {"typed": "Evening chat"}
NOTHING: dict[str, Any] = {
    "state": None,
    "other": None,
    "deputy": None,
    "waits": [],
    "disputed": None,
}


@pytest.fixture
async def shared(two_nodes: Pair) -> PoolOfTwo:
    return await pool_of_two(two_nodes)


async def token(shared: PoolOfTwo, node: RunningNode, role: str, *scopes: str) -> str:
    asker = shared.pool.coordinator if node is shared.north else shared.coordinator
    return await token_of(node, await somebody(node, asker.project_id, role), *scopes)


async def program(
    shared: PoolOfTwo, node: RunningNode, role: str = ADMINISTRATOR, *scopes: str
) -> Program:
    return Program(node, await token(shared, node, role, *scopes), "/api/v1/hosts")


async def test_a_pool_is_handed_over_by_programs(shared: PoolOfTwo) -> None:
    north, south = await program(shared, shared.north), await program(shared, shared.south)
    slug = shared.pool.slug
    here, there = (
        {"node": shared.north.id, "name": "North"},
        {"node": shared.south.id, "name": "South"},
    )
    pool = {"pool": slug, "name": "Evening chat", "term": 1, **NOTHING}
    at_north, at_south = {"host": None, "partners": [there]}, {"host": here, "partners": [here]}
    assert (await north.ask("GET")).json() == {"items": [pool | at_north], "next": None}
    named_by_north = {"node": shared.south.id, **TYPED}
    offered = await north.ask("POST", f"/{slug}/hand-over", named_by_north)
    under_way = {"state": "offered", "other": there}
    assert (offered.status_code, offered.json()) == (200, pool | at_north | under_way)
    await shared.exchange()
    declined = await south.ask("POST", f"/{slug}/keep", {})
    assert declined.json() == pool | at_south
    await shared.exchange()
    await north.ask("POST", f"/{slug}/hand-over", named_by_north)
    await shared.exchange()
    accepted = await south.ask("POST", f"/{slug}/accept", {"typed": slug})
    assert accepted.json() == pool | at_south | {"state": "accepted", "other": here}
    await shared.exchange()
    assert (await north.ask("GET")).json()["items"] == [
        pool | {"host": there, "partners": [there], "term": 2}
    ]
    assert (await south.ask("GET")).json()["items"] == [
        pool | {"host": None, "partners": [here], "term": 2}
    ]


async def test_a_lost_host_in_json(shared: PoolOfTwo, west: RunningNode) -> None:
    north, south = await program(shared, shared.north), await program(shared, shared.south)
    slug = shared.pool.slug
    western, _finch = await with_west(shared, west)
    person = await somebody(west, western.project_id, ADMINISTRATOR)
    there = Program(west, await token_of(west, person), "/api/v1/hosts")
    deputy = await north.ask("POST", f"/{slug}/deputy", {"node": shared.south.id})
    assert deputy.json()["deputy"] == shared.south.id
    for node in (shared.south, west):
        await pull_now(node, shared.north)
    early = await south.ask("POST", f"/{slug}/take-over", TYPED)
    assert (early.status_code, early.json()["code"]) == (409, "host-was-heard")
    await silent(shared.north, shared.south, west)
    taking = await south.ask("POST", f"/{slug}/take-over", TYPED)
    assert taking.json()["state"] == "taking"
    await pull_now(west, shared.south)
    assert (await there.ask("POST", f"/{slug}/agree", TYPED)).json()["state"] == "agreed"
    await pull_now(shared.south, west)
    [taken] = (await south.ask("GET")).json()["items"]
    assert (taken["host"], taken["term"]) == (None, 2)
    assert taken["waits"] == [{"node": west.id, "name": "West"}]
    alone = await south.ask("POST", f"/{slug}/go-on-without", {"node": west.id, **TYPED})
    assert (alone.status_code, alone.json()["waits"]) == (200, [])
    nobody = await south.ask("POST", f"/{slug}/go-on-without", {"node": west.id, **TYPED})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "not-waited-for")


async def test_who_may_not_is_refused_and_nothing_changes(shared: PoolOfTwo) -> None:
    slug = shared.pool.slug
    body = {"node": shared.south.id, **TYPED}
    reads = await program(shared, shared.north, "coordinator")
    only_reads = await program(shared, shared.north, ADMINISTRATOR, "read")
    nobody = await program(shared, shared.north, "worker")
    may = await program(shared, shared.north)
    before = (await may.ask("GET")).json()
    assert (await reads.ask("GET")).json() == before
    hidden = await nobody.ask("GET")
    assert (hidden.status_code, slug in hidden.text) == (403, False)
    for step in (
        "hand-over",
        "accept",
        "keep",
        "deputy",
        "take-over",
        "agree",
        "go-on-without",
        "settle-known",
        "settle-other",
    ):
        for each in (reads, only_reads, nobody):
            assert (await each.ask("POST", f"/{slug}/{step}", body)).status_code == 403
    for path, said, status, code in (
        (f"/{slug}/hand-over", {"node": shared.south.id}, 422, "other-name-typed"),
        (f"/{slug}/hand-over", {**body, "typed": "Evening"}, 422, "other-name-typed"),
        (f"/{slug}/hand-over", {**body, "node": "B" * 43}, 422, "no-member-node"),
        (f"/{slug}/accept", TYPED, 409, "nothing-offered"),
        (f"/{slug}/settle-known", TYPED, 409, "nothing-disputed"),
        (f"/{slug}/settle-other", TYPED, 409, "nothing-disputed"),
        ("/another-pool/accept", TYPED, 404, "not-found"),
        (f"/{slug}/accept", {**TYPED, "soon": True}, 400, "unknown-field"),
        (f"/{slug}/give-away", body, 400, "wrong-type"),
    ):
        refused = await may.ask("POST", path, said)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert (await may.ask("GET")).json() == before


@dataclass(frozen=True)
class Terminal:
    """Somebody's `netreach pools` at one node."""

    node: RunningNode
    token: str

    async def run(self, *words: str, typed: str = "") -> tuple[int | None, list[str], list[str]]:
        at = {"NETREACH_URL": self.node.settings.base_url, "NETREACH_TOKEN": self.token}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "netreach_client", "pools", *words),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=at,
        )
        out, err = await process.communicate(f"{typed}\n".encode())
        return process.returncode, out.decode().splitlines(), err.decode().splitlines()

    async def says(self, *words: str, typed: str = "") -> list[str]:
        code, out, err = await self.run(*words, typed=typed)
        assert (code, err) == (0, [])
        return out


async def test_a_pool_is_handed_over_with_the_client(shared: PoolOfTwo) -> None:
    north = Terminal(shared.north, await token(shared, shared.north, ADMINISTRATOR))
    south = Terminal(shared.south, await token(shared, shared.south, ADMINISTRATOR))
    slug, south_id = shared.pool.slug, shared.south.id
    here = f"{slug}  Evening chat, planned by your node, term 1"
    member, other = f"  takes part: South ({south_id})", f"  takes part: North ({shared.north.id})"
    deputy = await north.says("deputy", slug, south_id)
    assert deputy == [here, f"  deputy: {south_id}", member]
    assert await north.says("deputy", slug) == [here, member]
    wrong, nothing, said = await north.run("hand-over", slug, south_id, typed="another")
    assert (wrong, nothing) == (1, [])
    assert said == ["That is not the pool's name. Nothing was changed. Type it as it is shown."]
    offered = [here, "  offered, they act next: South", member]
    assert await north.says("hand-over", slug, south_id, typed=slug) == offered
    assert await north.says("keep", slug) == [here, member]
    assert await north.says("hand-over", slug, south_id, typed=slug) == offered
    await shared.exchange()
    assert await south.says("accept", slug, typed=slug) == [
        f"{slug}  Evening chat, planned by North ({shared.north.id}), term 1",
        "  accepted here, it comes as soon as its host hears of it: North",
        other,
    ]
    await shared.exchange()
    taken = f"{slug}  Evening chat, planned by your node, term 2"
    assert await south.says("hosts") == [taken, other]
    told = json.loads("".join(await south.says("hosts", "--json")))
    assert [one["term"] for one in told["items"]] == [2]
    for words, refused in (
        (("take-over", slug), "has not named yours"),
        (("agree", slug), "Nobody offers this pool"),
        (("go-on-without", slug, shared.north.id), "does not wait for that partner"),
    ):
        code, out, [sentence] = await south.run(*words, typed=slug)
        assert (code, out, refused in sentence) == (1, [], True)
