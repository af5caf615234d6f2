"""A canned answer as it is offered to somebody who looks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from federation.errors import Reason
from protocols.adoption.rules import InForce
from protocols.answer_settings.rules import Fallback, language_shown
from protocols.items.rules.placeholders import fields_in, fill
from protocols.releases.rules import Gap, Manifest, best_language, is_stale, paragraphs
from protocols.signposts.rules.entries import Entry
from protocols.signposts.rules.naming import with_services

WHERE = {
    "reply-only": "in a reply to somebody who wrote first",
    "public-post": "in a public post",
    "with-recorded-consent": "to somebody whose consent is recorded",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer in one language, with the project's own values already in it.

    `asks_worker` are the gaps that whoever sends it still fills; `other_language` is true where
    the wanted language has no wording that may be used; `stale` where its source has changed since
    it was translated. What is in `blocked` keeps it from being used at all.
    """

    urn: str
    number: str
    title: str
    question: str
    body: str
    keywords: list[str]
    language: str
    languages: list[str]
    other_language: bool
    stale: bool
    overdue: bool
    withdrawn_because: str | None
    use_limits: list[str]
    channels: list[str]
    jurisdictions: list[str]
    asks_worker: list[Gap]
    blocked: list[Reason]

    @property
    def fingerprint(self) -> str:
        """Tell these words from others, so that what is copied is what was on the page."""
        said = f"{self.number} {self.language} {self.body}"
        return sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a project adds to an answer: its services by id, its rule for languages, the day."""

    entries: Mapping[UUID, Entry]
    fallback: Fallback
    today: date


def answer_in(text: InForce, wanted: str, around: Surroundings) -> Answer | None:
    """Lay out what holds, in the wanted language or another; None where nothing holds."""
    if text.emergency and text.locked:
        return _emergency(text, text.locked, wanted, text.emergency, around)
    if text.manifest is None:
        return None
    manifest = text.manifest
    translated = best_language(manifest.variants, wanted, manifest.source_language)
    stale = is_stale(manifest, translated)
    language = language_shown(
        translated,
        manifest.source_language,
        stale=stale,
        safety=is_safety(manifest),
        fallback=around.fallback,
    )
    wording = manifest.variants[language]
    body, blocked = _filled(manifest, language, text.values, around)
    asked = fields_in(body)
    return Answer(
        urn=manifest.urn,
        number=manifest.number,
        title=wording.title,
        question=wording.question or "",
        body=body,
        keywords=wording.keywords,
        language=language,
        languages=sorted(manifest.variants),
        other_language=_another(language, wanted),
        stale=stale,
        overdue=manifest.review_by < around.today,
        withdrawn_because=_because(text),
        use_limits=manifest.use_limits,
        channels=manifest.channels,
        jurisdictions=manifest.jurisdictions,
        asks_worker=[gap for gap in _of_worker(manifest) if gap.name in asked],
        blocked=blocked,
    )


def _because(text: InForce) -> str | None:
    """Say why other words stand here than were published, in the whole text or in a part."""
    return text.withdrawn_because or " ".join(dict.fromkeys(text.withdrawn_parts.values())) or None


def is_safety(manifest: Manifest) -> bool:
    """Tell whether somebody's safety hangs on a text: nobody may take a part out of it."""
    return any(part.locked for part in manifest.blocks)


def _filled(
    manifest: Manifest, language: str, values: Mapping[str, str], around: Surroundings
) -> tuple[str, list[Reason]]:
    words = "\n\n".join(part.text for part in paragraphs(manifest, language))
    return _with_values(words, manifest, values, around)


def _with_values(
    body: str, manifest: Manifest, values: Mapping[str, str], around: Surroundings
) -> tuple[str, list[Reason]]:
    named = with_services(manifest, values, fields_in(body), around.entries, around.today)
    return fill(body, named.values), named.blocked


def _of_worker(manifest: Manifest) -> list[Gap]:
    return [gap for gap in manifest.placeholders if gap.filled_by == "worker"]


def _emergency(
    text: InForce, manifest: Manifest, wanted: str, said: Mapping[str, str], around: Surroundings
) -> Answer:
    language = best_language(said, wanted, "en" if "en" in said else min(said))
    heading = manifest.variants.get(language, manifest.source)
    body, blocked = _with_values(said[language], manifest, text.values, around)
    asked = fields_in(body)
    return Answer(
        urn=manifest.urn,
        number="",
        title=heading.title,
        question=heading.question or "",
        body=body,
        keywords=heading.keywords,
        language=language,
        languages=sorted(said),
        other_language=_another(language, wanted),
        stale=False,
        overdue=False,
        withdrawn_because=text.withdrawn_because,
        use_limits=manifest.use_limits,
        channels=manifest.channels,
        jurisdictions=manifest.jurisdictions,
        asks_worker=[gap for gap in _of_worker(manifest) if gap.name in asked],
        blocked=blocked,
    )


def _another(language: str, wanted: str) -> bool:
    return language.split("-", maxsplit=1)[0] != wanted.split("-", maxsplit=1)[0]
