"""Whoever looks over a shoulder, or runs a mail server on the way, learns nothing."""

import re
from email import message_from_bytes
from email.policy import SMTP as STRICT
from uuid import UUID

import pytest

from tests.api.notices.conftest import MAILBOX, NOON, Post
from tests.api.notices.mail_server import mail_server

DENIED = re.compile(
    rb"netreach|outreach|harbour|lights|quayside|night|leeds|zuleika|private|chat|seat|shift|rota"
    rb"|sex|worker|peer|volunteer|project|pool|python|aiosmtp|x-mailer|user-agent|x-originating"
    rb"|localhost|127\.0\.0\.1",
    re.IGNORECASE,
)
SUBJECTS = {
    "en": "There is a change in your plan",
    "nl": "Er is iets gewijzigd in je planning",
    "ro": "Există o schimbare în planul tău",
}
REMINDERS = {
    "en": "There is something in your plan tomorrow",
    "nl": "Morgen staat er iets in je planning",
    "ro": "Mâine ai ceva în planul tău",
}
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
]


@pytest.mark.parametrize("language", ["en", "nl", "ro"])
@pytest.mark.parametrize("code", ["seated", "reminder"])
async def test_mail_says_one_sentence_in_the_persons_language(
    post: Post, language: str, code: str
) -> None:
    person = await post.somebody("worker", languages=("pt", language))
    async with mail_server() as server:
        post.set_up(smtp_port=server.port)
        await post.address(person)
        await post.notice(person, code)
        await post.work()
    assert server.helo == ["plan-mail.test"]
    raw = server.raw()
    mail = message_from_bytes(raw, policy=STRICT)
    said = (REMINDERS if code == "reminder" else SUBJECTS)[language]
    assert sorted(mail.keys()) == sorted(HEADERS)
    assert mail["From"] == "Plan <plan@plan-mail.test>"
    assert mail["To"] == MAILBOX
    assert mail["Subject"] == said
    assert mail["Date"].datetime == NOON
    local, _, domain = mail["Message-ID"].strip("<>").partition("@")
    assert (UUID(local).version, domain) == (4, "plan-mail.test")
    text = mail.get_content()
    lines = [line for line in text.splitlines() if line]
    links = [line for line in lines if line.startswith("https://")]
    assert lines[0] == f"{said}."
    assert len(lines) == 5
    assert links[0] == "https://plan.test/"
    assert re.fullmatch(r"https://plan\.test/mail/stop/[\w-]{43}", links[1])
    assert mail["List-Unsubscribe"] == f"<{links[1]}>"
    assert all(len(line) < 998 for line in raw.splitlines())
    secret = links[1].rpartition("/")[2].encode()
    for shown in (raw, text.encode(), str(mail["Subject"]).encode()):
        assert DENIED.findall(shown.replace(secret, b"").replace(b"=\r\n", b"")) == []


async def test_the_mail_that_asks_for_confirmation_is_as_neutral(post: Post) -> None:
    async with mail_server() as server:
        post.set_up(smtp_port=server.port)
        await post.enter(MAILBOX)
        await post.work()
    mail = message_from_bytes(server.raw(), policy=STRICT)
    assert mail["Subject"] == "Please confirm your e-mail address"
    (link,) = re.findall(r"https://\S+", mail.get_content())
    assert re.fullmatch(r"https://plan\.test/mail/confirm/[\w-]{43}", link)
    secret = link.rpartition("/")[2].encode()
    flat = server.raw().replace(b"=\r\n", b"").replace(secret, b"")
    assert DENIED.findall(flat) == []


async def test_a_long_neutral_name_of_a_sender_is_sent_as_it_is(post: Post) -> None:
    async with mail_server() as server:
        post.set_up(smtp_port=server.port, mail_from_name="Plănul meu, de zi cu zi")
        await post.address()
        await post.notice()
        await post.work()
    mail = message_from_bytes(server.raw(), policy=STRICT)
    assert mail["From"].addresses[0].display_name == "Plănul meu, de zi cu zi"
