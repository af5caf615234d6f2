"""A live chat that runs now, with two workers who hold its seats and one who does not."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from api.parts import current_time
from database.session import door
from federation.access.actions import make_api_token
from federation.people.actions import grant_role
from federation.people.models import Handle
from federation.people.rules import OPERATOR
from rota.shifts.models import Seat
from tests.api.conftest import Node
from tests.rota.example_rota import ExampleRota, example_rota


@dataclass(frozen=True)
class Sitting:
    """Somebody with a handle, and a token that speaks for them."""

    id: UUID
    display: str
    token: str

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class RunningChat:
    """`wren` and `robin` hold seats of `shift`; `finch` is of their project and holds none.

    `free` is a seat of a session of the day `tomorrow`.
    """

    node: Node
    slug: str
    shift: UUID
    claim: UUID
    free: UUID
    tomorrow: str
    wren: Sitting
    robin: Sitting
    finch: Sitting

    async def public(self) -> dict[str, object]:
        answer = await self.node.web.get(f"/open/{self.slug}.json")
        now: dict[str, object] = answer.json()["now"]
        return now


async def sitting(session: AsyncSession, handle: Handle) -> Sitting:
    assert handle.person_id
    await grant_role(
        session, OPERATOR, person_id=handle.person_id, role="worker", now=current_time()
    )
    token = await make_api_token(
        session,
        OPERATOR,
        person_id=handle.person_id,
        label="test",
        scopes=("read", "write"),
        days=1,
        now=current_time(),
    )
    return Sitting(handle.person_id, handle.display, token.secret)


async def running_chat(node: Node) -> RunningChat:
    now = current_time()
    async with door(node.engine) as session:
        rota: ExampleRota = await example_rota(session, now=now)
        wren, robin, finch = [await rota.person("en") for _ in range(3)]
        shift = await rota.shift(now - timedelta(minutes=5))
        claim = await rota.hold(shift, wren, "lead")
        await rota.hold(shift, robin, "second")
        later = await rota.shift(now + timedelta(days=1), is_open=False)
        free = Seat(shift_id=later.id, role="lead")
        await rota.add(free)
        return RunningChat(
            node,
            rota.pool.slug,
            shift.id,
            claim.id,
            free.id,
            later.starts.astimezone(ZoneInfo(later.zone)).date().isoformat(),
            *[await sitting(session, handle) for handle in (wren, robin, finch)],
        )
