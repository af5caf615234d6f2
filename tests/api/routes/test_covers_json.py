from datetime import timedelta

import pytest
from httpx2 import Response

from tests.api.conftest import Node, Somebody
from tests.api.evening import Evening, an_evening

LIST = "/api/v1/covers"


@pytest.fixture
async def evening(node: Node) -> Evening:
    return await an_evening(node)


async def claimed(evening: Evening) -> str:
    path = f"/api/v1/seats/{evening.shift.lead}/claims"
    taken = await evening.node.web.post(path, headers=evening.worker.bearer)
    claim: str = taken.json()["id"]
    return claim


async def asked(evening: Evening, claim: str) -> Response:
    path = f"/api/v1/claims/{claim}/cover"
    return await evening.node.web.post(path, headers=evening.worker.bearer)


async def listed(evening: Evening, who: Somebody) -> list[tuple[str, bool]]:
    answer = await evening.node.web.get(LIST, headers=who.bearer)
    return [(each["id"], each["mine"]) for each in answer.json()["items"]]


async def test_a_seat_is_asked_for_seen_and_taken_over(evening: Evening) -> None:
    colleague, _ = await evening.colleague()
    claim = await claimed(evening)
    answer = await asked(evening, claim)
    cover = answer.json()
    assert (answer.status_code, cover) == (
        201,
        {
            "id": cover["id"],
            "seat": str(evening.shift.lead),
            "kind": "asked",
            "step": "own-project",
            "state": "open",
            "until": cover["until"],
        },
    )
    assert await listed(evening, evening.worker) == [(cover["id"], True)]
    assert await listed(evening, colleague) == [(cover["id"], False)]
    taken = await evening.node.web.post(f"{LIST}/{cover['id']}/claims", headers=colleague.bearer)
    assert (taken.status_code, taken.json()["state"]) == (201, "held")
    shown = await evening.node.web.get(f"/api/v1/claims/{claim}", headers=evening.worker.bearer)
    assert shown.json()["state"] == "released"
    late = await evening.node.web.post(f"{LIST}/{cover['id']}/claims", headers=colleague.bearer)
    assert (late.status_code, late.json()["code"]) == (409, "cover-over")
    assert await listed(evening, colleague) == []


async def test_the_seats_of_some_days_are_asked_for(evening: Evening) -> None:
    claim = await claimed(evening)
    day = timedelta(days=1)
    start, end = evening.shift.starts - day, evening.shift.starts + day
    spans = [(start, end), (end, end + day), (end, start)]
    answers = [
        await evening.node.web.post(
            LIST,
            json={"start": begins.isoformat(), "end": ends.isoformat()},
            headers=evening.worker.bearer,
        )
        for begins, ends in spans
    ]
    assert [each.status_code for each in answers] == [202, 202, 400]
    assert [each.json() for each in answers[:2]] == [{"claims": [claim]}, {"claims": []}]
    assert answers[2].json()["code"] == "invalid-request"


async def test_it_is_withdrawn(evening: Evening) -> None:
    cover = (await asked(evening, await claimed(evening))).json()["id"]
    path = f"{LIST}/{cover}"
    first = await evening.node.web.delete(path, headers=evening.worker.bearer)
    again = await evening.node.web.delete(path, headers=evening.worker.bearer)
    assert (first.status_code, again.status_code) == (204, 409)
    assert await listed(evening, evening.worker) == []


async def test_other_projects_see_nothing_of_the_first_step(evening: Evening) -> None:
    stranger = await evening.node.somebody("worker", "coordinator")
    cover = (await asked(evening, await claimed(evening))).json()["id"]
    assert await listed(evening, stranger) == []
    for method, path in (
        ("GET", f"{LIST}/{cover}/text"),
        ("POST", f"{LIST}/{cover}/claims"),
        ("DELETE", f"{LIST}/{cover}"),
    ):
        answer = await evening.node.web.request(method, path, headers=stranger.bearer)
        assert answer.status_code == 404
    without = await evening.node.web.post(f"{LIST}/{cover}/claims")
    assert without.status_code == 401


@pytest.mark.parametrize(
    ("language", "question"),
    [("en", "Who can step in?"), ("nl", "Wie kan invallen?"), ("ro", "Cine poate ține locul?")],
)
async def test_words_for_a_group_name_nothing_but_a_time(
    evening: Evening, language: str, question: str
) -> None:
    cover = (await asked(evening, await claimed(evening))).json()["id"]
    path = f"{LIST}/{cover}/text?language={language}"
    text = (await evening.node.web.get(path, headers=evening.worker.bearer)).json()["text"]
    assert text.splitlines()[0] == question
    for secret in (evening.handle, evening.pool.slug, "Evening chat", "Quayside", "London"):
        assert secret.casefold() not in text.casefold()
    unknown = await evening.node.web.get(
        f"{LIST}/{cover}/text?language=xx", headers=evening.worker.bearer
    )
    assert unknown.status_code == 400
