"""`netreach partners` against two served nodes: all that partner administrators do."""

import re
from pathlib import Path
from uuid import uuid4

from click.testing import Result

from database.session import door, make_engine
from federation.access.actions import make_api_token
from federation.feeds.actions import append
from federation.partners.keys import NodeKeys
from federation.people.actions import grant_role
from federation.people.rules import OPERATOR
from netreach_client import Client
from netreach_client.partner_commands import STATES, crossed_lines
from netreach_client.partner_structs import Crossed, Dispute, Partner, ShownDocument
from tests.conftest import own_name
from tests.netreach_client.conftest import MONDAY, Run, Served, served
from tests.postgres import copy_of
from tests.rota.example_rota import example_rota

NOTHING_TO_SETTLE = "This partner shows one document about its keys. There is nothing to choose."
NOT_ITS_NAME = "That is not its name. Nothing was ended.\n"


async def administrator(database: str, role: str = "partner-administrator") -> tuple[str, str]:
    """Make somebody with a role; gives a token, and the id of a pool with one event."""
    engine = make_engine(database)
    async with door(engine) as session:
        rota = await example_rota(session, now=MONDAY)
        handle = await rota.person("en")
        assert handle.person_id is not None
        await grant_role(session, OPERATOR, person_id=handle.person_id, role=role, now=MONDAY)
        token = await make_api_token(
            session,
            OPERATOR,
            person_id=handle.person_id,
            label=f"test-{uuid4().hex[:8]}",
            scopes=["read", "write"],
            days=30,
            now=MONDAY,
        )
        await append(session, "pool/shifts", str(rota.pool.id), "greeting", {"n": 1}, now=MONDAY)
    await engine.dispose()
    return token.secret, str(rota.pool.id)


def lines(result: Result) -> list[str]:
    assert (result.exit_code, result.exception) == (0, None), result.output
    return result.stdout.splitlines()


async def test_two_administrators_connect_tick_and_end(
    run: Run, served_node: Served, server_url: str, template: str, tmp_path: Path
) -> None:
    here_url = served_node.engine.url.render_as_string(hide_password=False)
    token, pool = await administrator(here_url)
    async with copy_of(server_url, template, own_name(template)) as database:
        other, _ = await administrator(database)
        there_id = NodeKeys.create(tmp_path / "keys").node_id
        with served(database, tmp_path) as there:
            here = served_node.url

            def north(*words: str, typed: str = "") -> Result:
                return run("partners", *words, at=here, token=token, typed=typed)

            def south(*words: str, typed: str = "") -> Result:
                return run("partners", *words, at=there, token=other, typed=typed)

            # a node that is only just starting is asked again by what reads, never by what acts
            assert (north("list").exit_code, lines(south("list"))) == (0, [])
            [link] = lines(north("invite"))
            named, says, words = lines(south("accept", typed=f"{link}\n"))
            here_id = named.split()[0]
            assert (
                says == "  you act next: call them, read your words out, type those that you hear"
            )
            typed = words.removeprefix("  your words: ").split()
            assert lines(north("list"))[1:] == [says, words]
            refused = north("words", there_id, "bado", "bado", "bado", "bado")
            assert refused.exit_code == 1
            assert refused.stderr.startswith("These are not the four words")
            waits = f"  {STATES['waiting-for-them']}"
            assert lines(north("words", there_id, *typed))[1] == waits
            assert lines(south("words", here_id, " ".join(typed)))[1] == waits

            would = lines(north("grant", there_id, f"shifts:{pool}", "--dry-run"))
            assert would == ["    1 greeting, last 2090-06-12 00:00 UTC", "0 withdrawals"]
            granted = lines(north("grant", there_id, f"shifts:{pool}"))
            assert granted[-1] == f"  we grant: shifts:{pool}"
            assert lines(north("show", there_id))[-1] == granted[-1]
            assert lines(north("withdraw", there_id, f"shifts:{pool}")) == ["It is taken back."]

            kept = north("end", there_id, typed="Somebody\n")
            assert (kept.exit_code, kept.stderr) == (
                1,
                "That is not its name. Nothing was ended.\n",
            )
            nothing = north("settle", there_id, "known")
            assert (nothing.exit_code, nothing.stderr.splitlines()[0]) == (1, NOTHING_TO_SETTLE)
            ends = ("end", there_id, "--claims-until", "2090-06-13")
            assert lines(north(*ends, typed="Node\n")) == ["It is ended."]
            with Client(here, token) as client:
                met = client.partner(there_id)
            ended_at = met.partner.ended_at
            assert ended_at is not None
            assert met.partner == Partner(there_id, "Node", there, "ended", ended_at=ended_at)
            assert (met.sent, met.received, met.attempts) == ([], [], 0)


async def test_a_worker_is_refused_in_a_sentence(run: Run, served_node: Served) -> None:
    here_url = served_node.engine.url.render_as_string(hide_password=False)
    token, _ = await administrator(here_url, "worker")
    said = "Your roles do not allow this. Your coordinator can help.\n"
    for command in ("list", "invite"):
        refused = run("partners", command, at=served_node.url, token=token)
        assert (refused.exit_code, refused.stdout, refused.stderr) == (1, "", said)


def test_an_id_may_begin_with_a_hyphen(run: Run, served_node: Served) -> None:
    answer = run("partners", "show", "-gSgO57vtcah", at=served_node.url)
    assert re.fullmatch(r"Please sign in\..*\n", answer.stderr)


def test_two_documents_are_set_side_by_side() -> None:
    known = ShownDocument(2, "https://north.test", {"root": "AAA", "head": "BBB"})
    other = ShownDocument(1, "https://elsewhere.test", {"root": "AAA", "head": "CCC"})
    told = Crossed(
        Partner("N", "North", "https://north.test", "frozen"),
        [],
        [],
        dispute=Dispute("document-older", "It shows an older one.", known, other),
    )
    assert list(crossed_lines(told)) == [
        "N  North, https://north.test",
        "  you act next: call them, then say which of two documents is right",
        "  It shows an older one. (document-older)",
        "  known: number 2, https://north.test",
        "    root AAA",
        "    head BBB",
        "  other: number 1, https://elsewhere.test",
        "    root AAA",
        "    head CCC",
    ]
