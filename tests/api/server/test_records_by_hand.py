"""A node's keeper takes a project's records along, and erases them, with the audit knowing."""

from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from database.session import door
from federation.audit.models import AuditEntry
from federation.projects.models import Project
from rota.records.actions import keep_record
from tests.api.server.by_hand_node import at_node, environment_of, said
from tests.rota.records.world import DEBRIEF, a_lead, done, sums, talk
from tests.rota.world import a_pool, a_project


async def test_records_are_exported_and_erased(
    database_url: str, committing_engine: AsyncEngine, tmp_path: Path
) -> None:
    node = environment_of(database_url, tmp_path / "keys", "http://127.0.0.1:8000")
    async with door(committing_engine) as session:
        pool = await a_pool(session, await a_project(session))
        shift, worker = await a_lead(session, pool)
        await keep_record(session, worker.asker, shift.id, done(talk(topics=["tax"])), DEBRIEF)
        owner = await session.get_one(Project, pool.coordinator.project_id)
    wanted = ("--project", owner.slug)
    [line] = (await said(node, "records", "export", *wanted)).splitlines()
    exported: dict[str, Any] = msgspec.json.decode(line)
    assert (exported["shift"], exported["pool"]) == (str(shift.id), pool.slug)
    assert [one["topics"] for one in exported["record"]["contacts"]] == [["tax"]]
    table = await said(node, "records", "export", *wanted, "--form", "csv")
    assert len(table.splitlines()) == 2
    kept = await at_node(node, "records", "erase", *wanted, typed="yes\n")
    assert (kept.exit_code, kept.stderr) == (1, "Nothing was erased.\n")
    erased = await at_node(node, "records", "erase", *wanted, typed=f"{owner.slug}\n")
    assert erased.exit_code == 0
    assert await said(node, "records", "export", *wanted) == ""
    async with door(committing_engine) as session:
        assert await sums(session, pool) == {}
        entries = await session.execute(
            select(AuditEntry.actor, AuditEntry.verb, AuditEntry.facts)
            .where(AuditEntry.subject_id == owner.id, AuditEntry.verb.like("%-session-records"))
            .order_by(AuditEntry.id)
        )
    assert [tuple(row) for row in entries] == [
        ("system", "read-session-records", {"form": "jsonl", "records": 1}),
        ("system", "read-session-records", {"form": "csv", "records": 1}),
        ("system", "erased-session-records", {}),
        ("system", "read-session-records", {"form": "jsonl", "records": 0}),
    ]
