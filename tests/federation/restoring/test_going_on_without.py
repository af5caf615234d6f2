from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.errors import NotAllowed
from federation.partners.models import Partner
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.restoring.actions import begin_restore, go_on_without, mark_restored
from federation.restoring.errors import NotRestoring, NotWaitedFor
from federation.restoring.models import RestoreWait
from federation.restoring.queries import current_restore, waited_for

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
WORKER = Asker(new_id(), new_id(), frozenset({"worker"}))
COORDINATOR = Asker(new_id(), new_id(), frozenset({"coordinator"}))


@pytest.fixture
async def waiting(session: AsyncSession) -> AsyncSession:
    """A node that waits for one partner."""
    session.add(
        Partner(
            node_id="far-node",
            name="Far",
            base_url="https://far.test",
            state="joined",
            document="",
            document_version=1,
            keys={},
            words=[],
            we_grant=[],
            they_grant=[],
            met_at=NOW,
        )
    )
    await mark_restored(session, NOW)
    await begin_restore(session, NOW)
    restore = await current_restore(session)
    assert restore is not None
    session.add(RestoreWait(restore_id=restore.id, node_id="far-node"))
    await session.flush()
    return session


async def test_only_who_answers_for_a_project_gives_a_partner_up(waiting: AsyncSession) -> None:
    with pytest.raises(NotAllowed):
        await go_on_without(waiting, WORKER, "far-node", NOW)
    assert [partner.name for partner in await waited_for(waiting)] == ["Far"]
    await go_on_without(waiting, COORDINATOR, "far-node", NOW)
    assert await waited_for(waiting) == []


async def test_a_partner_is_given_up_once(waiting: AsyncSession) -> None:
    await go_on_without(waiting, OPERATOR, "far-node", NOW)
    with pytest.raises(NotWaitedFor):
        await go_on_without(waiting, OPERATOR, "far-node", NOW)


async def test_a_node_that_does_not_restore_gives_nobody_up(session: AsyncSession) -> None:
    with pytest.raises(NotRestoring):
        await go_on_without(session, OPERATOR, "far-node", NOW)


async def test_a_restore_is_begun_once(waiting: AsyncSession) -> None:
    assert await begin_restore(waiting, NOW) == ()
