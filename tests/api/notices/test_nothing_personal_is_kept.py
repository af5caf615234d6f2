"""Addresses are in their own table, in the mail to their owner, and nowhere else."""

import io
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from api.tables import METADATA
from database.session import door
from tests.api.notices.browsers import push_service
from tests.api.notices.conftest import MAILBOX, Post
from tests.api.notices.mail_server import mail_server
from tests.api.notices.test_web_push import device
from tests.logs import everything_logged

OWN_TABLES = {"mail_address", "push_device"}


@pytest.fixture
def log() -> Iterator[io.BytesIO]:
    """Log as the server does; the mail server's own log is not ours."""
    theirs = logging.getLogger("mail.log")
    with everything_logged() as written:
        theirs.propagate = False
        yield written
    theirs.propagate = True


async def everything_kept(post: Post) -> dict[str, str]:
    async with door(post.engine) as session:
        return {
            name: repr([tuple(row) for row in await session.execute(select(*table.columns))])
            for name, table in METADATA.tables.items()
        }


def holding(kept: dict[str, str], *secrets: str) -> set[str]:
    return {name for name, rows in kept.items() for secret in secrets if secret in rows}


@pytest.mark.parametrize(
    "answer", ["", f"550 5.1.1 {MAILBOX} is unknown", f"451 {MAILBOX} is busy"]
)
async def test_an_address_is_in_its_table_alone_whatever_a_server_says(
    post: Post, log: io.BytesIO, answer: str
) -> None:
    async with mail_server() as server, push_service() as service:
        post.set_up(smtp_port=server.port)
        if answer:
            server.says["RCPT"] = answer
            service.status = "500 Error"
        await post.enter(MAILBOX)
        await post.work()
        await post.address()
        browser = await device(post, service, "Phone")
        await post.notice()
        waiting = await everything_kept(post)
        await post.work()
        after = await everything_kept(post)
    secrets = (MAILBOX, "some.body", browser.endpoint, *browser.keys().values())
    for kept in (waiting, after):
        assert holding(kept, *secrets) <= OWN_TABLES
    assert "mail_address" in holding(waiting, MAILBOX)
    said = log.getvalue().decode()
    assert "work" in said
    for secret in (*secrets, "mailbox.example"):
        assert secret not in said


async def test_a_dead_servers_failure_is_logged_by_its_kind_alone(
    post: Post, log: io.BytesIO
) -> None:
    post.set_up(smtp_port=1, smtp_user="node", smtp_password="correct horse")
    await post.address()
    await post.notice()
    await post.work()
    said = log.getvalue().decode()
    assert '"reason":"MailServerAwayError"' in said
    for secret in (MAILBOX, "correct horse"):
        assert secret not in said
