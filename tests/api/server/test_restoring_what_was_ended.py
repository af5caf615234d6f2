"""A node that comes back from a backup lets nobody in whom it had locked out since."""

import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.ended import FILE, begin_again
from api.ended_lines import EndedListBroken
from api.server.postgres_programs import address_for
from database.session import door
from federation.access.actions import make_api_token, revoke_api_token
from federation.access.models import ApiToken
from federation.audit.models import AuditEntry
from federation.people.actions import grant_role, let_go, take_role
from federation.people.models import Person, RoleGrant
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.restoring.actions import mark_restored
from federation.restoring.models import Restore
from federation.restoring.queries import is_restoring
from rota.record_sums.models import HourSum, RecordSum
from rota.records.actions import keep_record
from rota.records.models import RecordedContact, SessionRecord
from rota.records.rules.drafts import Contact, Draft
from tests.api.peers.nodes import RunningNode, clock, running
from tests.api.server.by_hand_node import add_person, add_project, at_node, environment_of, said
from tests.rota.example_rota import example_rota


@dataclass
class Kept:
    """A running node, and what its keeper needs to back it up and to bring it back."""

    node: RunningNode
    environment: dict[str, str]
    backup: Path

    @property
    def engine(self) -> AsyncEngine:
        return self.node.engine

    @property
    def ended(self) -> Path:
        return self.node.settings.keys / FILE

    async def back_up(self) -> None:
        await said(self.environment, "backup", str(self.backup))

    async def restore(self) -> list[str]:
        name = address_for(self.environment["DATABASE_URL"], {})["PGDATABASE"]
        await self.engine.dispose()
        answer = await at_node(self.environment, "restore", str(self.backup), typed=f"{name}\n")
        assert answer.exit_code == 0, answer.stderr
        return answer.stdout.splitlines()[1:]


@pytest.fixture
async def kept(database_url: str, tmp_path: Path) -> AsyncIterator[Kept]:
    async with running(database_url, tmp_path / "north", "North") as node:
        environment = environment_of(database_url, node.settings.keys, node.settings.base_url)
        await add_project(environment)
        yield Kept(node, environment, tmp_path / "monday.backup")


async def somebody(kept: Kept, name: str) -> UUID:
    return UUID(await add_person(kept.environment, name, "worker"))


async def test_a_restore_locks_out_again_who_was_locked_out_since_the_backup(kept: Kept) -> None:
    worker, leaver = [await somebody(kept, name) for name in "AB"]
    async with door(kept.engine) as session:
        token = await make_api_token(
            session,
            OPERATOR,
            person_id=worker,
            label="script",
            scopes=["read"],
            days=9,
            now=clock(),
        )
    await kept.back_up()
    async with door(kept.engine) as session:
        await revoke_api_token(session, OPERATOR, token_id=token.id, now=clock())
        await let_go(session, OPERATOR, person_id=leaver, now=clock())
    await kept.node.loop.work_off()
    assert stat.S_IMODE(kept.ended.stat().st_mode) == 0o600
    assert await kept.restore() == [
        "Ended again what was ended since the backup: 3.",
        "Restoring: all partners have answered; `work` enters what they said.",
    ]
    async with door(kept.engine) as session:
        assert await session.scalar(select(ApiToken.revoked_at)) is not None
        left = await session.execute(select(Person.name, Person.left_at.is_not(None)))
        assert dict(left.all()) == {"A": False, "B": True}
        audit = select(AuditEntry.subject, AuditEntry.facts["verb"].astext)
        again = await session.execute(audit.where(AuditEntry.verb == "ended-again"))
        assert sorted(map(tuple, again)) == [
            ("api-token", "api-token.revoked"),
            ("person", "calendar-addresses-revoked"),
            ("person", "person.left"),
        ]


async def test_what_the_backup_knows_of_is_left_as_it_stands(kept: Kept) -> None:
    worker = await somebody(kept, "A")
    async with door(kept.engine) as session:
        await take_role(session, OPERATOR, person_id=worker, role="worker", now=clock())
    async with door(kept.engine) as session:
        await grant_role(session, OPERATOR, person_id=worker, role="worker", now=clock())
    await kept.node.loop.work_off()
    await kept.back_up()
    assert await kept.restore() == [
        "Restoring: all partners have answered; `work` enters what they said."
    ]
    async with door(kept.engine) as session:
        assert list(await session.scalars(select(RoleGrant.role))) == ["worker"]


async def test_what_was_on_its_way_as_the_backup_was_taken_is_ended_again(kept: Kept) -> None:
    """It is older than the last that the backup holds, and not in it."""
    leaver = await somebody(kept, "A")
    async with door(kept.engine) as session:
        began = await session.scalar(select(func.max(AuditEntry.at)))
    await somebody(kept, "B")
    await kept.back_up()
    assert began
    async with door(kept.engine) as session:
        await let_go(session, OPERATOR, person_id=leaver, now=began)
    await kept.node.loop.work_off()
    assert (await kept.restore())[0] == "Ended again what was ended since the backup: 2."
    async with door(kept.engine) as session:
        left = await session.execute(select(Person.name, Person.left_at.is_not(None)))
        assert dict(left.all()) == {"A": True, "B": False}


async def test_a_line_that_was_cut_off_and_written_again_takes_no_other_with_it(kept: Kept) -> None:
    people = [await somebody(kept, name) for name in "AB"]
    await kept.back_up()
    async with door(kept.engine) as session:
        await let_go(session, OPERATOR, person_id=people[0], now=clock())
    await kept.node.loop.work_off()
    whole = kept.ended.read_bytes().splitlines()[-1]
    cut_off(kept.ended)
    async with door(kept.engine) as session:
        await let_go(session, OPERATOR, person_id=people[1], now=clock())
    await kept.node.loop.work_off()
    with kept.ended.open("ab") as file:
        file.write(b"\n" + whole)
    # each of them left and had their calendars stopped
    assert (await kept.restore())[0] == "Ended again what was ended since the backup: 4."
    assert await who_left(kept) == {"A": True, "B": True}


async def who_left(kept: Kept) -> dict[str, bool]:
    async with door(kept.engine) as session:
        left = await session.execute(select(Person.name, Person.left_at.is_not(None)))
        return dict(left.all())


async def restore_in_vain(kept: Kept) -> list[str]:
    await kept.engine.dispose()
    answer = await at_node(kept.environment, "restore", str(kept.backup), typed="never\n")
    assert (answer.exit_code, answer.stdout) == (1, "")
    return answer.stderr.splitlines()


async def test_a_line_that_says_too_little_is_told_before_anything_is_done(kept: Kept) -> None:
    """Of A a role was taken and B has left; of both lines something is gone."""
    people = [await somebody(kept, name) for name in "AB"]
    await kept.back_up()
    async with door(kept.engine) as session:
        await take_role(session, OPERATOR, person_id=people[0], role="worker", now=clock())
        await let_go(session, OPERATOR, person_id=people[1], now=clock())
    await kept.node.loop.work_off()
    whole = kept.ended.read_bytes()
    lines = whole.splitlines()
    [taken] = [number for number, line in enumerate(lines) if b"role.taken" in line]
    [left] = [number for number, line in enumerate(lines) if b"person.left" in line]
    lines[taken] = lines[taken].replace(b'"role":', b'"roll":')
    lines[left] = lines[left][:-10]
    kept.ended.write_bytes(b"\n".join(lines))
    wrong = {
        taken + 1: "it does not say which role was ended",
        left + 1: "it is cut off, or is not what was written",
    }
    first, *named, _help, last = await restore_in_vain(kept)
    assert first.startswith(f"{kept.ended} says what was ended since the backup.")
    assert named == [f"  line {number}: {wrong[number]}" for number in sorted(wrong)]
    assert last == "Nothing was changed."
    # the database is the one from before: nobody has got back what was taken from them
    assert await who_left(kept) == {"A": False, "B": True}
    async with door(kept.engine) as session:
        has = select(RoleGrant.role).where(RoleGrant.person_id == people[0])
        assert list(await session.scalars(has)) == []
        assert await session.scalar(select(Restore.id)) is None

    kept.ended.write_bytes(whole)
    assert (await kept.restore())[0] == "Ended again what was ended since the backup: 3."
    assert await who_left(kept) == {"A": False, "B": True}


async def test_a_marked_node_grants_nothing_until_the_list_is_mended(kept: Kept) -> None:
    """Whoever put the backup in place by hand has not been told by the command."""
    async with door(kept.engine) as session:
        await mark_restored(session, clock())
    kept.ended.write_text('{"at":')
    with pytest.raises(EndedListBroken, match="line 1: it is cut off"):
        await begin_again(kept.engine, kept.node.settings.keys, clock())
    async with door(kept.engine) as session:
        assert await session.scalar(select(Restore.begun_at)) is None
        assert await is_restoring(session)
    status = await at_node(kept.environment, "restore", "--status")
    assert (status.exit_code, "line 1: it is cut off" in status.stderr) == (1, True)

    kept.ended.write_text("\n")
    answer = await at_node(kept.environment, "restore", "--status")
    assert answer.stdout.startswith("Restoring: `work` begins to ask the partners.")
    assert await begin_again(kept.engine, kept.node.settings.keys, clock()) == 0
    async with door(kept.engine) as session:
        assert await session.scalar(select(Restore.begun_at)) is not None


async def counted(kept: Kept) -> tuple[str, UUID]:
    """Let somebody of a new project have counted a session; gives the project's slug and id."""
    now = clock()
    async with door(kept.engine) as session:
        rota = await example_rota(session, now=now)
        wren = await rota.person("en")
        shift = await rota.shift(now - timedelta(minutes=5))
        await rota.hold(shift, wren)
        assert wren.person_id
        asker = Asker(wren.person_id, rota.project.id, frozenset({"worker"}))
        contact = Contact(at=shift.starts, language="nl", outcome="answered")
        draft = Draft(contacts=[contact], pace="busy", done=True)
        await keep_record(session, asker, shift.id, draft, now)
        return rota.project.slug, rota.project.id


async def test_what_a_project_had_counted_and_erased_does_not_come_back(kept: Kept) -> None:
    (erased, _), (_, other) = await counted(kept), await counted(kept)
    await kept.back_up()
    wanted = ("records", "erase", "--project", erased)
    assert (await at_node(kept.environment, *wanted, typed=f"{erased}\n")).exit_code == 0
    await kept.node.loop.work_off()
    assert (await kept.restore())[0] == "Ended again what was ended since the backup: 1."
    async with door(kept.engine) as session:
        for table in (SessionRecord, RecordSum, HourSum):
            assert set(await session.scalars(select(table.project_id))) == {other}
        contacts = await session.scalars(select(RecordedContact.language))
        assert contacts.all() == ["nl"]


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-10])
