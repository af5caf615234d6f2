"""schemathesis drives the people's API from its own description, with requests nobody thinks of."""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

from api.parts import current_time
from database.session import door, make_engine
from federation.access.actions import make_api_token
from federation.people.actions import add_person
from federation.people.rules import OPERATOR
from federation.projects.actions import add_project
from tests.api.server.conftest import serving

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


async def coordinators_token(database_url: str) -> str:
    engine, now = make_engine(database_url), current_time()
    async with door(engine) as session:
        project_id = await add_project(
            session,
            OPERATOR,
            slug="quayside",
            name="Quayside Outreach",
            region="North East",
            jurisdiction="england-and-wales",
            zone="Europe/London",
            languages=["en"],
            now=now,
        )
        person_id = await add_person(
            session,
            OPERATOR,
            project_id=project_id,
            name="Ann Example",
            languages=["en"],
            roles=["worker", "coordinator"],
            now=now,
        )
        token = await make_api_token(
            session,
            OPERATOR,
            person_id=person_id,
            label="test",
            scopes=["read", "write"],
            days=1,
            now=now,
        )
    await engine.dispose()
    return token.secret


async def test_no_request_breaks_the_api_or_gets_an_answer_that_is_not_documented(
    environment: dict[str, str], database_url: str, tmp_path: Path
) -> None:
    token = await coordinators_token(database_url)
    unlimited = environment | {"NETREACH_REQUESTS_PER_MINUTE": "1000000"}
    async with serving(unlimited):
        driven = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("schemathesis")),
            "run",
            f"http://127.0.0.1:{environment['NETREACH_PORT']}/schema/openapi.json",
            f"--header=Authorization: Bearer {token}",
            f"--checks={','.join(CHECKS)}",
            "--phases=coverage,fuzzing",
            "--max-examples=15",
            "--seed=1",
            "--no-color",
            cwd=tmp_path,
            env={},
            stdout=PIPE,
            stderr=STDOUT,
        )
        said = (await asyncio.wait_for(driven.communicate(), 240))[0].decode()
    assert driven.returncode == 0, said
    assert re.search(r"\d{2,} generated", said), said
