"""What a reader is shown, as values: which words, in which language, and what to be warned of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from protocols.adoption.rules import text_hash
from protocols.items.rules.placeholders import fields_in, fill
from protocols.items.rules.wording import as_html, as_plain
from protocols.overlays.rules.parts import OwnPart
from protocols.releases.rules import Manifest, best_language, current_languages, paragraphs


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One block as it is shown; `html` is safe to put into a page.

    `ours` says that these are the project's own words, and not those of the text's author.
    """

    id: str
    language: str
    locked: bool
    html: str
    plain: str
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A release in one language, with a project's values in it.

    `language` differs from what was asked where that has no translation, or only a stale one;
    `hash` is what is acknowledged where this is in force.
    """

    urn: str
    title: str
    question: str | None
    number: str
    kind: str
    protocol_kind: str | None
    language: str
    languages: list[str]
    stale_languages: list[str]
    jurisdictions: list[str]
    review_by: date
    stated_at: datetime
    expires_at: datetime
    acknowledgement: str
    project_id: UUID
    hash: bytes
    passages: list[Passage]


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """What holds in place of a withdrawn text."""

    language: str
    languages: list[str]
    html: str
    plain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text as the asker's project has it, and where the asker stands with it.

    `text` is None where an emergency text holds, or where nothing has arrived yet;
    `withdrawn_parts` tells by block why something else stands there than was released;
    `set_aside` are own words, as HTML, that step back for a pool's words or after a recall;
    `open_gaps` are those that the project has not filled, since it took no decision about them;
    `to_acknowledge` is None where nothing is asked, or where it has been read.
    """

    urn: str
    title: str
    text: Text | None
    emergency: Emergency | None
    withdrawn_because: str | None
    withdrawn_parts: Mapping[str, str]
    set_aside: list[str]
    open_gaps: list[str]
    pending: str | None
    overdue: bool
    needed: bool
    acknowledged_at: datetime | None
    to_acknowledge: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One protocol in a list; `readers` and `people` are for coordinators only."""

    urn: str
    title: str
    protocol_kind: str
    number: str
    pending: str | None
    mode: str | None
    on_shifts: bool
    withdrawn_because: str | None
    has_emergency_text: bool
    review_by: date | None
    overdue: bool
    languages: list[str]
    needed: bool
    acknowledged: bool
    readers: int | None
    people: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnNow:
    """Something that was withdrawn lately, for who works with it; `number` or `emergency` holds."""

    urn: str
    title: str
    kind: str
    reason: str
    at: datetime
    number: str
    said: Mapping[str, str] | None
    values: Mapping[str, str]

    @property
    def emergency(self) -> Emergency | None:
        """Give what holds where nobody says in which language."""
        return self.emergency_in("en")

    def emergency_in(self, wanted: str) -> Emergency | None:
        """Give what holds in a reader's language, or the first that there is."""
        return emergency_shown(self.said, wanted, self.values) if self.said else None


def shown(
    manifest: Manifest, wanted: str, values: Mapping[str, str], own: Sequence[OwnPart] = ()
) -> Text:
    """Lay out a text in the wanted language; a stale translation gives way to its source.

    `own` are the parts that a project has already laid over it, to be marked as its own words.
    """
    current = current_languages(manifest)
    language = best_language(current, wanted, manifest.source_language)
    wording = manifest.variants[language]
    locked = {str(part.id) for part in manifest.blocks if part.locked}
    ours = {str(part.block) for part in own}
    return Text(
        urn=manifest.urn,
        title=wording.title,
        question=wording.question,
        number=manifest.number,
        kind=manifest.kind,
        protocol_kind=manifest.protocol_kind,
        language=language,
        languages=sorted(current),
        stale_languages=sorted(set(manifest.variants) - current),
        jurisdictions=manifest.jurisdictions,
        review_by=manifest.review_by,
        stated_at=manifest.stated,
        expires_at=manifest.expires,
        acknowledgement=manifest.acknowledgement,
        project_id=manifest.project,
        hash=text_hash(manifest, language, values),
        passages=[
            Passage(
                id=part.block,
                language=part.language,
                locked=part.block in locked,
                html=as_html(words := fill(part.text, values)),
                plain=as_plain(words),
                ours=part.block in ours,
            )
            for part in paragraphs(manifest, language)
        ],
    )


def set_aside_shown(parts: Sequence[OwnPart], wanted: str, values: Mapping[str, str]) -> list[str]:
    """Lay out own words that are not shown in the text; a part that was left out has none."""
    said = (part.texts for part in parts if part.texts)
    return [
        as_html(fill(texts.get(wanted) or next(iter(texts.values())), values)) for texts in said
    ]


def emergency_shown(said: Mapping[str, str], wanted: str, values: Mapping[str, str]) -> Emergency:
    """Lay out an emergency text in the wanted language, or in the first that there is."""
    first = "en" if "en" in said else min(said)
    language = best_language(said, wanted, first)
    words = fill(said[language], values)
    return Emergency(
        language=language,
        languages=sorted(said),
        html=as_html(words),
        plain=as_plain(words),
    )


def open_gaps(visible: Text | Emergency | None, facts: Manifest | None) -> list[str]:
    """Name the gaps that a project has not filled in what its people read."""
    if visible is None or facts is None:
        return []
    by_worker = {gap.name for gap in facts.placeholders if gap.filled_by == "worker"}
    said = (
        [visible.plain]
        if isinstance(visible, Emergency)
        else [part.plain for part in visible.passages]
    )
    return sorted({name for words in said for name in fields_in(words)} - by_worker)
