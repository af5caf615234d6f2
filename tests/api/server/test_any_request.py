"""schemathesis drives the people's API from its own description, with requests nobody thinks of."""

import asyncio
import json
import re
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from api.parts import current_time
from database.session import door
from federation.access.actions import make_api_token
from federation.partners.keys import NodeKeys
from federation.people.actions import grant_role
from federation.people.models import Handle
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.pools.queries import channel_of
from protocols.acknowledgement.rules import hash_to_acknowledge
from protocols.adoption.queries import text_of_project
from rota.calendar.actions import make_address
from rota.calendar.models import CalendarAddress
from rota.claims.models import Claim
from rota.shifts.actions import make_pattern
from rota.shifts.models import Seat, Shift
from rota.shifts.rules.patterns import Timing
from rota.shifts.rules.staffing import Staffing
from tests.api.server.conftest import log_of, serving
from tests.browser.site import furnished

NAMED = 0.85
ENDING = (
    "DELETE /api/v1/claims/{claim}",
    "DELETE /api/v1/shifts/{shift}",
    "DELETE /api/v1/patterns/{pattern}",
    "DELETE /api/v1/me/tokens/{token_id}",
)
"""What takes away something on which other requests live, in the end even the token itself."""
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "ignored_auth",
)


@dataclass(frozen=True)
class Seeded:
    """A token, and what there is that its person may name, by where it is named."""

    token: str
    known: dict[str, list[str]]

    def configuration(self) -> str:
        """Have most requests name what there is; else nearly all would be told that it is not."""
        lines = []
        for place, values in self.known.items():
            name = re.sub(r"\W+", "-", place)
            lines += [f"[dictionaries.{name}]", f"values = {json.dumps(values)}"]
        lines += ["[parameters]"]
        for place in self.known:
            name = re.sub(r"\W+", "-", place)
            lines += [f'"{place}" = {{ dictionary = "{name}", probability = {NAMED} }}']
        return "\n".join(lines)


async def seeded(engine: AsyncEngine) -> Seeded:
    site, now = await furnished(engine, ""), current_time()
    ann = site.people["worker"].asker
    async with door(engine) as session:
        await grant_role(session, OPERATOR, person_id=ann.person_id, role="coordinator", now=now)
        made = [
            await make_api_token(
                session,
                OPERATOR,
                person_id=ann.person_id,
                label="test",
                scopes=["read", "write"],
                days=1,
                now=now,
            )
            for _ in range(4)
        ]
        for _ in range(3):
            await make_address(session, ann.person_id, "phone", "Shift", now)
        pattern = await a_series(session, ann, site.pool, now)
        item = site.protocol.rpartition("/")[2]
        text = await text_of_project(session, ann.project_id, f"urn:uuid:{item}")
        words = hash_to_acknowledge(text, "en") if text else None
        return Seeded(
            made[0].secret,
            {
                "path.pool": [site.slug],
                "path.seat": await ids(session, select(Seat.id)),
                "path.shift": await ids(session, select(Shift.id)),
                "path.claim": await ids(session, select(Claim.id)),
                "path.pattern": [str(pattern)],
                "path.calendar_id": await ids(session, select(CalendarAddress.id)),
                # never the one that asks
                "path.token_id": [str(token.id) for token in made[1:]],
                "path.item": [item],
                "path.number": ["1.0.0"],
                "query.language": ["en", "nl"],
                "query.from": ["2027-01-04"],
                "query.until": ["2027-01-11", "2027-02-01"],
                "body.text_hash": [words.hex() if words else ""],
                "body.worker": await ids(session, select(Handle.display)),
                "body.channel": ["live-chat"],
                "body.zone": ["Europe/London"],
                "body.starts": ["19:00"],
                "body.first_day": [str((now + timedelta(days=1)).date())],
                "body.seats[*]": ["lead", "second", "supervisor"],
                "body.languages[*]": ["en"],
                "body.wanted_languages[*]": ["ro"],
                "body.theme": ["Tax"],
                "body.since": [str((now + timedelta(weeks=1)).date())],
                "body.last_day": [str((now + timedelta(weeks=8)).date())],
                "body.holiday_region": ["NL", "GB-SCT"],
                "body.pauses[*].first_day": [str((now + timedelta(weeks=2)).date())],
                "body.pauses[*].last_day": [str((now + timedelta(weeks=3)).date())],
                "body.ground_rules": ["Everybody is called by the name they choose."],
                "body.start": ["2027-01-05T19:00:00Z"],
                "body.end": ["2027-01-06T19:00:00+01:00", "2027-01-04T19:00:00Z"],
                "body.until": [str((now + timedelta(weeks=2)).date())],
            },
        )


async def a_series(session: AsyncSession, ann: Asker, pool: UUID, now: datetime) -> UUID:
    """Set down a session every Tuesday; its shifts stay out of what other requests name."""
    tuesdays = Timing(
        weekday=1, starts=time(19), minutes=60, zone="Europe/London", first_day=now.date()
    )
    chat = await channel_of(session, pool, "live-chat")
    assert chat is not None
    return await make_pattern(
        session,
        replace(ann, roles=frozenset({"coordinator"})),
        pool_id=pool,
        channel_id=chat,
        series="any",
        timing=tuesdays,
        staffing=Staffing(seats=("lead", "second", "supervisor")),
        now=now,
    )


async def ids(session: AsyncSession, query: Select[Any]) -> list[str]:
    return [str(found) for found in await session.scalars(query)]


REACHED = {
    "GET /api/v1/pools/{pool}/shifts 200",
    "POST /api/v1/seats/{seat}/claims 201",
    "POST /api/v1/seats/{seat}/claims 409",
    "GET /api/v1/claims/{claim} 200",
    "DELETE /api/v1/claims/{claim} 204",
    "POST /api/v1/shifts/{shift}/check-in 200",
    "PATCH /api/v1/shifts/{shift} 409",
    "DELETE /api/v1/shifts/{shift} 204",
    "POST /api/v1/leave 201",
    "POST /api/v1/leave 422",
    "POST /api/v1/calendars 201",
    "DELETE /api/v1/calendars/{calendar_id} 204",
    "DELETE /api/v1/me/tokens/{token_id} 204",
    "GET /api/v1/protocols/{item} 200",
    "GET /api/v1/protocols/{item}/releases/{number} 200",
    "POST /api/v1/protocols/{item}/acknowledgements 201",
    "POST /api/v1/pools/{pool}/patterns 422",
    "GET /api/v1/pools/{pool}/patterns 200",
    "POST /api/v1/pools/{pool}/patterns/preview 422",
    "PATCH /api/v1/patterns/{pattern} 200",
    "DELETE /api/v1/patterns/{pattern} 422",
    "POST /api/v1/patterns/{pattern}/clock-changes 422",
}
"""Answers that must have been among those that were looked at."""


def answered(log: Path) -> Counter[str]:
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return Counter(
        f"{line['method']} {line['route']} {line['status']}"
        for line in lines
        if line.get("event") == "answered"
    )


async def driven(there: Seeded, port: str, folder: Path, *words: str) -> None:
    run = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"http://127.0.0.1:{port}/schema/openapi.json",
        f"--header=Authorization: Bearer {there.token}",
        f"--checks={','.join(CHECKS)}",
        "--phases=coverage,fuzzing",
        "--seed=1",
        "--no-color",
        *words,
        cwd=folder,
        env={},
        stdout=PIPE,
        stderr=STDOUT,
    )
    said = (await asyncio.wait_for(run.communicate(), 480))[0].decode()
    assert run.returncode == 0, said


async def test_no_request_breaks_the_api_or_gets_an_answer_that_is_not_documented(
    environment: dict[str, str], committing_engine: AsyncEngine, tmp_path: Path
) -> None:
    there = await seeded(committing_engine)
    NodeKeys.create(Path(environment["NETREACH_KEYS"]))
    (tmp_path / "schemathesis.toml").write_text(there.configuration())
    unlimited = environment | {"NETREACH_REQUESTS_PER_MINUTE": "1000000"}
    async with serving(unlimited):
        port = environment["NETREACH_PORT"]
        others = [f"--exclude-name={name}" for name in ENDING]
        await driven(there, port, tmp_path, "--max-examples=15", *others)
        for name in ENDING:
            await driven(there, port, tmp_path, "--max-examples=5", f"--include-name={name}")
    found = answered(log_of(environment))
    assert REACHED - set(found) == set(), sorted(found.items())
