import msgspec
from sqlalchemy import text

from api.settings import Settings
from tests.api.conftest import Node, node_on


async def test_a_node_that_can_serve_says_so(node: Node) -> None:
    live, ready = await node.web.get("/health/live"), await node.web.get("/health/ready")
    assert (live.status_code, live.json()) == (200, {"live": True})
    assert (ready.status_code, ready.json()) == (200, {"ready": True})


async def test_a_database_that_lacks_a_migration_is_not_ready(fresh_node: Node) -> None:
    async with fresh_node.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    answer = await fresh_node.web.get("/health/ready")
    assert (answer.status_code, answer.json()) == (
        503,
        {
            "status": 503,
            "code": "not-ready",
            "title": "This node is not ready.",
            "reasons": [
                {
                    "code": "not-migrated",
                    "text": "The database is not migrated. Run: netreach-server migrate",
                }
            ],
        },
    )
    assert answer.headers["retry-after"] == "5"


async def test_a_database_that_is_away_is_told_and_breaks_nothing_else(settings: Settings) -> None:
    away = msgspec.structs.replace(
        settings, database_url="postgresql+asyncpg://nobody@127.0.0.1:1/none"
    )
    async with node_on(away) as node:
        ready = await node.web.get("/health/ready")
        assert (ready.status_code, ready.json()["reasons"]) == (
            503,
            [{"code": "database-down", "text": "The database does not answer."}],
        )
        assert (await node.web.get("/health/live")).status_code == 200
        answer = await node.web.get("/api/v1/me", headers={"Authorization": "Bearer x"})
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
