from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.audit.models import AuditEntry
from federation.errors import NotAllowed, NotFound
from federation.people.actions import add_person, grant_role, let_go, take_role
from federation.people.errors import NameMissing, UnknownLanguage, UnknownRole
from federation.people.models import Person
from federation.people.queries import PersonWithRoles, people_of_project, person
from federation.people.rules import OPERATOR
from tests.federation.conftest import NOW, Project


async def test_a_coordinator_takes_somebody_in(session: AsyncSession, home: Project) -> None:
    coordinator = await home.somebody("coordinator", name="Bo Example")
    person_id = await add_person(
        session,
        coordinator,
        project_id=home.id,
        name=" Cy Example ",
        languages=["en", "pt-BR"],
        roles=["worker", "supervisor"],
        now=NOW,
    )
    roles = frozenset({"worker", "supervisor"})
    shown = PersonWithRoles(person_id, home.id, "Cy Example", ["en", "pt-BR"], roles)
    assert await person(session, coordinator, person_id) == shown
    assert [known.name for known in await people_of_project(session, coordinator)] == [
        "Bo Example",
        "Cy Example",
    ]
    rows = await session.execute(
        select(AuditEntry.actor, AuditEntry.verb, AuditEntry.facts)
        .where(AuditEntry.subject_id == person_id)
        .order_by(AuditEntry.id)
    )
    actor = str(coordinator.person_id)
    assert [tuple(row) for row in rows] == [
        (actor, "person.added", {}),
        (actor, "role.granted", {"role": "supervisor"}),
        (actor, "role.granted", {"role": "worker"}),
    ]


async def test_people_of_another_project_do_not_exist(
    session: AsyncSession, home: Project, elsewhere: Project
) -> None:
    ann = await home.somebody("worker")
    for roles in (["coordinator"], ["worker"]):
        stranger = await elsewhere.somebody(*roles)
        with pytest.raises(NotFound):
            await person(session, stranger, ann.person_id)
        with pytest.raises(NotFound):
            await grant_role(session, stranger, person_id=ann.person_id, role="reviewer", now=NOW)
        with pytest.raises(NotFound):
            await let_go(session, stranger, person_id=ann.person_id, now=NOW)
        with pytest.raises(NotFound):
            await add_person(
                session, stranger, project_id=home.id, name="X", languages=[], roles=[], now=NOW
            )
    stranger = await elsewhere.somebody("coordinator", name="Only I")
    assert "Ann Example" in [p.name for p in await people_of_project(session, stranger)]
    assert ann.person_id not in [p.id for p in await people_of_project(session, stranger)]


async def test_a_colleague_sees_nobody_and_changes_nothing(
    session: AsyncSession, home: Project
) -> None:
    ann, colleague = await home.somebody("worker"), await home.somebody("worker", "supervisor")
    with pytest.raises(NotFound):
        await person(session, colleague, ann.person_id)
    with pytest.raises(NotAllowed):
        await people_of_project(session, colleague)
    with pytest.raises(NotAllowed):
        await grant_role(
            session, colleague, person_id=colleague.person_id, role="coordinator", now=NOW
        )
    assert (await person(session, ann, ann.person_id)).roles == frozenset({"worker"})


async def test_a_reading_token_of_a_coordinator_changes_nothing(
    session: AsyncSession, home: Project
) -> None:
    coordinator = await home.somebody("coordinator")
    reader = replace(coordinator, scopes=frozenset({"read"}))
    with pytest.raises(NotAllowed, match="only read"):
        await grant_role(session, reader, person_id=coordinator.person_id, role="worker", now=NOW)


async def test_roles_are_granted_once_and_taken_away(session: AsyncSession, home: Project) -> None:
    ann = await home.somebody()
    for _ in range(2):
        await grant_role(session, OPERATOR, person_id=ann.person_id, role="worker", now=NOW)
    assert (await person(session, ann, ann.person_id)).roles == frozenset({"worker"})
    for _ in range(2):
        await take_role(session, OPERATOR, person_id=ann.person_id, role="worker", now=NOW)
    assert (await person(session, ann, ann.person_id)).roles == frozenset()
    verbs = await session.scalars(
        select(AuditEntry.verb)
        .where(AuditEntry.subject_id == ann.person_id)
        .order_by(AuditEntry.id)
    )
    assert list(verbs) == ["person.added", "role.granted", "role.taken"]


async def test_whoever_has_left_is_not_found(session: AsyncSession, home: Project) -> None:
    ann = await home.somebody("worker")
    await let_go(session, OPERATOR, person_id=ann.person_id, now=NOW)
    with pytest.raises(NotFound):
        await person(session, OPERATOR, ann.person_id)
    with pytest.raises(NotFound):
        await grant_role(session, OPERATOR, person_id=ann.person_id, role="worker", now=NOW)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"name": "  "}, NameMissing),
        ({"languages": ["English"]}, UnknownLanguage),
        ({"languages": ["en", ""]}, UnknownLanguage),
        ({"roles": ["boss"]}, UnknownRole),
    ],
)
async def test_what_makes_no_sense_is_refused(
    session: AsyncSession,
    home: Project,
    changed: dict[str, object],
    refusal: type[Exception],
) -> None:
    facts: dict[str, object] = {"name": "Ann", "languages": ["en"], "roles": ["worker"]}
    async with session.begin_nested() as attempt:
        with pytest.raises(refusal):
            await add_person(
                session,
                OPERATOR,
                project_id=home.id,
                now=NOW,
                **(facts | changed),  # type: ignore[arg-type]  # one of them is wrong on purpose
            )
        await attempt.rollback()
    assert await session.scalar(select(Person.id).where(Person.project_id == home.id)) is None
