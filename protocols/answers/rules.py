"""A canned answer as it is offered, and what has to be right before it is sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from federation.errors import Reason
from protocols.items.rules.placeholders import broken_fields_in, fields_in, fill
from protocols.releases.rules import Gap, Manifest, best_language, is_stale, paragraphs

WHERE = {
    "reply-only": "in a reply to somebody who wrote first",
    "public-post": "in a public post",
    "with-recorded-consent": "to somebody whose consent is recorded",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer in one language, with the project's own values already in it.

    `asks_worker` are the gaps that whoever sends it still fills; `other_language` is true where
    the wanted language has no wording; `stale` where its source has changed since.
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


@dataclass(frozen=True, slots=True)
class Standing:
    """What a project adds to an answer: its values, and what a recall has put in its place."""

    values: Mapping[str, str]
    emergency: Mapping[str, str] | None = None
    withdrawn_because: str | None = None


def answer_in(manifest: Manifest, wanted: str, standing: Standing, *, today: date) -> Answer:
    """Lay out an answer in the wanted language, or in its source language with a warning."""
    if standing.emergency:
        return _emergency(manifest, wanted, standing.emergency, standing.withdrawn_because)
    language = best_language(manifest.variants, wanted, manifest.source_language)
    wording = manifest.variants[language]
    body = "\n\n".join(part.text for part in paragraphs(manifest, language))
    body = fill(body, standing.values)
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
        stale=is_stale(manifest, language),
        overdue=manifest.review_by < today,
        withdrawn_because=standing.withdrawn_because,
        use_limits=manifest.use_limits,
        channels=manifest.channels,
        jurisdictions=manifest.jurisdictions,
        asks_worker=[gap for gap in manifest.placeholders if gap.name in asked],
    )


def _emergency(
    manifest: Manifest, wanted: str, said: Mapping[str, str], because: str | None
) -> Answer:
    language = best_language(said, wanted, "en" if "en" in said else min(said))
    heading = manifest.variants.get(language, manifest.source)
    return Answer(
        urn=manifest.urn,
        number="",
        title=heading.title,
        question=heading.question or "",
        body=said[language],
        keywords=heading.keywords,
        language=language,
        languages=sorted(said),
        other_language=_another(language, wanted),
        stale=False,
        overdue=False,
        withdrawn_because=because,
        use_limits=manifest.use_limits,
        channels=manifest.channels,
        jurisdictions=manifest.jurisdictions,
        asks_worker=[],
    )


def _another(language: str, wanted: str) -> bool:
    return language.split("-", maxsplit=1)[0] != wanted.split("-", maxsplit=1)[0]


def ready_to_send(
    body: str, values: Mapping[str, str], *, use_limits: Collection[str], used_as: str
) -> tuple[str, list[Reason]]:
    """Fill an answer's last gaps, and give every reason why it must not be sent like this."""
    filled = fill(body, {name: value for name, value in values.items() if value.strip()})
    reasons = [
        Reason("unresolved-field", f"{{{{{name}}}}} is still open.")
        for name in sorted(fields_in(filled))
    ]
    reasons += [
        Reason("broken-field", f"{broken} would be sent as it stands.")
        for broken in broken_fields_in(filled)
    ]
    if used_as not in use_limits:
        allowed = " or ".join(WHERE[limit] for limit in use_limits)
        reasons.append(Reason("not-for-this-use", f"This answer may be used {allowed} only."))
    return filled, reasons
