"""What is answered about a project's own parts in a text; people are ids of its own."""

from collections.abc import Iterable
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from api.problems import ProblemReason
from api.routes.protocols import item_of
from api.routes.text_answers import DifferencesAnswer, FactAnswer, differences_answer
from federation.permissions.rules import Asker
from protocols.adapting.queries import Change
from protocols.adapting.rules.places import Outcome, Place, outcome, places
from protocols.adapting.rules.updates import Row, UpdateSheet
from protocols.history.rules.words import as_html, as_text
from protocols.history.rules.written import Gap
from protocols.overlays.rules.parts import OwnPart
from protocols.overview.rules import Line, Offered


class OwnPartAnswer(msgspec.Struct, frozen=True):
    """A part of the project's own, with why it is there and who answers for it."""

    block: UUID
    action: str
    after: UUID | None
    texts: dict[str, str]
    reason: str
    owner: UUID
    review_by: date


class PlaceAnswer(msgspec.Struct, frozen=True):
    """One part of the text and what the project says there; without a block, its beginning."""

    block: UUID | None
    theirs: dict[str, str]
    only_added_to: bool
    own: OwnPartAnswer | None
    added: list[OwnPartAnswer]


class GapAnswer(msgspec.Struct, frozen=True):
    """A gap that the project fills, and with what."""

    name: str
    example: str
    type: str
    material: bool
    value: str | None


class AdoptedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A text as the project has it or is about to have it.

    `live` is the version that people read, `number` that of this draft, `newest` what is out and
    not withdrawn. Where the version in use is withdrawn, altogether or in parts (by block), the
    reasons say why, and `live` is what holds instead, null for an emergency text. `asked` is the
    hash to send with an approval. With `reasons` it cannot go live as it stands.
    """

    id: UUID
    title: str
    live: str | None
    number: str
    newest: str
    mode: str | None
    on_shifts: bool
    state: Literal["live", "withdrawn", "unused", "draft", "asked"]
    withdrawn_because: str | None
    withdrawn_parts: dict[str, str]
    sent_back: str | None
    wrote: bool
    asked: str | None
    places: list[PlaceAnswer]
    gaps: list[GapAnswer]
    differences: DifferencesAnswer | None
    values: list[FactAnswer]
    reasons: list[ProblemReason]


class AdoptedLineAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A text that the project uses or drafts; the counts say how far it differs from its source.

    `number` is the version in use, null where it is only drafted; `newer` one that is out.
    """

    id: UUID
    title: str
    kind: str
    number: str | None
    newer: str | None
    mode: str | None
    on_shifts: bool
    withdrawn: bool
    replaced: int
    added: int
    hidden: int
    values: int
    own_parts_overdue: bool
    state: Literal["draft", "asked"] | None
    yours: bool


class OfferedAnswer(msgspec.Struct, frozen=True):
    """A released text that the project could use; `by` is the project that wrote it."""

    id: UUID
    title: str
    kind: str
    number: str
    by: str | None


class SideAnswer(msgspec.Struct, frozen=True):
    """One part in one language; `html` marks with `ins` and `del` against `base`."""

    language: str
    base: str
    theirs: str
    theirs_html: str
    ours: str
    ours_html: str


class StepAnswer(msgspec.Struct, frozen=True):
    """What became of one part; with `choices` a person decides."""

    block: UUID
    kind: str
    meaning: str
    choices: list[str]
    own: OwnPartAnswer | None
    sides: list[SideAnswer]


class UpdateAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A version beside what the project has; `open_gaps` need a value before it can go live."""

    number: str
    to_decide: int
    steps: list[StepAnswer]
    facts: list[FactAnswer]
    open_gaps: list[GapAnswer]
    unused_values: list[str]
    stale_languages: list[str]
    stale_must_be_seen: bool


def adopted_line(line: Line) -> AdoptedLineAnswer:
    """Write a line of the list."""
    return AdoptedLineAnswer(
        id=item_of(line.urn),
        title=line.title,
        kind=line.kind,
        number=line.number,
        newer=line.newer,
        mode=line.mode,
        on_shifts=line.on_shifts,
        withdrawn=line.withdrawn,
        replaced=line.replaced,
        added=line.added,
        hidden=line.hidden,
        values=line.values,
        own_parts_overdue=line.overdue,
        state=line.state,
        yours=line.yours,
    )


def offered_answer(one: Offered) -> OfferedAnswer:
    """Write a text that could be used."""
    return OfferedAnswer(item_of(one.urn), one.title, one.kind, one.number, one.by)


def adopted_answer(item: UUID, change: Change, asker: Asker) -> AdoptedAnswer:
    """Write a text with the project's own parts."""
    overlay, coming, standing = change.overlay, change.next, change.standing
    found = outcome(
        change.reads,
        coming.manifest,
        coming.parts,
        coming.values,
    )
    return AdoptedAnswer(
        id=item,
        title=coming.manifest.source.title,
        live=change.number_read,
        number=coming.release.number,
        newest=change.newest.number,
        mode=change.adoption.mode if change.adoption else None,
        on_shifts=change.on_shifts,
        state=_state(change),
        withdrawn_because=standing.withdrawn_because if standing else None,
        withdrawn_parts=dict(standing.withdrawn_parts) if standing else {},
        sent_back=overlay.sent_back if overlay else None,
        wrote=overlay is not None and asker.person_id in overlay.authors,
        asked=overlay.asked_hash.hex() if overlay and overlay.asked_hash else None,
        places=[
            _place(one, on_shifts=change.on_shifts) for one in places(coming.manifest, coming.parts)
        ],
        gaps=[
            _gap(gap, coming.values.get(gap.name))
            for gap in coming.manifest.placeholders
            if gap.filled_by == "project"
        ],
        differences=_differences(found),
        values=[FactAnswer(one.name, one.before, one.after) for one in found.values],
        reasons=[ProblemReason(*reason) for reason in found.reasons],
    )


def update_answer(sheet: UpdateSheet) -> UpdateAnswer:
    """Write a comparison."""
    return UpdateAnswer(
        number=sheet.number,
        to_decide=sheet.to_decide,
        steps=[_step(row) for row in sheet.rows],
        facts=[FactAnswer(one.name, one.before, one.after) for one in sheet.facts],
        open_gaps=[_gap(gap, None) for gap in sheet.open_gaps],
        unused_values=sheet.unused_values,
        stale_languages=sheet.stale,
        stale_must_be_seen=sheet.about_safety,
    )


def _state(change: Change) -> Literal["live", "withdrawn", "unused", "draft", "asked"]:
    if change.overlay is not None:
        return "asked" if change.overlay.state == "asked" else "draft"
    if change.live is None or change.standing is None:
        return "unused"
    return "withdrawn" if change.standing.is_recalled else "live"


def _differences(found: Outcome) -> DifferencesAnswer | None:
    return differences_answer(found.differences) if found.differences else None


def _place(one: Place, *, on_shifts: bool) -> PlaceAnswer:
    return PlaceAnswer(
        block=one.block,
        theirs=dict(one.theirs),
        only_added_to=one.locked or on_shifts,
        own=_own(one.own) if one.own else None,
        added=_owns(one.added),
    )


def _owns(parts: Iterable[OwnPart]) -> list[OwnPartAnswer]:
    return [_own(part) for part in parts]


def _own(part: OwnPart) -> OwnPartAnswer:
    return msgspec.convert(part, OwnPartAnswer, from_attributes=True)


def _gap(gap: Gap, value: str | None) -> GapAnswer:
    return GapAnswer(gap.name, gap.example, gap.type, gap.material, value)


def _step(row: Row) -> StepAnswer:
    step = row.step
    return StepAnswer(
        block=step.block,
        kind=step.kind,
        meaning=row.meaning,
        choices=list(step.choices),
        own=_own(step.part) if step.part else None,
        sides=[
            SideAnswer(
                side.language,
                side.base,
                as_text(side.theirs),
                as_html(side.theirs),
                as_text(side.ours),
                as_html(side.ours),
            )
            for side in row.sides
        ],
    )
