"""A newer version beside what a project has, as values to be shown; a person reads it by part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from protocols.history.rules.differences import FactDifference, fact_differences
from protocols.history.rules.words import PageOfWords, Piece
from protocols.history.rules.written import Gap
from protocols.overlays.rules.parts import OwnPart, is_about_safety, stale_languages
from protocols.overlays.rules.three_way import Kind, Step
from protocols.releases.rules import Manifest, written_in

MEANING: dict[Kind, str] = {
    "unchanged": "Nobody has changed this part.",
    "theirs": "They have reworded it, and your project had not changed it. Their words come in.",
    "new": "They have added this part. It comes in.",
    "gone": "They have taken this part out, and your project had not changed it. It goes.",
    "ours": "Only your project differs here. What you say stays.",
    "same": "Their text says now what yours says. Your own part is not needed any more.",
    "both": "Both have changed this part. Decide what holds.",
    "block-gone": "They have taken out the part that you had put in your words. Decide.",
    "place-gone": "They have taken out the part that your line follows. Decide.",
    "locked": "They have locked this part: it can only be added to now. Decide.",
}
"""What became of a part, and what happens to it unless somebody decides, in plain words."""


@dataclass(frozen=True, slots=True)
class Side:
    """One part in one language: how theirs and ours differ from what both started from."""

    language: str
    base: str
    theirs: list[Piece]
    ours: list[Piece]


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the comparison, with its words laid beside one another."""

    step: Step
    meaning: str
    sides: list[Side]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSheet:
    """All that somebody sees before a newer version is taken into a draft.

    `open_gaps` need a value before it can go live; `unused_values` fall away; of a text about
    safety each language in `stale` has to be seen.
    """

    number: str
    theirs: Manifest
    rows: list[Row]
    facts: list[FactDifference]
    open_gaps: list[Gap]
    unused_values: list[str]
    stale: list[str]
    about_safety: bool

    @property
    def to_decide(self) -> int:
        """Count the parts about which only a person can decide."""
        return sum(bool(row.step.choices) for row in self.rows)


def update_sheet(
    base: Manifest,
    parts: Sequence[OwnPart],
    values: Mapping[str, str],
    theirs: Manifest,
    steps: Sequence[Step],
) -> UpdateSheet:
    """Lay a comparison out for a person."""
    page = PageOfWords()
    ours = [gap for gap in theirs.placeholders if gap.filled_by == "project"]
    return UpdateSheet(
        number=theirs.number,
        theirs=theirs,
        rows=[
            Row(step, MEANING[step.kind], _sides(step, theirs.source_language, page))
            for step in steps
        ],
        facts=fact_differences(written_in(base), written_in(theirs)),
        open_gaps=[gap for gap in ours if not values.get(gap.name, "").strip()],
        unused_values=sorted(set(values) - {gap.name for gap in ours}),
        stale=sorted(stale_languages(theirs, parts)),
        about_safety=is_about_safety(theirs),
    )


def _sides(step: Step, source: str, page: PageOfWords) -> list[Side]:
    languages = {*step.base, *step.ours, *step.theirs}
    return [
        Side(
            language,
            was := step.base.get(language, ""),
            page.compare(was, step.theirs.get(language, "")),
            page.compare(was, step.ours.get(language, "")),
        )
        for language in sorted(languages, key=lambda one: (one != source, one))
    ]
