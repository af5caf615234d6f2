"""What the demo tells people and programs: where to look, and how to sign in."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.demo.stage import Stage, clock
from database.session import door
from federation.access.actions import make_api_token, make_sign_in_link
from federation.people.models import Handle, Person, RoleGrant
from federation.people.rules import OPERATOR
from federation.projects.models import Project
from rota.calendar.actions import make_address

LINK_HOURS = 48
TOKEN_DAYS = 30
NO_MAIL = "The demo sends no mail; notices are on the start pages, and pushed to who asks for it."


async def write(path: Path, stages: list[Stage], pool: str) -> dict[str, Any]:
    """Write demo.json in one step: new sign-in links; tokens and addresses from before are kept."""
    host = stages[0].settings.base_url
    kept = _kept(path)
    told = {
        "nodes": [
            {
                "name": stage.settings.node_name,
                "base_url": stage.settings.base_url,
                "projects": [troupe.slug for troupe in stage.troupes],
            }
            for stage in stages
        ],
        "pool": {"slug": pool, "host": host},
        "public": {
            "page": f"{host}/open/{pool}",
            "json": f"{host}/open/{pool}.json",
            "ics": f"{host}/open/{pool}.ics",
            "widget": f"{host}/widget.js",
        },
        "people": [person for stage in stages for person in await _people(stage, kept)],
    }
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(told, indent=1))
    new.replace(path)
    return told


def _kept(path: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Read the ways in that people got at an earlier start: nothing else knows them in clear."""
    if not path.exists():
        return {}
    return {
        (person["node"], person["handle"]): {
            name: person[name] for name in ("api_token", "calendar_url")
        }
        for person in json.loads(path.read_text())["people"]
    }


async def _people(
    stage: Stage, kept: dict[tuple[str, str], dict[str, str]]
) -> list[dict[str, Any]]:
    async with door(stage.engine) as session:
        rows = await session.execute(
            select(
                Person.id, Person.name, Project.slug, Handle.display, func.array_agg(RoleGrant.role)
            )
            .join(Project, Project.id == Person.project_id)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .outerjoin(Handle, (Handle.person_id == Person.id) & Handle.retired_at.is_(None))
            .group_by(Person.id, Project.slug, Handle.display)
            .order_by(Project.slug, Person.id)
        )
        told = []
        for person_id, name, slug, display, roles in rows.all():
            # who takes no seats has no handle in the pool
            handle = display or f"{slug} {name.split()[-1].lower()}"
            node = stage.settings.base_url
            ways_in = kept.get((node, handle)) or await _ways_in(session, node, person_id)
            told.append(
                {
                    "handle": handle,
                    "project": slug,
                    "roles": sorted(roles),
                    "node": node,
                    "sign_in_url": await _link(session, node, person_id),
                    **ways_in,
                }
            )
        return told


async def _link(session: AsyncSession, base_url: str, person_id: UUID) -> str:
    secret = await make_sign_in_link(
        session, OPERATOR, person_id=person_id, hours=LINK_HOURS, now=clock()
    )
    return f"{base_url}/sign-in/{secret}"


async def _ways_in(session: AsyncSession, base_url: str, person_id: UUID) -> dict[str, str]:
    now = clock()
    token = await make_api_token(
        session,
        OPERATOR,
        person_id=person_id,
        label="demo",
        scopes=("read", "write"),
        days=TOKEN_DAYS,
        now=now,
    )
    calendar = await make_address(session, person_id, "Demo", "Shift", now)
    return {"api_token": token.secret, "calendar_url": f"{base_url}/calendar/{calendar}.ics"}


def for_people(told: dict[str, Any]) -> str:
    """Write where to look and one way in for a coordinator and a worker of each node."""
    lines = ["", f"  Public page   {told['public']['page']}"]
    lines += [f"  {node['name']:<13} {node['base_url']}" for node in told["nodes"]]
    lines += ["", "  Sign in (each link works once; all are in .netreach/demo.json):"]
    for node in told["nodes"]:
        here = [person for person in told["people"] if person["node"] == node["base_url"]]
        for role in ("coordinator", "worker"):
            one = next((person for person in here if role in person["roles"]), None)
            if one is not None:
                lines.append(f"  {node['name']} {role:<12} {one['handle']}: {one['sign_in_url']}")
    lines += ["", f"  {NO_MAIL}"]
    return "\n".join([*lines, ""])
