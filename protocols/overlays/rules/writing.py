"""What a project's own part must be before anybody is asked to approve it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from federation.errors import Reason
from protocols.items.rules.drafts import reasons_against_text
from protocols.overlays.rules.parts import Action, OwnPart, hash_of_text, misfits, words_of
from protocols.overlays.rules.three_way import based_on, says_the_same
from protocols.releases.rules import Manifest

LONGEST_REASON = 1000
MOST_PARTS = 100
WRITE_IN = "Write it in %(language)s, its own language."
NO_VERSION_IN = "This text has no version in %(language)s."
MARKER = re.compile(r"^(?:<{7}|\|{7}|>{7})(?: |$)", re.MULTILINE)
"""What tools for merging leave behind; nobody ever means it as words for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An own part as it is handed in; `after` counts for an addition only.

    `still_right` says that translations which were not touched say the same as the new words.
    Without an `owner` it stays with whom it was, or is the writer's.
    """

    action: Action
    block: UUID
    reason: str
    review_by: date
    after: UUID | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    still_right: bool = False
    owner: UUID | None = None


def own_part(manifest: Manifest, told: Told, owner: UUID, before: OwnPart | None) -> OwnPart:
    """Write a part against a release; a translation that was left alone stays one of old words."""
    adding = told.action == "add"
    texts = {} if told.action == "hide" else {k: v for k, v in told.texts.items() if v.strip()}
    part = OwnPart(
        block=told.block,
        action=told.action,
        after=told.after if adding else None,
        base="",
        reason=told.reason.strip(),
        owner=owner,
        review_by=told.review_by,
        texts=texts,
        sources=_sources(manifest, told, texts, before),
    )
    return based_on(manifest, part)


def reasons_against_part(
    manifest: Manifest, part: OwnPart, *, values: Mapping[str, str], on_shifts: bool, today: date
) -> list[Reason]:
    """Give every reason why a part cannot be kept, so that its author mends them in one go."""
    reasons = misfits(manifest, part)
    if on_shifts and part.action != "add":
        reasons.append(
            Reason(
                "pool-text-only-added-to",
                "A pool has put this text on its shifts: your project can only add to it.",
            )
        )
    if not part.reason or len(part.reason) > LONGEST_REASON:
        reasons.append(Reason("no-reason", "Say in a few words why your project differs here."))
    if part.review_by <= today:
        reasons.append(Reason("review-date-passed", "Give a day in future on which to review it."))
    if part.action != "hide":
        reasons += reasons_against_texts(manifest, part, values)
    return reasons


def reasons_against_texts(
    manifest: Manifest, part: OwnPart, values: Mapping[str, str]
) -> Iterator[Reason]:
    """Refuse words that could not be kept or shown in this release, or that say nothing new."""
    declared = {gap.name for gap in manifest.placeholders}
    yield from _against_words(part.texts, declared)
    if manifest.source_language not in part.texts:
        yield Reason("empty-part", WRITE_IN % {"language": manifest.source_language})
    for language in sorted(set(part.texts) - set(manifest.variants)):
        yield Reason("no-such-language", NO_VERSION_IN % {"language": language[:35]})
    if part.action == "replace" and says_the_same(
        part.texts, words_of(manifest, part.block), values
    ):
        yield Reason("same-words", "This says the same as the text itself.")


def _against_words(texts: Mapping[str, str], declared: set[str]) -> Iterator[Reason]:
    """Refuse what could not be sent, marks of an unfinished merge among it."""
    for text in texts.values():
        yield from reasons_against_text(text, declared)
        if MARKER.search(text):
            yield Reason(
                "conflict-marker", "Two versions are still mixed here: take out the marks <<<<<<<."
            )


def _sources(
    manifest: Manifest, told: Told, texts: Mapping[str, str], before: OwnPart | None
) -> dict[str, str]:
    source = hash_of_text(texts.get(manifest.source_language, ""))
    return {
        language: before.sources.get(language, source)
        if before and before.texts.get(language) == text and not told.still_right
        else source
        for language, text in texts.items()
        if language != manifest.source_language
    }
