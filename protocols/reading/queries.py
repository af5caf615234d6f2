from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.errors import NotFound
from federation.people.models import Person
from federation.permissions.rules import Asker
from protocols.acknowledgement.models import Acknowledgement
from protocols.acknowledgement.queries import Reader, hashes_read, readers_of_text
from protocols.acknowledgement.rules import hash_to_acknowledge, hashes_that_count, needs_reading
from protocols.adoption.queries import AtWork, text_of_project, texts_at_work, texts_of_projects
from protocols.adoption.rules import InForce, is_overdue
from protocols.reading.rules import (
    Line,
    Reading,
    Text,
    WithdrawnNow,
    emergency_shown,
    open_gaps,
    set_aside_shown,
    shown,
)
from protocols.releases.queries import release_of
from protocols.releases.rules import read_manifest

LATELY = timedelta(days=7)


async def protocols_in_force(session: AsyncSession, asker: Asker, now: datetime) -> list[Line]:
    """List the protocols of the asker's project and where it stands with each.

    How many have read one is for its coordinators alone, and about their own people alone.
    """
    texts = await texts_of_projects(session, [asker.project_id])
    counted = asker.has("coordinator")
    people = await _people_of(session, asker.project_id) if counted else [asker.person_id]
    counting = {one for text in texts for one in hashes_that_count(text)}
    read = await hashes_read(session, {*people, asker.person_id}, counting)
    lines = [_line(text, asker.person_id, people if counted else None, read, now) for text in texts]
    return sorted(lines, key=lambda line: (line.title.casefold(), line.urn))


async def read_text(
    session: AsyncSession, asker: Asker, urn: str, language: str, now: datetime
) -> Reading:
    """Give a text as the asker's project has it in force, ready to be read and acknowledged."""
    text = await _in_force(session, asker, urn)
    return _reading(text, language, await _read_at(session, asker, text), now)


async def read_with_readers(
    session: AsyncSession, asker: Asker, urn: str, language: str, now: datetime
) -> tuple[Reading, list[Reader] | None]:
    """Give the same, and to a coordinator who of the project has read it."""
    text = await _in_force(session, asker, urn)
    reading = _reading(text, language, await _read_at(session, asker, text), now)
    if not asker.has("coordinator"):
        return reading, None
    return reading, await readers_of_text(session, asker, text)


async def _in_force(session: AsyncSession, asker: Asker, urn: str) -> InForce:
    text = await text_of_project(session, asker.project_id, urn)
    if text is None:
        raise NotFound
    return text


async def _read_at(session: AsyncSession, asker: Asker, text: InForce) -> datetime | None:
    at: datetime | None = await session.scalar(
        select(Acknowledgement.at)
        .where(
            Acknowledgement.person_id == asker.person_id,
            Acknowledgement.text_hash.in_(hashes_that_count(text)),
        )
        .order_by(Acknowledgement.at.desc())
        .limit(1)
    )
    return at


async def release_text(
    session: AsyncSession, asker: Asker, urn: str, number: str, language: str
) -> Text:
    """Give one release as it was published, with the values that the asker's project has."""
    release = await release_of(session, asker, urn, number)
    adopted = await text_of_project(session, asker.project_id, urn)
    return shown(read_manifest(release.manifest), language, adopted.values if adopted else {})


async def withdrawn_lately(
    session: AsyncSession, project_id: UUID, pool_id: UUID, now: datetime
) -> list[WithdrawnNow]:
    """List what was withdrawn in the last week of what a project uses on a pool's shifts."""
    return withdrawn_of(await texts_at_work(session, project_id, pool_id), now)


def withdrawn_of(at_work: AtWork, now: datetime) -> list[WithdrawnNow]:
    """List what was withdrawn in the last week of these texts, and of a project's answers."""
    recalled = [text for text in at_work.on_shifts if text.is_recalled]
    found = [
        _withdrawn(text, at)
        for text in (*recalled, *at_work.recalled_answers)
        if (at := at_work.recalled_at[text.urn]) >= now - LATELY
    ]
    return sorted(found, key=lambda one: (one.at, one.urn), reverse=True)


def _withdrawn(text: InForce, at: datetime) -> WithdrawnNow:
    return WithdrawnNow(
        urn=text.urn,
        title=_title(text),
        kind=text.facts.kind if text.facts else "protocol",
        reason=text.withdrawn_because or next(iter(text.withdrawn_parts.values())),
        at=at,
        number=text.manifest.number if text.manifest else "",
        said=text.emergency,
        values=text.values,
    )


def _reading(text: InForce, wanted: str, at: datetime | None, now: datetime) -> Reading:
    words = shown(text.manifest, wanted, text.values, text.own) if text.manifest else None
    emergency = emergency_shown(text.emergency, wanted, text.values) if text.emergency else None
    visible = words or emergency
    needed = needs_reading(text)
    to_read = hash_to_acknowledge(text, visible.language) if visible else None
    return Reading(
        urn=text.urn,
        title=words.title if words else _title(text),
        text=words,
        emergency=emergency,
        withdrawn_because=text.withdrawn_because,
        withdrawn_parts=text.withdrawn_parts,
        set_aside=set_aside_shown(text.set_aside, wanted, text.values),
        open_gaps=open_gaps(visible, text.facts),
        pending=text.pending,
        overdue=_overdue(text, now),
        needed=needed,
        acknowledged_at=at,
        to_acknowledge=to_read if needed and at is None else None,
    )


def _line(
    text: InForce,
    person_id: UUID,
    people: Collection[UUID] | None,
    read: dict[UUID, set[bytes]],
    now: datetime,
) -> Line:
    counting = hashes_that_count(text)
    facts = text.facts
    holds = text.manifest
    return Line(
        urn=text.urn,
        title=_title(text),
        protocol_kind=(facts.protocol_kind or "") if facts else "",
        number=holds.number if holds else "",
        pending=text.pending,
        mode=text.mode,
        on_shifts=text.on_shifts,
        withdrawn_because=text.withdrawn_because or next(iter(text.withdrawn_parts.values()), None),
        has_emergency_text=text.emergency is not None,
        review_by=facts.review_by if facts else None,
        overdue=_overdue(text, now),
        languages=sorted(holds.variants) if holds else [],
        needed=needs_reading(text),
        acknowledged=bool(read[person_id] & counting),
        readers=None if people is None else sum(bool(read[one] & counting) for one in people),
        people=None if people is None else len(people),
    )


def _title(text: InForce) -> str:
    return text.facts.source.title if text.facts else "A text that has not arrived here yet"


def _overdue(text: InForce, now: datetime) -> bool:
    return text.manifest is not None and is_overdue(text.manifest, now)


async def _people_of(session: AsyncSession, project_id: UUID) -> list[UUID]:
    query = select(Person.id).where(Person.project_id == project_id, Person.left_at.is_(None))
    return list(await session.scalars(query))
