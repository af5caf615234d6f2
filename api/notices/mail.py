"""Mail that could be read over a shoulder: how it is written, and how it is handed to a server."""

import asyncio
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

import aiosmtplib

from api.notices.errors import MailPutOffError, MailRefusedError, MailServerAwayError
from api.settings import Settings
from federation.notices.messages.rules import Letter

POLICY = SMTP.clone(max_line_length=400)
"""Longer than any link, which would be torn by folding."""

POLICY_OF_THEIRS = re.compile(r"(?<![\d.])5\.7\.\d")
"""RFC 3463: the mail server minds who we are, not who the address is."""

PERMANENT = range(500, 600)


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom a mail is from."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """Give the only host that is named in a mail: neither the node's nor its machine's."""
        return self.address.rpartition("@")[2]


def sender_of(settings: Settings) -> Sender:
    """Read the sender from the settings."""
    return Sender(settings.mail_from_name, settings.mail_from)


def written(
    sender: Sender, to: str, letter: Letter, message_id: UUID, at: datetime, stop_link: str = ""
) -> bytes:
    """Write a mail; the same message, written again, has the same id, so that it is known again."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(sender.name, addr_spec=sender.address)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = letter.subject
    mail["Date"] = at.astimezone(UTC)
    mail["Message-ID"] = f"<{message_id}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    if stop_link:
        mail["List-Unsubscribe"] = f"<{stop_link}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content("\n".join(letter.lines) + "\n", charset="utf-8", cte="quoted-printable")
    return mail.as_bytes()


async def hand_over(settings: Settings, to: str, raw: bytes) -> None:
    """Give a mail to the server; returns only once the server has said that it has it."""
    sender, smtp = sender_of(settings), _server_of(settings)
    try:
        async with asyncio.timeout(settings.smtp_seconds):
            await smtp.connect()
            await smtp.sendmail(sender.address, [to], raw)
    except aiosmtplib.SMTPRecipientsRefused as refused:
        first = refused.recipients[0]
        raise _answered(first.code, first.message) from None
    except aiosmtplib.SMTPDataError as refused:
        raise _answered(refused.code, refused.message) from None
    except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
        # its text can quote the address
        raise MailServerAwayError(type(error).__name__) from None
    else:
        with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            await smtp.quit(timeout=1)
    finally:
        smtp.close()


async def sign_in(settings: Settings) -> None:
    """See that the server takes this node, as for a mail, and send nothing."""
    smtp = _server_of(settings)
    try:
        async with asyncio.timeout(settings.smtp_seconds):
            await smtp.connect()
            await smtp.quit()
    except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
        raise MailServerAwayError(type(error).__name__) from None
    finally:
        smtp.close()


def _server_of(settings: Settings) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_user or None,
        password=settings.smtp_password or None,
        local_hostname=sender_of(settings).domain,
        timeout=settings.smtp_seconds,
        use_tls=settings.smtp_security == "tls",
        start_tls=settings.smtp_security == "starttls",
        tls_context=ssl.create_default_context(),
    )


def _answered(code: int, text: str) -> Exception:
    if code in PERMANENT and not POLICY_OF_THEIRS.search(text):
        return MailRefusedError()
    return MailPutOffError()
