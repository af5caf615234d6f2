"""A library of drawn answers: the same words as files for git, and as releases of a node."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from api.parts import current_time
from api.peers.joining import accept_invitation
from benchmarks.repeatable import Repeatable
from database.ids import new_id
from database.session import door
from federation.partners.actions import confirm_words, grant
from federation.partners.invitations.actions import invite
from federation.partners.keys import Node
from federation.partners.rules.capabilities import RELEASES
from federation.people.models import Person
from federation.permissions.rules import Asker
from federation.projects.models import Project
from federation.screen.words.known_names import a_name_in_small_letters
from protocols.items.actions import approve, ask_for_review, draft_item, revise_item
from protocols.items.rules.drafts import Draft, DraftBlock
from protocols.releases.actions import release

PURPOSE = "netreach-release+jws"
LETTERS = 700
FIRST, SECOND = "bcdfghjklmnprstvw", "aeiou"
ADMINISTRATOR = Asker(
    person_id=new_id(), project_id=new_id(), roles=frozenset({"partner-administrator"})
)


@dataclass
class Drawn:
    """Texts that look like answers; each call of `again` rewords one sentence of a text."""

    chance: Random
    words: list[str]

    @classmethod
    def begin(cls) -> "Drawn":
        """Draw the words that all texts are made of."""
        chance = Repeatable(1)
        drawn = (_word(chance) for _ in range(1100))
        # some are called lola, and the screen knows it
        return cls(chance, [word for word in drawn if not a_name_in_small_letters(word)][:900])

    def sentence(self) -> str:
        """Draw one sentence, without a capital that the screen could take for a name."""
        return " ".join(self.chance.choices(self.words, k=12)) + "."

    def text(self) -> str:
        """Draw an answer of some 700 bytes."""
        text = self.sentence()
        while len(text) < LETTERS:
            text += " " + self.sentence()
        return text

    def again(self, text: str) -> str:
        """Reword the second sentence of a text."""
        first, _, rest = text.split(". ", 2)
        return f"{first}. {self.sentence()} {rest}"


@dataclass
class Publisher:
    """A project of a node, with one who writes and one who approves and releases."""

    engine: AsyncEngine
    node: Node
    project: UUID
    author: Asker
    coordinator: Asker

    async def first(self, title: str, text: str, now: datetime) -> UUID:
        """Write and release an answer."""
        async with door(self.engine) as session:
            item = await draft_item(session, self.author, _answer(title, text, now), now)
        await self._release(item.id, now)
        return item.id

    async def again(self, item: UUID, title: str, text: str, now: datetime) -> None:
        """Release an answer in new words."""
        async with door(self.engine) as session:
            await revise_item(session, self.author, item, _answer(title, text, now), now)
        await self._release(item, now)

    async def _release(self, item_id: UUID, now: datetime) -> None:
        async with door(self.engine) as session:
            item = await ask_for_review(session, self.author, item_id, now)
            await approve(session, self.coordinator, item_id, now, seen=item.version)
            await release(
                session,
                self.coordinator,
                item_id,
                sign=lambda raw: self.node.keys.sign("release", raw, purpose=PURPOSE),
                now=now,
            )


def _word(chance: Random) -> str:
    syllables = chance.choice((2, 2, 3, 3))  # "la" and "se" could be part of an address
    return "".join(chance.choice(FIRST) + chance.choice(SECOND) for _ in range(syllables))


def _answer(title: str, text: str, now: datetime) -> Draft:
    return Draft(
        kind="answer",
        acknowledgement="none",
        title=title,
        question=f"{title}?",
        keywords=["help"],
        source_language="en",
        jurisdictions=["england"],
        review_by=now.date() + timedelta(days=300),
        use_limits=["reply-only"],
        channels=["live-chat"],
        blocks=[DraftBlock(text)],
    )


async def publisher(engine: AsyncEngine, node: Node) -> Publisher:
    """Enter a project with its two people."""
    async with door(engine) as session:
        project = _project(None)
        session.add(project)
        await session.flush()
        askers = []
        for role in ("reviewer", "coordinator"):
            person = Person(project_id=project.id, name=role, languages=["en"])
            session.add(person)
            await session.flush()
            askers.append(Asker(person.id, project.id, frozenset({role})))
    return Publisher(engine, node, project.id, *askers)


def _project(node_id: str | None) -> Project:
    return Project(
        slug="library",
        name="Library",
        region="North",
        jurisdiction="england",
        zone="Europe/London",
        languages=["en"],
        node=node_id,
    )


async def join(serving: AsyncEngine, inviter: Node, engine: AsyncEngine, node: Node) -> None:
    """Bring a second node together with one that is being served, as two people would."""
    now = current_time()
    async with door(serving) as session:
        link = await invite(session, asker=ADMINISTRATOR, node=inviter, now=now)
    partner = await accept_invitation(
        engine, node, asker=ADMINISTRATOR, link_text=str(link), now=now, development=True
    )
    words = " ".join(partner.words)
    for where, other in ((serving, node.node_id), (engine, inviter.node_id)):
        async with door(where) as session:
            await confirm_words(session, asker=ADMINISTRATOR, node_id=other, typed=words, now=now)


async def befriend(publishing: Publisher, engine: AsyncEngine, node: Node, now: datetime) -> None:
    """Bring a second node together with the publisher's, which lets it read the releases."""
    await join(publishing.engine, publishing.node, engine, node)
    async with door(publishing.engine) as session:
        capability = f"{RELEASES}:{publishing.project}"
        await grant(
            session, asker=ADMINISTRATOR, node_id=node.node_id, capability=capability, now=now
        )
    async with door(engine) as session:
        known = _project(publishing.node.node_id)
        known.id = publishing.project
        session.add(known)


def write_file(folder: Path, title: str, text: str) -> None:
    """Write an answer as somebody would keep it in git."""
    front = f"---\ntitle: {title}\nquestion: {title}?\nkeywords: help\nuse: reply-only\n---\n"
    (folder / f"{title.replace(' ', '-').lower()}.md").write_text(front + text + "\n")
