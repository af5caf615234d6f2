from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.permissions.rules import Asker
from protocols.adoption.models import Adoption
from protocols.adoption.rules import InForce
from protocols.signposts.models import Signpost
from protocols.signposts.rules.entries import Entry
from protocols.signposts.rules.naming import services_named


async def entries_of(
    session: AsyncSession, project_id: UUID, ids: Collection[UUID]
) -> dict[UUID, Entry]:
    """Give some of a project's own entries by id; another project's are not there."""
    if not ids:
        return {}
    query = select(Signpost).where(Signpost.project_id == project_id, Signpost.id.in_(ids))
    return {row.id: entry_of(row) for row in await session.scalars(query)}


async def entries_named_in(
    session: AsyncSession, project_id: UUID, texts: Iterable[InForce]
) -> dict[UUID, Entry]:
    """Give the entries that a project's values name in these texts."""
    named = [
        service
        for text in texts
        if text.facts is not None
        for service in services_named(text.facts, text.values).values()
        if service is not None
    ]
    return await entries_of(session, project_id, named)


async def all_entries(session: AsyncSession, asker: Asker) -> list[Entry]:
    """List the services that the asker's project knows, by name."""
    query = select(Signpost).where(Signpost.project_id == asker.project_id)
    found = [entry_of(row) for row in await session.scalars(query)]
    return sorted(found, key=lambda entry: (entry.name.casefold(), entry.id))


async def named_by(
    session: AsyncSession, project_id: UUID, ids: Collection[UUID]
) -> dict[UUID, list[str]]:
    """Give the items whose values name these entries, in the project that has both."""
    value = func.jsonb_each_text(Adoption.values).table_valued("key", "value").render_derived()
    query = (
        select(value.c.value, Adoption.urn)
        .select_from(Adoption)
        .join(value, true())
        .where(
            Adoption.project_id == project_id,
            value.c.value.in_([str(each) for each in ids]),
        )
        .order_by(Adoption.urn)
    )
    found: dict[UUID, list[str]] = {}
    for written, urn in await session.execute(query):
        found.setdefault(UUID(written), []).append(urn)
    return found


async def signpost_of(
    session: AsyncSession, asker: Asker, signpost_id: UUID, *, lock: bool = False
) -> Signpost:
    """Give one entry of the asker's own project."""
    query = select(Signpost).where(
        Signpost.id == signpost_id, Signpost.project_id == asker.project_id
    )
    row = await session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound
    return row


def entry_of(row: Signpost) -> Entry:
    """Give an entry's values without its row."""
    return Entry(
        id=row.id,
        source_id=row.source_id,
        name=row.name,
        services=row.services,
        opening=row.opening,
        area=row.area,
        languages=row.languages,
        phone=row.phone,
        email=row.email,
        web=row.web,
        last_checked=row.last_checked,
        check_every_days=row.check_every_days,
        expires=row.expires,
        closed=row.closed_at is not None,
    )
