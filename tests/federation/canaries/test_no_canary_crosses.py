"""No word of a person crosses to another node, is logged, measured, or said in an error.

Every column that can hold words is either personal, and then a word of its own is planted in it on
all nodes, or it is not: a new one has to be said to be one of the two.
"""

from collections.abc import AsyncIterator

import httpx2
import pytest
from sqlalchemy import JSON, LargeBinary, String, select
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

from api.tables import METADATA
from benchmarks.repeatable import Repeatable
from database.session import door
from federation.people.models import Handle
from federation.projects.models import Project
from tests.federation.canaries.columns import NOT_PERSONAL, PERSONAL
from tests.federation.canaries.crossed import kinds_in, said_in
from tests.federation.canaries.planted import Planted, plant
from tests.federation.chaos.shaken import Shaken
from tests.federation.chaos.steps import EVERYTHING
from tests.federation.chaos.trio import Trio, a_trio
from tests.rota.walk.seats import some_are_seated

STORIES = (2, 3, 5)
"""Between them all that partners say to each other is said."""
STEPS = 30
WORDS = (String, LargeBinary, JSON, TSVECTOR)
SAID_AT_LEAST = {
    "claim.requested",
    "claim.cancelled",
    "claim.proposed",
    "proposal.answered",
    "cover.asked",
    "swap.offered",
    "exchange.asked",
    "handle.stated",
    "member.joined",
    "pool.stated",
    "release.stated",
    "recall.confirmed",
    "restore.answered",
    "shift.stated",
}
NOWHERE = (
    ("GET", "/fed/v1/feeds"),
    ("GET", "/fed/v1/feeds/01940000-0000-7000-8000-000000000066"),
    ("POST", "/fed/v1/join"),
    ("POST", "/fed/v1/document"),
    ("POST", "/fed/v1/token"),
    ("GET", "/api/v1/me"),
    ("GET", "/calendar/nobody.ics"),
)


def columns_with_words() -> set[str]:
    found = set()
    for table in METADATA.sorted_tables:
        for column in table.columns:
            kind = column.type.item_type if isinstance(column.type, ARRAY) else column.type
            if isinstance(kind, WORDS):
                found.add(f"{table.name}.{column.name}")
    return found


def test_every_column_with_words_is_said_to_be_personal_or_not() -> None:
    personal = {f"{table}.{column}" for table, names in PERSONAL.items() for column in names}
    other = {f"{table}.{column}" for table, names in NOT_PERSONAL.items() for column in names}
    assert personal & other == set()
    assert personal | other == columns_with_words()


@pytest.fixture
async def trio(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Trio, list[Planted]]]:
    async with a_trio(server_url, template, tmp_path_factory.mktemp("canaries")) as made:
        for node in made.shaken:
            node.line.recorded = []
        walk = Shaken(made, Repeatable(0), server_url)
        await walk.begin()
        await some_are_seated(walk)
        planted = [await plant(node, made.authors[node.name]) for node in made.shaken]
        await made.keep_beginning()
        yield made, planted


async def errors_and_figures(trio: Trio) -> list[bytes]:
    """Give what nodes answer to whoever asks wrongly, and what they show to who measures."""
    found = []
    async with httpx2.AsyncClient(trust_env=False) as http:
        for node in trio.shaken:
            for method, path in NOWHERE:
                answer = await http.request(method, f"{node.line.address}{path}", json={})
                assert answer.status_code >= 400
                found.append(answer.content)
            figures = await http.get(f"{node.line.address}/metrics")
            assert b"netreach_requests" in figures.content
            found.append(figures.content)
    return found


async def test_no_word_of_anybody_crosses_or_is_logged(
    trio: tuple[Trio, list[Planted]], server_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    nodes, planted = trio
    words = {word: place for one in planted for word, place in one.words.items()}
    assert set(words.values()) == {
        (table, column) for table, names in PERSONAL.items() for column in names
    }
    for seed in STORIES:
        await nodes.begin_anew(seed)
        walk = Shaken(nodes, Repeatable(seed), server_url)
        for _ in range(STEPS):
            await walk.step(EVERYTHING)
        await nodes.calm_down()
    recorded = [one for node in nodes.shaken for one in node.line.recorded or []]
    crossed = list(said_in(recorded))
    assert SAID_AT_LEAST - kinds_in(crossed) == set()
    left = {
        "the lines": b"\n".join(crossed),
        "errors and figures": b"\n".join(await errors_and_figures(nodes)),
        "the logs": "".join(capfd.readouterr()).encode(),
    }
    people = {person for one in planted for person in one.people}
    found = {
        (where, words.get(canary, "person.id"))
        for where, said in left.items()
        for canary in (*words, *people)
        if canary.encode() in said
    }
    assert found == set()
    # the same search does find what is meant to cross: the names by which partners know people
    async with door(nodes.host.engine) as session:
        theirs = select(Handle.display).join(Project, Project.id == Handle.project_id)
        handles = list(await session.scalars(theirs.where(Project.node.is_not(None))))
    assert [one for one in handles if one.encode() in left["the lines"]] != []
