"""Where I am signed in with a browser, for programs."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Request, delete, get
from litestar.datastructures import State
from litestar.params import FromPath

from api.login.cookies import session_secret
from api.parts import Now, Session, Signed
from federation.access.actions import end_one_web_session, end_web_sessions
from federation.access.queries import own_web_sessions

Device = Literal["phone", "tablet", "computer", "shared"]


class SignIn(msgspec.Struct):
    """One browser; `device` is what its owner called it, `last_seen` a day, coarse on purpose."""

    id: UUID
    begun: datetime
    last_seen: date | None
    device: Device | None
    here: bool


class SignIns(msgspec.Struct):
    """A list of sign-ins, never long enough to be paged."""

    items: list[SignIn]
    next: str | None = None


class SessionsController(Controller):
    """Browsers in which the asker is signed in."""

    path = "/me/sign-ins"
    tags = ("me",)

    @get()
    async def sign_ins(
        self, request: Request[Any, Any, State], session: Session, asker: Signed, now: Now
    ) -> SignIns:
        """List where I am signed in, the newest first."""
        found = await own_web_sessions(session, asker, session_secret(request), now)
        return SignIns(
            [
                SignIn(
                    id=one.id,
                    begun=one.begun_at,
                    last_seen=one.last_seen_on,
                    device=msgspec.convert(one.device, Device | None),
                    here=one.here,
                )
                for one in found
            ]
        )

    @delete("/{sign_in:uuid}")
    async def end_one(
        self, sign_in: FromPath[UUID], session: Session, asker: Signed, now: Now
    ) -> None:
        """Sign out in one browser."""
        await end_one_web_session(session, asker, sign_in, now)

    @delete()
    async def end_all(self, session: Session, asker: Signed, now: Now) -> None:
        """Sign out in every browser; tokens stay."""
        await end_web_sessions(session, asker, person_id=asker.person_id, now=now)
