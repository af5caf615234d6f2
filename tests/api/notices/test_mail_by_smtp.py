"""Mail against a real SMTP server: nothing is lost, and nothing is sent to who does not take it."""

import asyncio
import socket
import ssl
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from database.outbox import OutboxRow
from federation.notices.messages.actions import SEND
from tests.api.notices.certificates import certified
from tests.api.notices.conftest import MAILBOX, NOON, Post
from tests.api.notices.mail_server import (
    PASSWORD,
    USER,
    MailServer,
    check_password,
    mail_server,
)


async def sending(post: Post) -> list[OutboxRow]:
    return [row for row in await post.outbox() if row.kind == SEND["email"]]


async def with_mailbox(post: Post, server: MailServer) -> None:
    """Set up mail, and let the person confirm an address."""
    post.set_up(smtp_port=server.port)
    await post.address()
    await post.work()
    server.received.clear()
    server.attempts = 0


async def test_a_notice_becomes_one_mail(post: Post) -> None:
    async with mail_server() as server:
        await with_mailbox(post, server)
        await post.notice()
        await post.work()
    (envelope,) = server.received
    assert (envelope.mail_from, envelope.rcpt_tos) == ("plan@plan-mail.test", [MAILBOX])
    assert await post.states() == ["sent"]
    assert await post.outbox() == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_signing_in_to_the_mail_server_over_tls(
    post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    for security in ("starttls", "tls"):
        async with mail_server(
            tls=certificate.context,
            at_once=security == "tls",
            authenticator=check_password,
            auth_required=True,
            auth_require_tls=security == "starttls",
            require_starttls=security == "starttls",
        ) as server:
            post.set_up(
                smtp_port=server.port,
                smtp_host="localhost",
                smtp_security=security,
                smtp_user=USER,
                smtp_password=PASSWORD,
            )
            await post.address()
            await post.notice()
            await post.work()
        assert len(server.received) == 1
        assert (server.signed_in, server.over_tls) == ([True], [True])


async def test_a_certificate_that_nobody_vouches_for_is_not_taken(
    post: Post, tmp_path: Path
) -> None:
    async with mail_server(tls=certified(tmp_path).context) as server:
        post.set_up(smtp_port=server.port, smtp_host="localhost", smtp_security="starttls")
        await post.address()
        await post.notice()
        await post.work()
        assert server.attempts == 0
    assert [row.last_error for row in await sending(post)] == ["MailServerAwayError"]


async def test_a_server_without_tls_gets_nothing_where_tls_is_wanted(post: Post) -> None:
    async with mail_server() as server:
        post.set_up(smtp_port=server.port, smtp_security="starttls")
        await post.address()
        await post.notice()
        await post.work()
        assert server.attempts == 0
    assert await post.states() == ["waiting"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_wrong_password_blames_no_address(post: Post) -> None:
    async with mail_server(
        authenticator=check_password, auth_required=True, auth_require_tls=False
    ) as server:
        post.set_up(smtp_port=server.port, smtp_user=USER, smtp_password="wrong")
        await post.address()
        await post.notice()
        await post.work()
        assert server.received == []
        assert await post.states() == ["waiting"]
        post.set_up(smtp_password=PASSWORD)
        post.later(minutes=2)
        await post.work()
    assert len(server.received) == 1
    assert await post.states() == ["sent"]
    assert [code for code, _ in await post.shown()] == ["test"]


async def test_a_dead_server_loses_nothing(post: Post) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    post.set_up(smtp_port=port)
    await post.address()
    await post.notice()
    for _ in range(3):
        await post.work()
        post.later(days=3)
    (row,) = await sending(post)
    assert (row.attempts, row.last_error) == (3, "MailServerAwayError")
    assert await post.states() == ["waiting"]
    async with mail_server(port=port) as server:
        await post.work()
    assert len(server.received) == 1
    assert await post.states() == ["sent"]


async def test_after_an_outage_the_sentence_comes_once(post: Post) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    post.set_up(smtp_port=port)
    await post.address()
    for _ in range(5):
        await post.notice()
        await post.work()
        post.later(minutes=10)
    async with mail_server(port=port) as server:
        await post.work()
    assert len(server.received) == 1
    assert sorted(await post.states()) == ["not-needed"] * 4 + ["sent"]


async def test_a_slow_server_holds_up_nothing_but_mail(post: Post) -> None:
    async with mail_server() as server:
        await with_mailbox(post, server)
        server.hold = asyncio.Event()
        post.set_up(smtp_seconds=0.3)
        await post.notice()
        await post.work()
        (row,) = await sending(post)
        assert (row.last_error, server.attempts) == ("MailServerAwayError", 1)
        server.hold.set()
        post.later(minutes=2)
        await post.work()
    assert await post.states() == ["sent"]


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
async def test_a_refused_address_is_given_up_and_people_are_told(post: Post, command: str) -> None:
    coordinator = await post.somebody("coordinator")
    async with mail_server() as server:
        await with_mailbox(post, server)
        server.says[command] = "550 5.1.1 No such user here"
        await post.notice()
        await post.work()
        assert await post.states() == ["given-up"]
        assert await post.outbox() == []
        assert await post.shown() == [
            ("test", "Your seat at Night and Day Chat in Leeds on 5 January is gone."),
            (
                "mail-refused",
                "Mail to your address is refused. Please enter it anew at Notices.",
            ),
        ]
        assert await post.shown(coordinator) == [
            ("mail-refused", "Mail does not reach everybody in your project. See at Notices whom.")
        ]
        server.says.clear()
        await post.notice()
        await post.work()
        assert server.received == []
        await post.address()
        post.later(minutes=1)
        await post.notice()
        await post.work()
    assert len(server.received) == 1


@pytest.mark.parametrize("answer", ["451 4.7.1 Greylisted", "421 4.3.0 Not now"])
async def test_a_server_that_says_later_is_asked_later(post: Post, answer: str) -> None:
    async with mail_server() as server:
        await with_mailbox(post, server)
        server.says["RCPT"] = answer
        await post.notice()
        await post.work()
        (row,) = await sending(post)
        assert (row.last_error, row.attempts) == ("MailPutOffError", 1)
        assert NOON < row.due <= NOON + timedelta(seconds=1)
        post.later(seconds=1)
        await post.work()
        (row,) = await sending(post)
        assert row.attempts == 2
        assert post.now < row.due <= post.now + timedelta(seconds=2)
        server.says.clear()
        post.later(seconds=2)
        await post.work()
    assert len(server.received) == 1
    assert await post.states() == ["sent"]


async def test_who_says_later_for_five_days_is_given_up(post: Post) -> None:
    async with mail_server() as server:
        await with_mailbox(post, server)
        server.says["RCPT"] = "451 4.7.1 Greylisted"
        await post.notice()
        await post.work()
        post.later(days=5)
        await post.work()
        assert await post.states() == ["waiting"]
        post.later(seconds=2)
        await post.work()
    assert await post.states() == ["given-up"]


async def test_a_server_that_refuses_us_blames_no_address(post: Post) -> None:
    async with mail_server() as server:
        await with_mailbox(post, server)
        server.says["RCPT"] = "554 5.7.1 Relay access denied"
        await post.notice()
        await post.work()
        assert await post.states() == ["waiting"]
        server.says = {"MAIL": "550 5.1.8 Sender address rejected"}
        post.later(minutes=1)
        await post.work()
    assert await post.states() == ["waiting"]
    assert [code for code, _ in await post.shown()] == ["test"]


async def test_a_connection_lost_after_data_makes_a_double_that_can_be_recognised(
    post: Post,
) -> None:
    async with mail_server() as server:
        await with_mailbox(post, server)
        server.drops_after_data = 1
        await post.notice()
        await post.work()
        assert await post.states() == ["waiting"]
        post.later(minutes=1)
        # this may not join what may have arrived
        await post.work()
    assert len(server.received) == 2
    first, second = (message_from_bytes(server.raw(each)) for each in (0, 1))
    assert first["Message-ID"] == second["Message-ID"]
    assert server.raw(0) == server.raw(1)
    assert await post.states() == ["sent"]


async def test_what_happens_after_a_lost_connection_gets_a_mail_of_its_own(post: Post) -> None:
    async with mail_server() as server:
        await with_mailbox(post, server)
        server.drops_after_data = 1
        await post.notice()
        await post.work()
        post.later(minutes=1)
        await post.notice()
        await post.work()
    first, *_, last = (message_from_bytes(server.raw(n)) for n in range(len(server.received)))
    assert first["Message-ID"] != last["Message-ID"]


async def test_a_node_without_a_mail_server_keeps_mail_until_it_has_one(post: Post) -> None:
    post.set_up(smtp_host="")
    await post.address()
    await post.notice()
    await post.work()
    assert await post.states() == ["waiting"]
    async with mail_server() as server:
        post.set_up(smtp_host="127.0.0.1", smtp_port=server.port)
        post.later(hours=1)
        await post.work()
    assert await post.states() == ["sent"]


def test_no_context_trusts_everybody() -> None:
    context = ssl.create_default_context()
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
