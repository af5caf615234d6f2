"""Two projects of a running node that share a pool, and one that shares nothing with them."""

from dataclasses import dataclass

from database.session import door
from tests.api.conftest import Node, Somebody
from tests.api.sharing import shared_pool
from tests.protocols.example_texts import Members
from tests.protocols.proposals.suggestions import Suggesting, with_own_parts


@dataclass(frozen=True)
class Crew:
    """The people of one project."""

    coordinator: Somebody
    reviewer: Somebody
    worker: Somebody

    @property
    def members(self) -> Members:
        return Members(
            project=self.coordinator.project_id,
            coordinator=self.coordinator.asker,
            reviewer=self.reviewer.asker,
            worker=self.worker.asker,
            name="crew",
        )


@dataclass(frozen=True)
class Stage:
    """The owner of a text, who uses it in words of their own, and a stranger."""

    node: Node
    owner: Crew
    user: Crew
    stranger: Crew
    own: Suggesting

    @property
    def item(self) -> str:
        return self.own.text.urn.removeprefix("urn:uuid:")


async def crew(node: Node) -> Crew:
    project = await node.project()
    return Crew(
        *[
            await node.somebody(role, project_id=project, name=f"Canary {role.title()}son")
            for role in ("coordinator", "reviewer", "worker")
        ]
    )


async def a_stage(node: Node) -> Stage:
    owner, user, stranger = [await crew(node) for _ in range(3)]
    async with door(node.engine) as session:
        await shared_pool(session, owner.members.project, user.members.project)
        own = await with_own_parts(session, owner.members, user.members)
    return Stage(node, owner, user, stranger, own)
