from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from database.ids import new_id
from federation.errors import NotAllowed, NotFound
from federation.people.rules import OPERATOR
from federation.projects.actions import add_project
from federation.projects.errors import SlugTaken, SlugUnfit, UnknownZone
from federation.projects.queries import project, project_by_slug, projects_at_home
from tests.federation.conftest import NOW, Project

FACTS: dict[str, Any] = {
    "slug": "harbour",
    "name": "Harbour",
    "region": "Fife",
    "jurisdiction": "scotland",
    "zone": "Europe/London",
    "languages": ["en", "ro"],
}


async def test_a_project_is_set_up_once(session: AsyncSession) -> None:
    project_id = await add_project(session, OPERATOR, **FACTS, now=NOW)
    found = await project_by_slug(session, "harbour")
    assert (found.id, found.name, found.languages) == (project_id, "Harbour", ["en", "ro"])
    assert await project(session, project_id) is found
    assert [known.slug for known in await projects_at_home(session)] == ["harbour"]
    with pytest.raises(SlugTaken):
        await add_project(session, OPERATOR, **FACTS, now=NOW)


async def test_nobody_sets_up_a_project_over_the_web(session: AsyncSession, home: Project) -> None:
    coordinator = await home.somebody("coordinator", "partner-administrator")
    with pytest.raises(NotAllowed):
        await add_project(session, coordinator, **FACTS, now=NOW)
    with pytest.raises(NotFound):
        await project_by_slug(session, "harbour")


@pytest.mark.parametrize("slug", ["", "Harbour", "-a", "a-", "a b", "a/b", "ä", "a" * 61])
async def test_a_slug_is_fit_for_an_address(session: AsyncSession, slug: str) -> None:
    with pytest.raises(SlugUnfit):
        await add_project(session, OPERATOR, **FACTS | {"slug": slug}, now=NOW)


@pytest.mark.parametrize("zone", ["", "London", "Europe/Atlantis", "../etc/passwd", "Europe"])
async def test_a_zone_is_known(session: AsyncSession, zone: str) -> None:
    with pytest.raises(UnknownZone):
        await add_project(session, OPERATOR, **FACTS | {"zone": zone}, now=NOW)


async def test_a_project_that_is_not_there_is_not_found(session: AsyncSession) -> None:
    with pytest.raises(NotFound):
        await project(session, new_id())
