"""Of somebody who is erased no word stays, but what their project says."""

from sqlalchemy.ext.asyncio import AsyncSession

from api.tables import METADATA
from federation.people.models import Person
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from rota.claims.models import Claim
from rota.erasing.actions import erase_person
from rota.sign_up.actions import claim_seat
from tests.federation.canaries.columns import OF_THE_PROJECT, PERSONAL
from tests.federation.canaries.planted import Planted, plant_of
from tests.protocols.example_texts import Members, signer
from tests.rota.world import NOW, Worker, a_pool, a_project, a_shift, a_worker, everything


async def planted_for(session: AsyncSession) -> tuple[Worker, Planted]:
    """Write a word into every personal field of somebody who has a seat and works on texts."""
    pool = await a_pool(session, await a_project(session))
    worker = await a_worker(session, pool.id, pool.coordinator)
    shift = await a_shift(session, pool)
    claim = await claim_seat(session, worker.asker, shift.lead, NOW)
    writer = Asker(worker.id, worker.asker.project_id, frozenset({"reviewer"}))
    members = Members(writer.project_id, pool.coordinator, writer, worker.asker, "own")
    planted = await plant_of(session, [worker.id], members, signer)
    # a coordinator's no is kept with the claim as well
    why = planted.word("claim", "reasons")
    (await session.get_one(Claim, claim.id)).reasons = [{"code": "not-agreed", "text": why}]
    return worker, planted


def places(columns: dict[str, tuple[str, ...]]) -> set[tuple[str, str]]:
    return {(table, column) for table, names in columns.items() for column in names}


async def left_of(session: AsyncSession, planted: Planted) -> set[tuple[str, str]]:
    """Say in which columns a planted word still stands."""
    tables = await everything(session)
    assert set(tables) == set(METADATA.tables)
    told = repr(tables)
    return {place for word, place in planted.words.items() if word in told}


async def test_no_word_outlives_its_person(session: AsyncSession) -> None:
    worker, planted = await planted_for(session)
    assert await left_of(session, planted) == {*places(PERSONAL), ("claim", "reasons")}
    person = await session.get_one(Person, worker.id)
    person.left_at = NOW
    await erase_person(session, OPERATOR, worker.id, NOW)
    assert await left_of(session, planted) == places(OF_THE_PROJECT)
