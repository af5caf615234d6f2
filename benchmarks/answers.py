"""Searching a large library of canned answers, beside a plain ILIKE over the same rows."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import cycle, islice
from random import Random
from time import perf_counter
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

import api.tables
from benchmarks.figures import Figure, Pair, Scale, Side
from benchmarks.places import database
from benchmarks.repeatable import Repeatable
from database.ids import new_id
from database.session import door, make_engine
from federation.people.models import Person
from federation.people.rules import OPERATOR
from federation.permissions.rules import Asker
from federation.projects.actions import add_project
from protocols.adoption.models import Adoption
from protocols.answers.queries import search_answers
from protocols.answers.searching import Looked
from protocols.releases.models import Release, ReleaseText
from protocols.releases.rules import Manifest, Part, Wording, manifest_bytes
from protocols.search_words.actions import learn_words
from protocols.search_words.rules import configuration

TABLES = api.tables.METADATA.tables
"""Every table is known, as in the programs."""

ALLOWED_SECONDS = 0.05
AT_ONCE = 500
PAGE = 20
TOPICS = {
    "en": "clinic benefits housing contraception tax screening deposit landlord police passport"
    " solicitor interpreter condoms prescription safety stalking harassment childcare debt pension",
    "nl": "kliniek toeslagen woning anticonceptie belasting controle borg huisbaas politie paspoort"
    " advocaat tolk condooms recept veiligheid stalken intimidatie kinderopvang schuld pensioen",
    "ro": "clinică beneficii locuință contracepție impozit analize garanție proprietar poliție"
    " pașaport avocat interpret prezervative rețetă siguranță urmărire hărțuire creșă datorie",
}
FILLING = "please ask us about this and we will find somebody who can help you with it today"
SOUNDS = ("ba", "de", "fi", "gol", "hum", "kar", "les", "mi", "nor", "pa", "ru", "sent", "to", "vi")
ASKED = (
    "clinic housing",
    "benfits",
    "contraceptoin",
    "where can I get a prescription",
    "kliniek",
    "belastng",
    "clinica",
    "locuinta garantie",
    "tax",
    "help",
    "police solicitor interpreter",
    "passprt",
    "",
)
"""What people type: one word and several, mistyped ones, without accents, and nothing at all."""

ORDINARY = tuple(f"{start}{middle}{end}" for start in SOUNDS for middle in SOUNDS for end in SOUNDS)
"""Words between the others, a few of them in every text and most in hardly any."""
SPREAD = text(
    """
    UPDATE release_text SET words =
        setweight(to_tsvector('simple', title || ' ' || array_to_string(keywords, ' ')), 'A')
        || setweight(to_tsvector(CAST(:rules AS regconfig), title), 'A')
        || setweight(to_tsvector('simple', body), 'C')
        || setweight(to_tsvector(CAST(:rules AS regconfig), body), 'C')
    WHERE language = :language
    """
)
"""What the node does with each release that it publishes, for all at once."""

Search = Callable[[str, str], Awaitable[object]]


async def run(server_url: str, scale: Scale, now: datetime) -> list[Figure]:
    """Ask the same again and again, of a project that has adopted everything."""
    async with database(server_url) as url:
        engine = make_engine(url)
        asker = await library(engine, scale.answers, now)
        ours, plain = _searches(engine, asker, now)
        pairs, slow = [], []
        for _ in range(scale.rounds):
            taken = await _asked(ours)
            pairs.append(Pair(Side(_rate(taken)), Side(_rate(await _asked(plain)))))
            slow.append(_slowest(taken))
        await engine.dispose()
    return [
        Figure(
            benchmark="answers",
            name=f"search among {scale.answers:,} answers",
            against="a plain ILIKE",
            unit="searches/s",
            pairs=pairs,
            aim=1,
        ),
        Figure(
            benchmark="answers",
            name=f"p95 of a search among {scale.answers:,} answers",
            against="50 ms each",
            unit="searches/s",
            pairs=[Pair(Side(1 / each), Side(1 / ALLOWED_SECONDS)) for each in slow],
            aim=1,
        ),
    ]


def _searches(engine: AsyncEngine, asker: Asker, now: datetime) -> tuple[Search, Search]:
    async def ours(words: str, language: str) -> object:
        async with AsyncSession(engine) as session:
            return await search_answers(
                session, asker, Looked(words=words, language=language), limit=PAGE, now=now
            )

    async def plain(words: str, language: str) -> object:
        del language
        like = f"%{words}%"
        query = (
            select(Release.manifest)
            .join(ReleaseText, ReleaseText.release_id == Release.id)
            .join(Adoption, Adoption.release_id == Release.id)
            .where(
                Adoption.project_id == asker.project_id,
                ReleaseText.title.ilike(like) | ReleaseText.body.ilike(like),
            )
            .order_by(ReleaseText.title)
            .limit(PAGE)
        )
        async with AsyncSession(engine) as session:
            return list(await session.scalars(query))

    return ours, plain


async def _asked(search: Search) -> list[float]:
    """Give the seconds of each search."""
    taken = []
    for words, language in islice(cycle(_questions()), 4 * len(ASKED)):
        begun = perf_counter()
        await search(words, language)
        taken.append(perf_counter() - begun)
    return taken


def _questions() -> list[tuple[str, str]]:
    languages = list(TOPICS)
    return [(words, languages[place % len(languages)]) for place, words in enumerate(ASKED)]


def _rate(taken: list[float]) -> float:
    return len(taken) / sum(taken)


def _slowest(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95) - 1]


async def library(engine: AsyncEngine, answers: int, now: datetime) -> Asker:
    """Adopt so many answers, each in two languages, in a project of its own."""
    async with door(engine) as session:
        asker = await _somebody(session, now)
        drawn = _texts(asker.project_id, now)
        for start in range(0, answers, AT_ONCE):
            manifests = list(islice(drawn, min(AT_ONCE, answers - start)))
            await _publish(session, manifests, asker, now)
        for language in TOPICS:
            await session.execute(SPREAD, {"language": language, "rules": configuration(language)})
        await learn_words(session, [*TOPICS.values(), FILLING, " ".join(ORDINARY)])
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text("VACUUM ANALYZE"))
    return asker


async def _somebody(session: AsyncSession, now: datetime) -> Asker:
    project_id = await add_project(
        session,
        OPERATOR,
        slug="quayside",
        name="Quayside Outreach",
        region="North East",
        jurisdiction="england-and-wales",
        zone="Europe/London",
        languages=["en", "ro"],
        now=now,
    )
    person = Person(project_id=project_id, name="Worker", languages=["en"])
    session.add(person)
    await session.flush()
    return Asker(person.id, project_id, frozenset({"worker"}))


def _texts(project_id: UUID, now: datetime) -> Iterator[Manifest]:
    drawn = Repeatable(4)
    while True:
        block = new_id()
        variants = {
            language: _wording(drawn, language, block)
            for language in ("en", drawn.choice(("nl", "ro")))
        }
        yield Manifest(
            format="netreach-release/1",
            release=new_id(),
            urn=f"urn:uuid:{new_id()}",
            project=project_id,
            number="1.0.0",
            sequence=1,
            previous=None,
            acknowledgement="none",
            kind="answer",
            protocol_kind=None,
            source_language="en",
            jurisdictions=[drawn.choice(("england-and-wales", "scotland"))],
            review_by=(now + timedelta(days=200)).date(),
            use_limits=["reply-only"],
            channels=[drawn.choice(("live-chat", "sms"))],
            stated=now,
            expires=now + timedelta(days=300),
            blocks=[Part(id=block, locked=False)],
            variants=variants,
            placeholders=[],
        )


def _wording(drawn: Random, language: str, block: UUID) -> Wording:
    words = TOPICS[language].split()
    title = " ".join(drawn.sample(words, 2) + _ordinary(drawn, 2))
    body = " ".join(
        drawn.sample(words, 2) + drawn.sample(FILLING.split(), 8) + _ordinary(drawn, 60)
    )
    return Wording(
        title=title,
        question=f"{title}?",
        keywords=drawn.sample(words, 2),
        texts={str(block): body},
        source=None,
    )


def _ordinary(drawn: Random, many: int) -> list[str]:
    return [ORDINARY[int(len(ORDINARY) * drawn.random() ** 3)] for _ in range(many)]


async def _publish(
    session: AsyncSession, manifests: list[Manifest], asker: Asker, now: datetime
) -> None:
    releases = [_release(manifest, now) for manifest in manifests]
    await session.execute(insert(Release), releases)
    spread = [
        _row(manifest, published, language)
        for manifest, published in zip(manifests, releases, strict=True)
        for language in manifest.variants
    ]
    await session.execute(insert(ReleaseText), spread)
    adoptions = [_adoption(published, asker, now) for published in releases]
    await session.execute(insert(Adoption), adoptions)


def _release(manifest: Manifest, now: datetime) -> dict[str, Any]:
    stored = manifest_bytes(manifest)
    return {
        "id": manifest.release,
        "urn": manifest.urn,
        "project_id": manifest.project,
        "number": manifest.number,
        "sequence": 1,
        "acknowledgement": "none",
        "kind": "answer",
        "manifest": stored,
        "signature": "-",
        "hash": sha256(stored).digest(),
        "stated_at": now,
        "expires_at": manifest.expires,
        "received_at": now,
    }


def _row(manifest: Manifest, published: dict[str, Any], language: str) -> dict[str, Any]:
    wording = manifest.variants[language]
    [body] = wording.texts.values()
    shared = ("urn", "project_id", "number", "sequence", "hash", "signature")
    return {
        **{name: published[name] for name in shared},
        "release_id": published["id"],
        "language": language,
        "title": wording.title,
        "question": wording.question,
        "body": body,
        "keywords": wording.keywords,
        "stale": False,
        "kind": "answer",
        "is_source": language == manifest.source_language,
        "is_safety": False,
        "jurisdictions": manifest.jurisdictions,
        "channels": manifest.channels,
    }


def _adoption(published: dict[str, Any], asker: Asker, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "project_id": asker.project_id,
        "urn": published["urn"],
        "mode": "tracking",
        "release_id": published["id"],
        "locked_hash": published["hash"],
        "values": {},
        "effective_hash": published["hash"],
        "adopted_by": asker.person_id,
        "adopted_at": now,
    }
