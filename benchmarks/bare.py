"""What ours is measured against: Litestar and uvicorn as we run them, without anything of ours.

`python -m benchmarks.bare PORT DATABASE_URL` serves a bare hello, and a bare claim: one
`INSERT … ON CONFLICT DO NOTHING` in a transaction of its own.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import uvicorn
from litestar import Litestar, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.server.serve import listen
from database.ids import new_id
from database.session import make_engine

TABLE = """
CREATE TABLE IF NOT EXISTS bare_claim
    (id uuid PRIMARY KEY, seat_id uuid NOT NULL UNIQUE, made_at timestamptz NOT NULL DEFAULT now())
"""
INSERT = text(
    "INSERT INTO bare_claim (id, seat_id) VALUES (:id, :seat_id) "
    "ON CONFLICT (seat_id) DO NOTHING RETURNING id"
)


async def bare_claim(engine: AsyncEngine, seat_id: UUID) -> bool:
    """Take a seat as barely as SQLAlchemy can; False where somebody has it."""
    async with engine.begin() as connection:
        made = await connection.scalar(INSERT, {"id": new_id(), "seat_id": seat_id})
    return made is not None


@get("/")
async def hello() -> dict[str, str]:
    """Say hello."""
    return {"hello": "world"}


@post("/seats/{seat:uuid}/claims")
async def take_seat(state: State, seat: FromPath[UUID]) -> Response[dict[str, str]]:
    """Claim a seat for nobody in particular."""
    made = await bare_claim(state.engine, seat)
    return Response({"seat": str(seat)}, status_code=201 if made else 409)


def bare_app(database_url: str) -> Litestar:
    """Make an application of nothing but these two handlers."""

    @asynccontextmanager
    async def database(app: Litestar) -> AsyncIterator[None]:
        app.state.engine = make_engine(database_url)
        yield
        await app.state.engine.dispose()

    return Litestar(
        [hello, take_seat], lifespan=[database], openapi_config=None, logging_config=None
    )


def main() -> None:
    """Serve until told to end."""
    port, database_url = sys.argv[1:]
    config = uvicorn.Config(
        bare_app(database_url), access_log=False, log_config=None, server_header=False
    )
    uvicorn.Server(config).run(sockets=[listen("127.0.0.1", int(port))])


if __name__ == "__main__":
    main()
