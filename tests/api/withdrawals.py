"""A project on a running node whose worker has a seat, with a text that can be withdrawn."""

from dataclasses import dataclass
from uuid import UUID

from api.parts import current_time
from database.session import door
from federation.partners.keys import NodeKeys
from protocols.pool_texts.actions import name_pool_text
from protocols.releases.models import Release
from protocols.releases.rules import read_manifest
from rota.readings.actions import look_at_readings
from rota.sign_up.actions import claim_seat
from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening
from tests.protocols.example_texts import Members, Told, protocol, released, take_up


@dataclass(frozen=True)
class InForce:
    """An evening with a text of two parts in force; the worker, who has the lead, has not read."""

    evening: Evening
    members: Members
    text: Release

    @property
    def node(self) -> Node:
        return self.evening.node

    @property
    def coordinator(self) -> Somebody:
        return self.evening.coordinator

    @property
    def worker(self) -> Somebody:
        return self.evening.worker

    @property
    def item(self) -> str:
        return self.text.urn.removeprefix("urn:uuid:")

    def part(self, place: int) -> UUID:
        return read_manifest(self.text.manifest).blocks[place].id

    async def look(self) -> None:
        async with door(self.node.engine) as session:
            await look_at_readings(session, current_time())


async def text_in_force(node: Node) -> InForce:
    if not (node.settings.keys / "node-id").exists():
        NodeKeys.create(node.settings.keys)
    evening = await an_evening(node)
    reviewer = await node.somebody("reviewer", project_id=evening.coordinator.project_id)
    members = Members(
        project=evening.coordinator.project_id,
        name="project",
        coordinator=evening.coordinator.asker,
        reviewer=reviewer.asker,
        worker=evening.worker.asker,
    )
    async with door(node.engine) as session:
        await claim_seat(session, evening.worker.asker, evening.shift.lead, current_time())
        told = Told(parts=("Two of you.", "Ring 999."))
        text = await released(session, members, protocol(told))
        await take_up(session, members, text)
        await name_pool_text(
            session,
            evening.coordinator.asker,
            pool_id=evening.pool.id,
            urn=text.urn,
            now=current_time(),
        )
    in_force = InForce(evening, members, text)
    await in_force.look()
    return in_force
