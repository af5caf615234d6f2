"""What handlers may ask for by name: `now`, `session`, `asker` or `visitor`, `settings`."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.types import Dependencies
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import SignInNeeded
from api.login.recognition import recognise
from api.settings import Settings
from database.session import door
from federation.permissions.rules import Asker

Now = NamedDependency[datetime]
Session = NamedDependency[AsyncSession]
Signed = NamedDependency[Asker]
MaybeSigned = NamedDependency[Asker | None]
NodeSettings = NamedDependency[Settings]


def current_time() -> datetime:
    """Read the clock, once a request."""
    return datetime.now(UTC)


async def opened_session(
    request: Request[Any, Any, State], state: State, now: Now
) -> AsyncIterator[AsyncSession]:
    """Open the request's transaction, which commits before the answer begins.

    Who asks is found out here and not in a dependency of its own: Litestar would leave the
    transaction open when a dependency after it refuses.
    """
    wanted = request.route_handler.parsed_fn_signature.parameters
    async with door(state.engine) as session:
        if "asker" in wanted or "visitor" in wanted:
            request.scope["user"] = await recognise(session, request, now)
            if "asker" in wanted and request.user is None:
                raise SignInNeeded
        yield session


def signed_in(request: Request[Any, Any, State], session: Session) -> Asker:
    """Give who is signed in; `opened_session` has refused everybody else."""
    del session
    asker: Asker = request.user
    return asker


def maybe_signed_in(request: Request[Any, Any, State], session: Session) -> Asker | None:
    """Give who is signed in, if anybody is."""
    del session
    visitor: Asker | None = request.user
    return visitor


def node_settings(state: State) -> Settings:
    """Give what the operator has set."""
    settings: Settings = state.settings
    return settings


DEPENDENCIES: Dependencies = {
    "now": Provide(current_time, sync_to_thread=False),
    "session": Provide(opened_session),
    "asker": Provide(signed_in, sync_to_thread=False),
    "visitor": Provide(maybe_signed_in, sync_to_thread=False),
    "settings": Provide(node_settings, sync_to_thread=False),
}
