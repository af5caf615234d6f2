"""A node that sends notices: its worker, a person, and a clock that the test sets."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.settings import Settings
from api.worker.loop import Loop
from api.worker.workshop import Workshop, open_workshop
from database.outbox import OutboxRow
from database.session import door
from federation.notices.actions import notify
from federation.notices.addresses.actions import confirm_address, enter_address
from federation.notices.addresses.models import MailAddress
from federation.notices.messages.models import NoticeMessage
from federation.notices.models import Notice
from federation.notices.preferences.actions import choose_channel
from federation.notices.preferences.rules import Wish
from federation.partners.keys import Node, NodeKeys
from federation.people.actions import add_person
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.projects.actions import add_project

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
MAILBOX = "some.body@mailbox.example"


@dataclass
class Post:
    """One node's post office as its worker drives it."""

    workshop: Workshop
    engine: AsyncEngine
    project_id: UUID
    person: Asker
    now: datetime = NOON

    def later(self, **more: float) -> datetime:
        self.now += timedelta(**more)
        return self.now

    def set_up(self, **settings: Any) -> None:
        """Change what the operator has set, as a restart with another environment does."""
        self.workshop.settings = msgspec.structs.replace(self.workshop.settings, **settings)
        self.workshop.opened = None

    async def work(self) -> None:
        await Loop(self.workshop).work_off()

    async def somebody(self, *roles: str, languages: tuple[str, ...] = ("en",)) -> Asker:
        async with door(self.engine) as session:
            person_id = await add_person(
                session,
                OPERATOR,
                project_id=self.project_id,
                name="Zuleika Private",
                languages=list(languages),
                roles=roles,
                now=self.now,
            )
        return Asker(person_id, self.project_id, frozenset(roles))

    async def notice(self, person: Asker | None = None, code: str = "test", **more: Any) -> UUID:
        async with door(self.engine) as session:
            return await notify(
                session,
                person_id=(person or self.person).person_id,
                code=code,
                text="Your seat at Night and Day Chat in Leeds on 5 January is gone.",
                now=self.now,
                **more,
            )

    async def enter(self, mailbox: str = MAILBOX, person: Asker | None = None) -> None:
        async with door(self.engine) as session:
            await enter_address(session, person or self.person, mailbox, self.now)

    async def address(self, person: Asker | None = None, mailbox: str = MAILBOX) -> UUID:
        """Enter an address and confirm it; gives its id."""
        person = person or self.person
        async with door(self.engine) as session:
            await enter_address(session, person, mailbox, self.now)
            asked = (
                MailAddress.person_id == person.person_id,
                MailAddress.confirmed_at.is_(None),
            )
            address_id: UUID = (await session.scalars(select(MailAddress.id).where(*asked))).one()
            await confirm_address(session, address_id, self.now)
        await self.wish(person=person)
        return address_id

    async def wish(
        self, channel: str = "email", person: Asker | None = None, **wishes: Any
    ) -> None:
        async with door(self.engine) as session:
            await choose_channel(session, person or self.person, channel, Wish(**wishes), self.now)

    async def states(self) -> list[str]:
        async with door(self.engine) as session:
            found = await session.scalars(
                select(NoticeMessage.state).order_by(NoticeMessage.first_at, NoticeMessage.id)
            )
            return list(found)

    async def outbox(self) -> list[OutboxRow]:
        async with door(self.engine) as session:
            return list(await session.scalars(select(OutboxRow).order_by(OutboxRow.due)))

    async def shown(self, person: Asker | None = None) -> list[tuple[str, str]]:
        """List what somebody finds on their start page: codes and texts, oldest first."""
        async with door(self.engine) as session:
            rows = await session.execute(
                select(Notice.code, Notice.text)
                .where(Notice.person_id == (person or self.person).person_id)
                .order_by(Notice.at, Notice.id)
            )
            return [(code, text) for code, text in rows]


@pytest.fixture
async def post(
    database_url: str, committing_engine: AsyncEngine, tmp_path: Path
) -> AsyncIterator[Post]:
    settings = Settings(
        database_url=database_url,
        base_url="https://harbour-lights-rota.test",
        notice_url="https://plan.test",
        node_name="Harbour Lights",
        keys=tmp_path / "keys",
        development=True,
        smtp_host="127.0.0.1",
        smtp_security="plain",
        smtp_seconds=2,
        mail_from="plan@plan-mail.test",
    )
    NodeKeys.create(settings.keys)
    node = Node.open(settings.keys, name=settings.node_name, base_url=settings.base_url)
    workshop = open_workshop(settings, committing_engine, node, lambda: office.now)
    async with door(committing_engine) as session:
        project_id = await add_project(
            session,
            OPERATOR,
            slug="quayside",
            name="Quayside Outreach",
            region="North East",
            jurisdiction="england-and-wales",
            zone="Europe/London",
            languages=["en"],
            now=NOON,
        )
    nobody = Asker(project_id, project_id, frozenset())
    office = Post(workshop, committing_engine, project_id, nobody)
    office.person = await office.somebody("worker")
    yield office
    await workshop.close()
