"""What a keeper is told of a node that lacks something, and of one that lacks nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from api.parts import current_time
from database.outbox import put
from database.session import door, make_engine
from federation.partners.models import Partner
from tests.api.notices.mail_server import MailServer, mail_server
from tests.api.server.by_hand_node import add_project, at_node, said
from tests.api.server.conftest import free_port, serving

ROOT_HERE = "The root key is on this machine: netreach-server keys sheet, then keys offline"
TRYING = "NETREACH_DEVELOPMENT is on, which is for trying out alone: it lets plain http in."
NOBODY_ANSWERS = (
    "{address}/health/ready does not answer from here (ConnectError). Does `serve` run, does the "
    "name lead to this machine, is its certificate valid?"
)
TWO_DOCUMENTS = "two signed documents do not fit together; nothing is read from it. Call them."
NO_MAIL = "This node sends none: NETREACH_SMTP_HOST is not set."


@pytest.fixture
async def node(environment: dict[str, str]) -> dict[str, str]:
    address = f"http://127.0.0.1:{environment['NETREACH_PORT']}"
    node = environment | {"NETREACH_BASE_URL": address, "NETREACH_NODE_NAME": "North"}
    await said(node, "keys", "init")
    return node


def opened_to_others(node: dict[str, str]) -> Path:
    keys = Path(node["NETREACH_KEYS"])
    keys.chmod(0o750)
    return keys


async def looked(node: dict[str, str]) -> tuple[int, dict[str, list[tuple[str, str]]]]:
    """Give how the command ends, and what it says of each thing."""
    answer = await at_node(node, "doctor")
    found: dict[str, list[tuple[str, str]]] = {}
    for line in answer.stdout.splitlines():
        found.setdefault(line[6:17].rstrip(), []).append((line[:6].rstrip(), line[17:]))
    assert answer.stderr == ""
    return answer.exit_code, found


async def test_a_node_that_runs_has_nothing_wrong(node: dict[str, str]) -> None:
    await add_project(node)
    async with serving(node):
        code, found = await looked(node)
    assert code == 0
    [(how, programs)] = found.pop("backups")
    assert (how, programs[:23]) == ("ok", "can be made from here, ")
    [(how, database)] = found.pop("database")
    assert (how, database[-23:]) == ("ok", "answers and is migrated")
    assert found == {
        "settings": [("look", TRYING)],
        "keys": [("look", ROOT_HERE)],
        "address": [("ok", f"{node['NETREACH_BASE_URL']} answers and is ready")],
        "work": [
            ("look", "There has never been any. Has `netreach-server work` been started?"),
        ],
        "mail": [("look", NO_MAIL)],
    }


async def test_what_is_wrong_is_said_with_what_would_mend_it(node: dict[str, str]) -> None:
    keys = opened_to_others(node)
    now = current_time()
    engine = make_engine(node["DATABASE_URL"], connections=1)
    async with door(engine) as session:
        await put(session, "sweep", {}, now=now - timedelta(minutes=12))
        await put(session, "send-mail", {}, now=now + timedelta(minutes=1))
        await session.execute(
            text("UPDATE outbox SET last_error = 'x' WHERE kind = 'send-mail'"),
        )
        session.add_all(
            Partner(
                node_id=name,
                name=name,
                base_url=f"https://{name}.test",
                state=state,
                document="",
                document_version=1,
                keys={},
                words=[],
                we_grant=[],
                they_grant=[],
                met_at=now - timedelta(days=9),
                last_heard_at=now - timedelta(hours=heard),
                alarm="older" if state == "frozen" else None,
                disputed="{}" if state == "frozen" else None,
            )
            for name, state, heard in (
                ("Far", "joined", 25),
                ("Near", "joined", 23),
                ("Odd", "frozen", 1),
            )
        )
    await engine.dispose()
    away = {"NETREACH_SMTP_HOST": "127.0.0.1", "NETREACH_SMTP_PORT": str(free_port())}
    mail = {"NETREACH_MAIL_FROM": "plan@example.org", "NETREACH_SMTP_SECURITY": "plain"}
    code, found = await looked(node | away | mail | {"NETREACH_DEVELOPMENT": "0"})
    found.pop("backups"), found.pop("database")
    address = node["NETREACH_BASE_URL"]
    assert code == 1
    assert found == {
        "settings": [
            (
                "WRONG",
                f"NETREACH_BASE_URL is {address}: nobody can stay signed in without https.",
            )
        ],
        "keys": [("WRONG", f"Others on this machine can enter {keys}: chmod 700 {keys}")],
        "address": [("WRONG", NOBODY_ANSWERS.format(address=address))],
        "work": [
            (
                "WRONG",
                "The oldest work waits for 12 minutes. Does `netreach-server work` run?",
            ),
            (
                "look",
                "What failed and is tried again, by kind; the log says why: send-mail (1)",
            ),
        ],
        "projects": [
            (
                "look",
                "There is none: netreach-server projects add, then people add and people link",
            )
        ],
        "partners": [
            ("look", "Far: not reached for more than 24 hours."),
            ("WRONG", f"Odd: {TWO_DOCUMENTS}"),
        ],
        "mail": [
            (
                "WRONG",
                "127.0.0.1 does not take us (SMTPConnectError): name, port, security, password?",
            )
        ],
    }


async def test_without_a_database_the_rest_is_not_guessed(node: dict[str, str]) -> None:
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    code, found = await looked(node | {"DATABASE_URL": nowhere})
    assert (code, list(found)) == (1, ["settings", "keys", "database", "address"])
    assert found["database"] == [("WRONG", "The database does not answer.")]


async def test_keys_that_are_missing_are_said_with_their_folder(node: dict[str, str]) -> None:
    elsewhere = str(Path(node["NETREACH_KEYS"]).with_name("none"))
    code, found = await looked(node | {"NETREACH_KEYS": elsewhere})
    assert code == 1
    [(how, says)] = found["keys"]
    assert (how, says.endswith(f" Looked in {elsewhere}.")) == ("WRONG", True)


async def test_keys_that_cannot_be_read_are_said(node: dict[str, str]) -> None:
    (Path(node["NETREACH_KEYS"]) / "head.json").write_bytes(b"")
    code, found = await looked(node)
    [(how, says)] = found["keys"]
    assert (code, how) == (1, "WRONG")
    assert says.startswith("The files of this node's keys cannot be read.")


async def test_a_mail_server_that_takes_us_gets_no_mail(node: dict[str, str]) -> None:
    server: MailServer
    async with mail_server() as server:
        told = {
            "NETREACH_SMTP_HOST": "127.0.0.1",
            "NETREACH_SMTP_PORT": str(server.port),
            "NETREACH_SMTP_SECURITY": "plain",
            "NETREACH_MAIL_FROM": "plan@example.org",
        }
        _, found = await looked(node | told)
        assert (server.attempts, server.received) == (0, [])
    assert found["mail"] == [("ok", "127.0.0.1 takes us")]
