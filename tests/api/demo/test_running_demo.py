"""The demo as people start it: once for this file, then started again and ended in every way."""

import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from httpx2 import AsyncClient

from api.demo.cast import NORTH, POOL, SOUTH, WEEKS
from api.demo.postgres import erase
from api.demo.stage import clock
from tests.api.conftest import form_token
from tests.api.demo.demo_process import (
    Demo,
    Place,
    alive,
    free_ports,
    is_free,
    its_postgres,
    kill,
    process_of,
    started,
)
from tests.api.demo.told import Told, ToldNode, ToldPool, ToldPublic
from tests.api.demo.what_is_kept import (
    everything_kept,
    personal_names,
    secrets_in,
    spoken_between_nodes,
)

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
AGAIN_SECONDS = 60
EVERYBODY = [player for troupe in (*NORTH, *SOUTH) for player in troupe.players]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("demo")
    yield Place(folder, free_ports())
    erase(folder / ".netreach" / "postgres")


@pytest.fixture(scope="module")
async def demo(place: Place) -> AsyncIterator[Demo]:
    async with started(place) as running:
        await running.until_running()
        yield running


@pytest.fixture(scope="module")
def told(demo: Demo) -> Told:
    return msgspec.json.decode((demo.place.kept / "demo.json").read_bytes(), type=Told)


def test_progress_is_told_step_by_step(demo: Demo) -> None:
    steps = [line for line in demo.said if re.fullmatch(r"\S.*", line)]
    assert steps == [
        "Starting PostgreSQL",
        "Starting node North",
        "Starting node South",
        "North: projects, people, trainings, availability",
        "South: projects, people, trainings, availability",
        "The nodes join: an invitation link, four words typed on both sides",
        "One pool over both nodes, handles for every worker",
        "A protocol and ten canned answers, released and shared",
        "Four weeks of sessions, offers from each home",
        "The planner plans the month",
        "The plan is published, the homes confirm",
        "A worker from South claims an open seat; another drops out",
        "A project imports what it had counted before it joined",
        "A second release of the protocol: adopted here, pending there",
        "Making sign-in links",
        "Running. Press Ctrl-C to end everything.",
    ]


def test_demo_json_is_as_the_contract_says(told: Told, place: Place) -> None:
    north, south = (f"http://127.0.0.1:{port}" for port in place.ports)
    assert told.nodes == [
        ToldNode("North", north, ["harbour-lights", "clyde-outreach"]),
        ToldNode("South", south, ["gracht-team"]),
    ]
    assert told.pool == ToldPool(POOL, north)
    assert told.public == ToldPublic(
        f"{north}/open/{POOL}",
        f"{north}/open/{POOL}.json",
        f"{north}/open/{POOL}.ics",
        f"{north}/widget.js",
    )
    assert (place.kept / "demo.json").stat().st_mode & 0o077 == 0


def test_every_person_on_both_nodes_is_listed(told: Told, place: Place) -> None:
    north, south = (f"http://127.0.0.1:{port}" for port in place.ports)
    listed = sorted((each.node, each.project, sorted(each.roles)) for each in told.people)
    assert listed == sorted(
        (node, troupe.slug, sorted(player.roles))
        for node, troupes in ((north, NORTH), (south, SOUTH))
        for troupe in troupes
        for player in troupe.players
    )
    assert len({each.handle for each in told.people}) == len(EVERYBODY)
    assert len({each.api_token for each in told.people}) == len(EVERYBODY)


async def test_every_token_and_calendar_works(told: Told) -> None:
    async with AsyncClient() as web:
        for each in told.people:
            bearer = {"authorization": f"Bearer {each.api_token}"}
            me = (await web.get(f"{each.node}/api/v1/me", headers=bearer)).json()
            assert (me["project"], me["roles"]) == (each.project, sorted(each.roles))
            handles = [each.handle] if "worker" in each.roles else []
            assert [known["handle"] for known in me["handles"]] == handles
            feed = await web.get(each.calendar_url)
            assert feed.status_code == 200
            assert feed.headers["content-type"].startswith("text/calendar")
            assert feed.text.startswith("BEGIN:VCALENDAR")


async def test_a_link_is_spent_by_its_button_only(told: Told) -> None:
    for each in (told.people[0], told.people[-1]):
        async with AsyncClient() as preview, AsyncClient() as browser:
            for _ in range(2):
                assert (await preview.get(each.sign_in_url)).status_code == 200
            token = await form_token(browser, each.sign_in_url)
            spent = await browser.post(each.sign_in_url, data={"_csrf_token": token})
            assert spent.status_code == 303
            assert "Sign out" in (await browser.get(f"{each.node}/sign-in")).text
            assert (await preview.get(each.sign_in_url)).status_code == 410


async def test_public_addresses_answer_with_hours(told: Told) -> None:
    async with AsyncClient() as web:
        kinds = {
            name: (await web.get(url)).headers["content-type"].split(";")[0]
            for name, url in msgspec.structs.asdict(told.public).items()
        }
        assert kinds == {
            "page": "text/html",
            "json": "application/json",
            "ics": "text/calendar",
            "widget": "text/javascript",
        }
        hours = (await web.get(told.public.json)).json()["hours"]
        assert {hour["status"] for hour in hours} == {"confirmed"}


async def test_the_start_page_has_the_figure(told: Told) -> None:
    async with AsyncClient() as web:
        page = (await web.get(told.nodes[0].base_url)).text
    figures = [float(number) for number in re.findall(r">(\d+\.\d)<", page)]
    together, alone, before = figures[:3]
    assert together > 2 * alone
    assert before == max(troupe.hours_before for troupe in (*NORTH, *SOUTH))


async def test_a_worker_from_south_holds_a_seat_and_a_dropout_has_left_one(told: Told) -> None:
    [south] = [node.base_url for node in told.nodes if node.name == "South"]
    worker = next(each for each in told.people if each.node == south and "worker" in each.roles)
    bearer = {"authorization": f"Bearer {worker.api_token}"}
    shifts: list[dict[str, Any]] = []
    asked: dict[str, str] = {"until": (clock() + timedelta(weeks=WEEKS + 1)).isoformat()}
    async with AsyncClient(base_url=south, headers=bearer) as web:
        while "cursor" not in asked or asked["cursor"]:
            page = (await web.get(f"/api/v1/pools/{POOL}/shifts", params=asked)).json()
            shifts += page["items"]
            asked["cursor"] = page["next"]
    chats = [shift for shift in shifts if shift["channel"] == "live-chat"]
    short = [
        sorted(seat["role"] for seat in shift["seats"] if seat["state"] != "held")
        for shift in chats
        if not shift["open"]
    ]
    # four Saturday mornings without a supervisor, one of which got a lead from afar; one drop-out
    everything = ["lead", "second", "supervisor"]
    assert sorted(short) == sorted(
        [["second"], ["second", "supervisor"], everything, everything, everything]
    )


async def test_what_a_project_had_counted_is_in_its_report_and_its_demand(told: Told) -> None:
    of_first = [each for each in told.people if each.project == NORTH[0].slug]
    keeper = next(each for each in of_first if "coordinator" in each.roles)
    bearer = {"authorization": f"Bearer {keeper.api_token}"}
    months = {"from": str((clock() - timedelta(weeks=16)).date()), "until": str(clock().date())}
    address = f"/api/v1/pools/{POOL}"
    async with AsyncClient(base_url=keeper.node, headers=bearer) as web:
        [one] = (await web.get(f"{address}/record-imports")).json()["items"]
        found = (await web.get(f"{address}/report", params=months)).json()["values"]
        demand = (await web.get(f"{address}/demand")).json()
    assert (one["contacts"], one["sessions"]) == (102, 51)
    assert found["talked"] == found["imported"] > 0
    assert found["turned-away"] > 0
    assert (len(demand["hours"]), demand["mean"] > 0) == (168, True)


async def test_nothing_personal_and_no_secret_is_where_it_should_not_be(
    demo: Demo, told: Told
) -> None:
    kept = await everything_kept(its_postgres(demo.place))
    names = [player.name.split()[0] for player in EVERYBODY]
    assert personal_names(kept, names) == {"person"}
    logs = {path.name: path.read_text() for path in (demo.place.kept / "logs").iterdir()}
    assert personal_names({"logs": logs}, names) == set()
    handles = [each.handle for each in told.people if "worker" in each.roles]
    audits = {node: {"audit": tables["audit_entry"]} for node, tables in kept.items()}
    assert personal_names({**audits, "logs": logs}, handles) == set()
    secrets = [
        secret
        for each in told.people
        for secret in (
            each.api_token,
            each.sign_in_url.rpartition("/")[2],
            each.calendar_url.rpartition("/")[2].removesuffix(".ics"),
        )
    ]
    assert secrets_in({**kept, "logs": logs}, secrets) == set()


async def test_no_person_is_known_to_the_other_node(demo: Demo) -> None:
    server = its_postgres(demo.place)
    kept = await everything_kept(server)
    said = await spoken_between_nodes(server)
    for node, other in (("north", "south"), ("south", "north")):
        ids = re.findall(r"^id=([0-9a-f-]{36})", kept[node]["person"], re.MULTILINE)
        assert len(ids) == len([*kept[node]["person"].splitlines()])
        assert personal_names({other: kept[other], "said": said}, ids) == set()


@ON_LINUX
async def test_ends_in_time_and_leaves_nothing_then_keeps_what_was_there(demo: Demo) -> None:
    place, before = demo.place, demo.place.told()
    await end(demo, signal.SIGINT)
    async with started(place) as again:
        await again.until_running()
        assert again.seconds < AGAIN_SECONDS
        after = place.told()
        for known, new in zip(before["people"], after["people"], strict=True):
            link, newer = known.pop("sign_in_url"), new.pop("sign_in_url")
            assert link != newer
        assert after == before
        async with AsyncClient() as web:
            bearer = {"authorization": f"Bearer {after['people'][0]['api_token']}"}
            node = after["people"][0]["node"]
            assert (await web.get(f"{node}/api/v1/me", headers=bearer)).status_code == 200
        await end(again, signal.SIGTERM)


async def end(demo: Demo, number: signal.Signals = signal.SIGINT) -> None:
    """End a demo, if it still runs; no process, port or server of it is left."""
    if demo.process.returncode is not None:
        return
    children, server = demo.children(), process_of(its_postgres(demo.place))
    assert len(children) >= 4
    demo.process.send_signal(number)
    assert await demo.ended() == (0, "")
    assert alive([*children, server]) == []
    assert [is_free(port) for port in demo.place.ports] == [True, True]


@ON_LINUX
async def test_make_that_is_told_to_end_takes_the_demo_along(demo: Demo) -> None:
    await end(demo)
    place = demo.place
    (place.folder / "Makefile").write_text("demo:\n\t@" + " ".join(place.command) + "\n")
    async with started(place, [shutil.which("make") or "make", "demo"]) as make:
        await make.until_running()
        children, server = make.children(), process_of(its_postgres(place))
        make.process.send_signal(signal.SIGINT)
        code, _ = await make.ended()
        assert code != 0  # make's own: it was interrupted
        assert alive([*children, server]) == []
        assert [is_free(port) for port in place.ports] == [True, True]


@ON_LINUX
async def test_a_process_that_dies_ends_the_demo_with_its_last_words(demo: Demo) -> None:
    await end(demo)
    async with started(demo.place) as again:
        await again.until_running()
        children, server = again.children(), process_of(its_postgres(demo.place))
        kill(children[-1])
        code, said = await again.ended()
        assert code == 1
        assert re.fullmatch(r"\S+ has ended by SIGKILL.* \(see \S+\.log\)\n", said)
        assert alive([*children, server]) == []
