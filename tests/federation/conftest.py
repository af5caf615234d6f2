"""Two projects of one node, for tests in which somebody must be refused."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from federation.people.actions import add_person
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.projects.actions import add_project

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Project:
    id: UUID
    session: AsyncSession

    async def somebody(self, *roles: str, name: str = "Ann Example") -> Asker:
        person_id = await add_person(
            self.session,
            OPERATOR,
            project_id=self.id,
            name=name,
            languages=["en"],
            roles=roles,
            now=NOW,
        )
        return Asker(person_id, self.id, frozenset(roles))


async def new_project(session: AsyncSession) -> Project:
    project_id = await add_project(
        session,
        OPERATOR,
        slug=f"p-{uuid4().hex[:8]}",
        name="Quayside Outreach",
        region="North East",
        jurisdiction="england-and-wales",
        zone="Europe/London",
        languages=["en"],
        now=NOW,
    )
    return Project(project_id, session)


@pytest.fixture
async def home(session: AsyncSession) -> Project:
    return await new_project(session)


@pytest.fixture
async def elsewhere(session: AsyncSession) -> Project:
    return await new_project(session)
