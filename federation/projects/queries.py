from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.projects.models import Project


async def project(session: AsyncSession, project_id: UUID) -> Project:
    """Give one project; which projects take part is known to everybody who may ask."""
    found = await session.get(Project, project_id)
    if found is None:
        raise NotFound
    return found


async def project_by_slug(session: AsyncSession, slug: str) -> Project:
    """Give the project with this short name."""
    found = await session.scalar(select(Project).where(Project.slug == slug))
    if found is None:
        raise NotFound
    return found


async def hold_project(session: AsyncSession, project_id: UUID) -> None:
    """Let those who bring things into a project come one after the other, as after two presses."""
    await session.execute(
        select(Project.id).where(Project.id == project_id).with_for_update(key_share=True)
    )


async def projects_at_home(session: AsyncSession) -> list[Project]:
    """List the projects whose home is this node, by short name."""
    rows = await session.scalars(
        select(Project).where(Project.node.is_(None)).order_by(Project.slug)
    )
    return list(rows)


async def project_names(session: AsyncSession, slugs: Collection[str]) -> dict[str, str]:
    """Give the names of projects whose short names are known."""
    rows = await session.execute(select(Project.slug, Project.name).where(Project.slug.in_(slugs)))
    return {row.slug: row.name for row in rows}
