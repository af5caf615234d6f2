"""Which answers may go to a tool, in which words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from protocols.adoption.rules import InForce, is_expired, is_overdue
from protocols.exchange.rules.fates import Held, Left, Warned
from protocols.items.rules.placeholders import fields_in
from protocols.releases.rules import Gap, Manifest, is_stale, paragraphs
from protocols.signposts.rules.entries import Entry
from protocols.signposts.rules.naming import with_services

OVERDUE = "It should have been reviewed by %(date)s."
NOT_TRANSLATED = "This language's words are of an earlier text. Bring the translation up to date."


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """An answer in one language; `markdown` still has its gaps."""

    title: str
    question: str
    keywords: tuple[str, ...]
    markdown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One answer that may go out: its words by language, the source language first.

    `sequence` is of the release that they come from; emergency words come from none.
    """

    urn: str
    owner: str
    sequence: int | None = None
    words: Mapping[str, Words]
    values: Mapping[str, str] = field(default_factory=dict)
    gaps: Mapping[str, Gap] = field(default_factory=dict)
    warned: tuple[Warned, ...] = ()

    @property
    def source_language(self) -> str:
        """The language that it was written in."""
        return next(iter(self.words))


def outgoing(
    text: InForce, services: Mapping[UUID, Entry], now: datetime
) -> tuple[Outgoing | None, list[Left]]:
    """Lay out an answer as its project has it in force, and tell what stays out.

    A service that it names is written out; one that no longer holds keeps it in. What was recalled
    never goes out: the earlier release or the emergency words that hold do.
    """
    facts = text.facts
    if facts is None:
        return None, []
    if text.emergency is not None:
        return _emergency(text, facts, services, now)
    if text.manifest is None:
        return None, [_left(text, facts, Held("withdrawn", "It was withdrawn."))]
    why = _held(text.manifest, now)
    if why:
        return None, [_left(text, facts, why)]
    return _in_force(text, text.manifest, services, now)


def _held(manifest: Manifest, now: datetime) -> Held | None:
    if is_expired(manifest, now):
        return Held("expired", "It has expired. Review it, or adopt a newer release.")
    if "reply-only" not in manifest.use_limits:
        return Held("not-a-reply", "It may not be used in replies, and a chat tool is for those.")
    return None


def _in_force(
    text: InForce, manifest: Manifest, services: Mapping[UUID, Entry], now: datetime
) -> tuple[Outgoing | None, list[Left]]:
    stale = [language for language in manifest.variants if is_stale(manifest, language)]
    rest = sorted({*manifest.variants} - {manifest.source_language, *stale})
    words = {language: _words(manifest, language) for language in (manifest.source_language, *rest)}
    used = {name for said in words.values() for name in fields_in(said.markdown)}
    named = with_services(manifest, text.values, used, services, now.date())
    if named.blocked:
        return None, [_left(text, manifest, Held(*reason)) for reason in named.blocked]
    overdue = Warned("review-overdue", OVERDUE % {"date": manifest.review_by})
    ready = Outgoing(
        urn=text.urn,
        owner=str(text.project_id),
        sequence=manifest.sequence,
        words=words,
        values=named.values,
        gaps={gap.name: gap for gap in manifest.placeholders},
        warned=(overdue,) if is_overdue(manifest, now) else (),
    )
    why = Held("stale-translation", NOT_TRANSLATED)
    return ready, [_left(text, manifest, why, language) for language in stale]


def _words(manifest: Manifest, language: str) -> Words:
    wording = manifest.variants[language]
    return Words(
        title=wording.title,
        question=wording.question or "",
        keywords=tuple(wording.keywords),
        markdown="\n\n".join(part.text for part in paragraphs(manifest, language)),
    )


def _emergency(
    text: InForce, facts: Manifest, services: Mapping[UUID, Entry], now: datetime
) -> tuple[Outgoing | None, list[Left]]:
    said = text.emergency or {}
    used = {name for words in said.values() for name in fields_in(words)}
    named = with_services(facts, text.values, used, services, now.date())
    if named.blocked:
        return None, [_left(text, facts, Held(*reason)) for reason in named.blocked]
    first = facts.source_language if facts.source_language in said else min(said)
    headings = {language: facts.variants.get(language, facts.source) for language in said}
    ready = Outgoing(
        urn=text.urn,
        owner=str(text.project_id),
        values=named.values,
        gaps={gap.name: gap for gap in facts.placeholders},
        words={
            language: Words(
                title=headings[language].title,
                question=headings[language].question or "",
                keywords=tuple(headings[language].keywords),
                markdown=said[language],
            )
            for language in (first, *sorted(said.keys() - {first}))
        },
        warned=(
            Warned("emergency-words", "It was recalled: these are the words that hold meanwhile."),
        ),
    )
    return ready, []


def _left(text: InForce, facts: Manifest, why: Held, language: str | None = None) -> Left:
    language = language or facts.source_language
    title = facts.variants.get(language, facts.source).title
    return Left(urn=text.urn, language=language, title=title, why=why)
