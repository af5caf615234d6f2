"""Who am I, and my API tokens."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, post
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from federation.access.actions import make_api_token, revoke_api_token
from federation.access.queries import own_tokens
from federation.people.queries import person
from federation.pools.queries import own_handles
from federation.projects.queries import project

Scope = Literal["read", "write"]


class MyHandle(msgspec.Struct):
    """The pseudonym by which the other projects of a pool know the asker."""

    pool: str
    handle: str


class Me(msgspec.Struct):
    """Who is asking, as the server understands it."""

    id: UUID
    project: str
    roles: list[str]
    languages: list[str]
    scopes: list[str]
    handles: list[MyHandle]


def _only_reading() -> list[Scope]:
    return ["read"]


class TokenWanted(msgspec.Struct, forbid_unknown_fields=True):
    """What a new token shall be called, may do, and how many days it works."""

    label: Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"\S")]
    scopes: Annotated[list[Scope], msgspec.Meta(min_length=1, max_length=10)] = msgspec.field(
        default_factory=_only_reading
    )
    days: Annotated[float, msgspec.Meta(gt=0, le=366)] = 90


class Token(msgspec.Struct):
    """A token as it is listed; `last_used` is a day, coarse on purpose."""

    id: UUID
    label: str
    scopes: list[str]
    expires: datetime
    last_used: date | None


class TokenMade(msgspec.Struct):
    """A new token; `token` is shown this once."""

    id: UUID
    token: str
    scopes: list[str]
    expires: datetime


class Tokens(msgspec.Struct):
    """A list of tokens, never long enough to be paged."""

    items: list[Token]
    next: str | None = None


class MeController(Controller):
    """What the asker may know and do about their own way in."""

    path = "/me"
    tags = ("me",)

    @get()
    async def me(self, session: Session, asker: Signed) -> Me:
        """Tell a client whom its token speaks for."""
        known = await person(session, asker, asker.person_id)
        home = await project(session, asker.project_id)
        return Me(
            id=known.id,
            project=home.slug,
            roles=sorted(known.roles),
            languages=known.languages,
            scopes=sorted(asker.scopes),
            handles=[MyHandle(pool, handle) for pool, handle in await own_handles(session, asker)],
        )

    @get("/tokens")
    async def tokens(self, session: Session, asker: Signed, now: Now) -> Tokens:
        """List my tokens that still work."""
        return Tokens(
            [
                Token(
                    id=token.id,
                    label=token.label,
                    scopes=token.scopes,
                    expires=token.expires_at,
                    last_used=token.last_used_on,
                )
                for token in await own_tokens(session, asker, now)
            ]
        )

    @post("/tokens")
    async def make_token(
        self, data: JSONBody[TokenWanted], session: Session, asker: Signed, now: Now
    ) -> TokenMade:
        """Make a token that may do no more than the one that asks for it."""
        made = await make_api_token(
            session,
            asker,
            person_id=asker.person_id,
            label=data.label,
            scopes=data.scopes,
            days=data.days,
            now=now,
        )
        return TokenMade(made.id, made.secret, made.scopes, made.expires_at)

    @delete("/tokens/{token_id:uuid}")
    async def revoke_token(
        self, token_id: FromPath[UUID], session: Session, asker: Signed, now: Now
    ) -> None:
        """End a token at once."""
        await revoke_api_token(session, asker, token_id=token_id, now=now)
