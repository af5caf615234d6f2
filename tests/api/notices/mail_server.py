"""A real SMTP server on loopback that behaves as it is told, and keeps what it was given."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "node", "correct horse"


@dataclass
class MailServer:
    """`says` answers a command by its name, until it is taken out again."""

    port: int = 0
    says: dict[str, str] = field(default_factory=dict)
    received: list[Envelope] = field(default_factory=list)
    helo: list[str | None] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    drops_after_data: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    hold: asyncio.Event | None = None
    attempts: int = 0

    async def handle_MAIL(  # noqa: N802 -- aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.attempts += 1
        if self.hold is not None:
            await self.hold.wait()
        if "MAIL" in self.says:
            return self.says["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "RCPT" in self.says:
            return self.says["RCPT"]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if "DATA" in self.says:
            return self.says["DATA"]
        self.received.append(envelope)
        self.helo.append(session.host_name)
        self.signed_in.append(bool(session.authenticated))
        assert isinstance(server.transport, asyncio.Transport)
        self.over_tls.append(server.transport.get_extra_info("ssl_object") is not None)
        self.arrived.set()
        if self.drops_after_data:
            self.drops_after_data -= 1
            server.transport.abort()
        return "250 OK"

    def raw(self, number: int = -1) -> bytes:
        content = self.received[number].original_content
        assert content is not None
        return content


def check_password(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
) -> AuthResult:
    right = isinstance(given, LoginPassword) and given == LoginPassword(
        USER.encode(), PASSWORD.encode()
    )
    return AuthResult(success=right)


@asynccontextmanager
async def mail_server(
    *, tls: ssl.SSLContext | None = None, at_once: bool = False, port: int = 0, **options: Any
) -> AsyncIterator[MailServer]:
    """Listen until the test ends; `tls` is offered by STARTTLS, or spoken `at_once`."""
    told = MailServer()
    loop = asyncio.get_running_loop()

    def connection() -> SMTP:
        return SMTP(
            told,
            hostname="mail.test",
            loop=loop,
            tls_context=None if at_once else tls,
            enable_SMTPUTF8=False,
            **options,
        )

    server = await loop.create_server(connection, "127.0.0.1", port, ssl=tls if at_once else None)
    told.port = server.sockets[0].getsockname()[1]
    try:
        yield told
    finally:
        server.close()
