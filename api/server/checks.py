"""What a node needs, looked at one after the other: nothing is changed, and no name is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import httpx2
from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from api.health.readiness import what_is_missing, who_is_waited_for
from api.notices.errors import MailServerAwayError
from api.notices.mail import sign_in
from api.server.postgres_programs import ProgramsMissingError, find_programs, major_version
from api.settings import Settings, surroundings
from database.outbox import OutboxRow
from database.session import door
from federation.errors import Refusal
from federation.partners.keys import ROOT, NodeKeys
from federation.partners.models import Partner
from federation.partners.rules.document import contents
from federation.partners.rules.handshake import JOINED
from federation.projects.models import Project

OLDEST_POSTGRES = 15
LATE = timedelta(minutes=5)
"""A worker looks every few seconds; what waits for longer is done by nobody."""
QUIET = timedelta(hours=24)
CLOCKS_APART = timedelta(seconds=30)
ANSWERS_WITHIN = 5.0
FOR_OTHERS = 0o077


class How(StrEnum):
    """How bad it is: `look` is for somebody to decide, `WRONG` hurts people."""

    OK = "ok"
    LOOK = "look"
    WRONG = "WRONG"


class Finding(NamedTuple):
    """What was looked at, how it is, and what would mend it."""

    about: str
    how: How
    says: str


def of_settings(settings: Settings) -> list[Finding]:
    """Say what people and partners would stumble over."""
    if settings.development:
        says = "NETREACH_DEVELOPMENT is on, which is for trying out alone: it lets plain http in."
        return [Finding("settings", How.LOOK, says)]
    if not settings.base_url.startswith("https://"):
        says = f"NETREACH_BASE_URL is {settings.base_url}: nobody can stay signed in without https."
        return [Finding("settings", How.WRONG, says)]
    return [Finding("settings", How.OK, f"this node is {settings.base_url}")]


async def of_database(engine: AsyncEngine, now: datetime) -> list[Finding]:
    """Say whether people could be served from it, and whether its clock is ours."""
    if missing := await what_is_missing(engine):
        return [Finding("database", How.WRONG, reason.text) for reason in missing]
    major = await major_version(engine)
    if major < OLDEST_POSTGRES:
        says = f"It is PostgreSQL {major}; {OLDEST_POSTGRES} or newer is needed."
        return [Finding("database", How.WRONG, says)]
    found = [Finding("database", How.OK, f"PostgreSQL {major} answers and is migrated")]
    async with engine.connect() as connection:
        there: datetime = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
    if abs(there - now) > CLOCKS_APART:
        says = "Its clock and that of this machine are more than half a minute apart."
        found.append(Finding("clock", How.WRONG, says))
    if waits := await who_is_waited_for(engine):
        says = f"restored from a backup, it {waits} and gives no seats: restore --status"
        found.append(Finding("restoring", How.LOOK, says))
    return found


def of_keys(settings: Settings) -> list[Finding]:
    """Say whether the keys are there, for this node's user alone, and whether they fit."""
    folder = settings.keys
    try:
        keys = NodeKeys.load(folder)
        others = folder.stat().st_mode & FOR_OTHERS
    except Refusal as refusal:
        return [Finding("keys", How.WRONG, f"{refusal.sentence} Looked in {folder}.")]
    except OSError as error:
        return [Finding("keys", How.WRONG, f"Cannot read {folder}: {error.strerror}.")]
    if others:
        says = f"Others on this machine can enter {folder}: chmod 700 {folder}"
        return [Finding("keys", How.WRONG, says)]
    kept = keys.kept_document()
    wanted = (settings.node_name, settings.base_url.rstrip("/"))
    signed = contents(kept) if kept else None
    if ROOT not in keys.by_role:
        if signed is None or (signed.name, signed.base_url) != wanted:
            says = "Name or address are new and not signed: netreach-server keys sign"
            return [Finding("keys", How.WRONG, says)]
        return [Finding("keys", How.OK, "all are there; the root key is on paper only")]
    says = "The root key is on this machine: netreach-server keys sheet, then keys offline"
    return [Finding("keys", How.LOOK, says)]


async def of_address(settings: Settings) -> list[Finding]:
    """Ask this node as people do, through whatever stands in front of it."""
    address = f"{settings.base_url.rstrip('/')}/health/ready"
    try:
        async with httpx2.AsyncClient(timeout=ANSWERS_WITHIN) as web:
            answer = await web.get(address)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        says = (
            f"{address} does not answer from here ({type(error).__name__}). Does `serve` run, does "
            "the name lead to this machine, is its certificate valid?"
        )
        return [Finding("address", How.WRONG, says)]
    if answer.status_code != httpx2.codes.OK or b'"ready"' not in answer.content:
        says = f"{address} answers {answer.status_code}, and not as a node that is ready."
        return [Finding("address", How.WRONG, says)]
    return [Finding("address", How.OK, f"{settings.base_url} answers and is ready")]


async def of_work(engine: AsyncEngine, now: datetime) -> list[Finding]:
    """Say whether somebody does the work, and which work fails."""
    nobodys = or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until < now)
    failing = (
        select(OutboxRow.kind, func.count())
        .where(OutboxRow.last_error.is_not(None))
        .group_by(OutboxRow.kind)
        .order_by(OutboxRow.kind)
    )
    async with door(engine) as session:
        oldest = await session.scalar(select(func.min(OutboxRow.due)).where(nobodys))
        failed = (await session.execute(failing)).all()
    if oldest is not None and now - oldest > LATE:
        late = int((now - oldest) / timedelta(minutes=1))
        says = f"The oldest work waits for {late} minutes. Does `netreach-server work` run?"
        found = Finding("work", How.WRONG, says)
    elif oldest is None:
        says = "There has never been any. Has `netreach-server work` been started?"
        found = Finding("work", How.LOOK, says)
    else:
        found = Finding("work", How.OK, "nothing waits for long")
    if not failed:
        return [found]
    kinds = ", ".join(f"{kind} ({count})" for kind, count in failed)
    says = f"What failed and is tried again, by kind; the log says why: {kinds}"
    return [found, Finding("work", How.LOOK, says)]


async def of_people(engine: AsyncEngine, now: datetime) -> list[Finding]:
    """Say whether there is a project, and with which partners something is to be done."""
    async with door(engine) as session:
        projects = select(func.count()).where(Project.node.is_(None), Project.example_of.is_(None))
        ours = await session.scalar(projects) or 0
        partners = list(await session.scalars(select(Partner).order_by(Partner.name)))
    found = []
    if not ours:
        says = "There is none: netreach-server projects add, then people add and people link"
        found.append(Finding("projects", How.LOOK, says))
    return found + _of_partners(partners, now)


def _of_partners(partners: Sequence[Partner], now: datetime) -> list[Finding]:
    found = []
    for one in partners:
        name = "".join(letter for letter in one.name if letter.isprintable())
        if one.state == "frozen":
            says = f"{name}: two signed documents do not fit together; nothing is read from it."
            found.append(Finding("partners", How.WRONG, f"{says} Call them."))
        elif one.state == JOINED and now - (one.last_heard_at or one.met_at) > QUIET:
            says = f"{name}: not reached for more than {QUIET.days * 24} hours."
            found.append(Finding("partners", How.LOOK, says))
    joined = sum(one.state == JOINED for one in partners)
    if joined and not found:
        found.append(Finding("partners", How.OK, f"connected: {joined}"))
    return found


async def of_mail(settings: Settings) -> list[Finding]:
    """Sign in at the mail server, and send nothing."""
    if not settings.smtp_host:
        return [Finding("mail", How.LOOK, "This node sends none: NETREACH_SMTP_HOST is not set.")]
    try:
        await sign_in(settings)
    except MailServerAwayError as error:
        says = f"{settings.smtp_host} does not take us ({error}): name, port, security, password?"
        return [Finding("mail", How.WRONG, says)]
    return [Finding("mail", How.OK, f"{settings.smtp_host} takes us")]


async def of_backups(engine: AsyncEngine) -> list[Finding]:
    """Say whether a backup could be made from here."""
    try:
        folder = find_programs(await major_version(engine), surroundings())
    except ProgramsMissingError as error:
        return [Finding("backups", How.LOOK, str(error))]
    return [Finding("backups", How.OK, f"can be made from here, with the programs in {folder}")]
