"""Partners in JSON, over two real nodes: who may, what is told, and what is refused."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import pytest
from httpx2 import AsyncClient, Response

from api.parts import current_time
from database.session import door
from federation.access.actions import make_api_token
from federation.feeds.actions import append
from federation.people.rules import OPERATOR
from tests.api.peers.desk import add_somebody, own_pool
from tests.api.peers.nodes import RunningNode, clock
from tests.api.peers.test_pulling_feeds import pull_now

Pair = tuple[RunningNode, RunningNode]
HERE = "/api/v1/partners"


class Program:
    """Calls one node's JSON with somebody's token."""

    def __init__(self, node: RunningNode, token: str, here: str = HERE) -> None:
        self.node, self.token, self.here = node, token, here

    async def ask(self, method: str, path: str = "", body: Any = None) -> Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        # some steps do a lot, on machines that are busy
        async with AsyncClient(
            base_url=self.node.settings.base_url, headers=headers, timeout=60
        ) as web:
            return await web.request(method, f"{self.here}{path}", json=body)


async def program(
    node: RunningNode, *roles: str, scopes: Iterable[str] = ("read", "write")
) -> Program:
    async with door(node.engine) as session:
        person: UUID = await add_somebody(session, *roles)
    return Program(node, await token_of(node, person, *scopes))


async def token_of(node: RunningNode, person: UUID, *scopes: str) -> str:
    async with door(node.engine) as session:
        token = await make_api_token(
            session,
            OPERATOR,
            person_id=person,
            label="test",
            scopes=scopes or ("read", "write"),
            days=1,
            now=current_time(),
        )
    return token.secret


@pytest.fixture
async def north(two_nodes: Pair) -> Program:
    return await program(two_nodes[0], "partner-administrator")


async def test_31_two_nodes_connect_in_json(strangers: Pair) -> None:
    north = await program(strangers[0], "partner-administrator")
    south = await program(strangers[1], "partner-administrator")
    made = await north.ask("POST", "/invitations")
    assert made.status_code == 201
    met = await south.ask("POST", body={"link": made.json()["link"]})
    assert met.status_code == 201
    words = met.json()["words"]
    expected = {
        "node": north.node.id,
        "name": "North",
        "base_url": north.node.settings.base_url,
        "state": "words-to-type",
        "words": words,
        "we_grant": [],
        "they_grant": [],
        "last_heard_at": None,
        "ended_at": None,
        "ended_there": False,
    }
    assert (met.json(), len(words)) == (expected, 4)
    assert (await south.ask("GET")).json() == {"items": [expected], "next": None}

    typed = await south.ask("POST", f"/{north.node.id}/words", {"words": " ".join(words)})
    assert typed.json() == expected | {"state": "waiting-for-them"}
    wrong = await north.ask("POST", f"/{south.node.id}/words", {"words": "bado bado bado bado"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "words-differ")
    await north.ask("POST", f"/{south.node.id}/words", {"words": " ".join(words)})
    await north.node.loop.work_off()
    await south.node.loop.work_off()
    [joined] = (await south.ask("GET")).json()["items"]
    assert (joined["state"], joined["words"]) == ("joined", [])


async def test_what_crossed_and_what_would(two_nodes: Pair, north: Program) -> None:
    _, south = two_nodes
    pool = await own_pool(north.node, "Evenings")
    async with door(north.node.engine) as session:
        told = {"n": "Harbour at seven"}
        await append(session, "pool/shifts", str(pool.id), "shift.stated", told, now=clock())
    would = (await north.ask("GET", f"/{south.id}/dry-run?capability=shifts:{pool.id}")).json()
    [kind] = would["kinds"]
    assert (kind["kind"], kind["events"]) == ("shift.stated", 1)
    assert would == {"kinds": [kind], "recalls": 0, "has": False}

    granted = await north.ask("PUT", f"/{south.id}/grants/shifts:{pool.id}")
    assert granted.json()["we_grant"] == [f"shifts:{pool.id}"]
    for _ in range(2):
        await pull_now(south, north.node)
    answer = await north.ask("GET", f"/{south.id}")
    [sent] = answer.json()["sent"]
    assert sent == {
        "feed": "pool/shifts",
        "name": "Evenings",
        "open": True,
        "confirmed": [kind],
        "confirmed_at": sent["confirmed_at"],
        "waiting": 0,
        "waiting_since": None,
        "recalls_unconfirmed": 0,
        "erasures_unconfirmed": 0,
    }
    assert "Harbour at seven" not in answer.text
    there = await program(south, "coordinator")
    [received] = (await there.ask("GET", f"/{north.node.id}")).json()["received"]
    [aside] = received["set_aside"]
    assert received == {
        "feed": "pool/shifts",
        "name": "",
        "read": 1,
        "behind": 0,
        "checked_at": received["checked_at"],
        "trouble": "",
        "would_help": "",
        "set_aside": [
            {"kind": "shift.stated", "kept": True, "code": "", "events": 1, "last": aside["last"]}
        ],
        "recalls_unread": False,
    }
    taken = await north.ask("DELETE", f"/{south.id}/grants/shifts:{pool.id}")
    assert taken.status_code == 204
    assert (await north.node.partner(south)).we_grant == []


async def test_it_ends_without_the_partner(two_nodes: Pair, north: Program) -> None:
    _, south = two_nodes
    assert (await north.ask("DELETE", f"/{south.id}")).status_code == 204
    assert (await north.node.partner(south)).state == "ended"
    assert (await north.ask("DELETE", "/nobody")).status_code == 404


async def test_coordinators_read_and_others_see_nothing(two_nodes: Pair) -> None:
    north, south = two_nodes
    pool = await own_pool(north, "Evenings")
    acts: list[tuple[str, str, Any]] = [
        ("POST", "/invitations", None),
        ("POST", "", {"link": "https://south.test"}),
        ("POST", f"/{south.id}/words", {"words": "one two three four"}),
        ("PUT", f"/{south.id}/grants/shifts:{pool.id}", None),
        ("DELETE", f"/{south.id}/grants/shifts:{pool.id}", None),
        ("DELETE", f"/{south.id}", None),
    ]
    reads = await program(north, "coordinator")
    only_reads = await program(north, "partner-administrator", scopes=["read"])
    nobody = await program(north, "worker")
    paths = ("", f"/{south.id}", f"/{south.id}/dry-run?capability=shifts:{pool.id}")
    for path in paths:
        assert (await reads.ask("GET", path)).status_code == 200
        refused = await nobody.ask("GET", path)
        assert (refused.status_code, "South" in refused.text) == (403, False)
    for each in (reads, only_reads, nobody):
        for method, path, body in acts:
            assert (await each.ask(method, path, body)).status_code == 403
    partner = await north.partner(south)
    assert (partner.state, partner.we_grant) == ("joined", [])


async def test_a_field_that_nobody_reads_is_refused(north: Program) -> None:
    refused = await north.ask("POST", body={"link": "x", "trust": True})
    assert (refused.status_code, refused.json()["code"]) == (400, "unknown-field")
