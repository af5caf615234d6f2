from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from api.parts import current_time
from api.settings import Settings
from api.worker.jobs import SWEEP_EVERY, open_workshop, sweep
from database.session import door
from federation.notices.actions import mark_seen, notify
from federation.notices.models import Notice
from federation.partners.keys import Node as OwnNode
from federation.partners.keys import NodeKeys
from rota.claims.models import KeptAnswer
from rota.sign_up.actions import claim_seat
from tests.api.conftest import Node
from tests.api.evening import Evening, an_evening

GROWING: tuple[InstrumentedAttribute[UUID], ...] = (Notice.person_id, KeptAnswer.person_id)


async def kept(evening: Evening) -> list[int | None]:
    """Count what is kept of the worker; the node serves other tests, too."""
    whose = evening.worker.id
    async with door(evening.node.engine) as session:
        return [
            await session.scalar(select(func.count(each)).where(each == whose)) for each in GROWING
        ]


async def test_the_sweep_forgets_what_would_only_grow(node: Node, tmp_path: Path) -> None:
    evening, now = await an_evening(node), current_time()
    who = evening.worker
    async with door(node.engine) as session:
        await claim_seat(session, who.asker, evening.shift.lead, now, key="k1")
        notice = await notify(session, person_id=who.id, code="one", text="One.", now=now)
        await mark_seen(session, who.asker, notice_id=notice, now=now)
    settings = Settings(database_url=node.settings.database_url, keys=tmp_path / "keys")
    NodeKeys.create(settings.keys)
    own = OwnNode.open(settings.keys, name="North", base_url=settings.base_url)
    later = now + timedelta(days=31)
    clock = iter([now, later]).__next__
    workshop = open_workshop(settings, node.engine, own, clock)
    for at, expected in ((now, [1, 1]), (later, [0, 0])):
        assert await sweep(workshop, {}) == at + SWEEP_EVERY
        assert await kept(evening) == expected
