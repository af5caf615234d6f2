"""What one project suggests to the owner of a text, and what may not be in it."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Annotated, NamedTuple
from uuid import UUID

import msgspec

from federation.errors import Reason
from federation.partners.rules.canonical import canonical
from federation.screen.meaning.notes import findings_in_note
from federation.screen.rules import WORDS, Finding
from protocols.items.rules.drafts import LONGEST_PART
from protocols.overlays.rules.parts import Action, OwnPart, misfits
from protocols.overlays.rules.three_way import based_on
from protocols.overlays.rules.writing import reasons_against_texts
from protocols.proposals.rules.gaps import words_of_owner
from protocols.releases.rules import Manifest, Urn
from protocols.releases.rules import Sequence as Place

MOST_PARTS = 20
LONGEST_WHY = 500
LONGEST_SENTENCE = 500
LONGEST = 60_000
"""Characters of a whole proposal, in all languages: so it fits into one event."""

IN_WORDS_OF = (
    "In the words in %(language)s of the part “%(words)s”,"
    " characters %(start)s to %(end)s: %(asked)s"
)
IN_WORDS = "In the words in %(language)s, characters %(start)s to %(end)s: %(asked)s"
IN_WHY_OF = (
    "In why it is proposed of the part “%(words)s”, characters %(start)s to %(end)s: %(asked)s"
)
IN_WHY = "In why it is proposed, characters %(start)s to %(end)s: %(asked)s"
LOOKS_LIKE = "this looks like %(what)s. Say it without that."
MAY_IDENTIFY = "this may identify somebody. Say it without that."
MANY_PARTS = "Propose 1 to %(number)s parts at a time."
TOO_LONG = "A proposal has at most %(number)s characters."

Tag = Annotated[str, msgspec.Meta(max_length=35)]
Text = Annotated[str, msgspec.Meta(max_length=LONGEST_PART)]
Sentence = Annotated[str, msgspec.Meta(max_length=LONGEST_SENTENCE)]


class ProposedPart(msgspec.Struct, frozen=True, kw_only=True):
    """One part as it would be: other words, one more after a part, or one less; and why.

    It says nothing of who wrote it or why at home, and no value of the project's own.
    """

    block: UUID
    action: Action
    why: Annotated[str, msgspec.Meta(max_length=LONGEST_WHY)]
    after: UUID | None = None
    texts: dict[Tag, Text] = msgspec.field(default_factory=dict)


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What crosses between nodes: which project suggests what for which release, never who."""

    proposal: UUID
    urn: Urn
    sequence: Place
    project: UUID
    parts: Annotated[list[ProposedPart], msgspec.Meta(min_length=1, max_length=MOST_PARTS)]


class Identifying(NamedTuple):
    """What could identify somebody, in which part and language; an empty one is the reason why."""

    block: UUID
    language: str
    finding: Finding


def hash_of_parts(urn: str, sequence: int, parts: Sequence[ProposedPart]) -> bytes:
    """Tell a repeat from another proposal."""
    said = {"urn": urn, "sequence": sequence, "parts": msgspec.to_builtins(parts)}
    return sha256(canonical(said)).digest()


def reasons_against(manifest: Manifest, parts: Sequence[ProposedPart]) -> list[Reason]:
    """Give every reason why this cannot be proposed, or taken in from a partner."""
    reasons = [*_sizes(parts)]
    if reasons:
        # not searched as well: of a very long text that would take minutes
        return reasons
    for part in parts:
        own = _as_own(manifest, part)
        reasons += [*misfits(manifest, own), *_why(part), *_words(manifest, own)]
    return reasons + [_personal(one, parts) for one in identifying(manifest, parts)]


def identifying(manifest: Manifest, parts: Sequence[ProposedPart]) -> list[Identifying]:
    """Find what could identify somebody; what the owner's own words say as well is theirs."""
    theirs = "\n".join(words_of_owner(manifest))
    return [
        Identifying(part.block, language, found)
        for part in parts
        for language, text in lines_of(part)
        for found in findings_in_note(text, language)
        if text[found.start : found.end] not in theirs
    ]


def lines_of(part: ProposedPart) -> list[tuple[str, str]]:
    """Give all that a part says, by language; why it is proposed has none."""
    return [*sorted(part.texts.items()), ("", part.why)]


def about(part: ProposedPart, language: str, start: int, end: int, asked: str) -> str:
    """Say in which words, and at which characters, a person has to look, and what for."""
    first = next(iter(part.texts.values()), "")
    sentence = (
        (IN_WORDS_OF if first else IN_WORDS) if language else (IN_WHY_OF if first else IN_WHY)
    )
    return sentence % {
        "language": language,
        "words": first[:40],
        "start": start + 1,
        "end": end,
        "asked": asked,
    }


def _personal(one: Identifying, parts: Sequence[ProposedPart]) -> Reason:
    part = next(part for part in parts if part.block == one.block)
    asked = LOOKS_LIKE % {"what": WORDS[one.finding.kind]}
    said = about(part, one.language, one.finding.start, one.finding.end, asked)
    return Reason("proposal-personal", said)


def _sizes(parts: Sequence[ProposedPart]) -> Iterator[Reason]:
    if not 0 < len(parts) <= MOST_PARTS:
        yield Reason("proposal-parts", MANY_PARTS % {"number": MOST_PARTS})
    if len({part.block for part in parts}) < len(parts):
        yield Reason("part-twice", "A part is proposed once.")
    if sum(len(text) for part in parts for _, text in lines_of(part)) > LONGEST:
        yield Reason("proposal-too-long", TOO_LONG % {"number": LONGEST})


def _why(part: ProposedPart) -> Iterator[Reason]:
    if not part.why.strip() or len(part.why) > LONGEST_WHY:
        yield Reason("no-why", "Say in a sentence why this would be better for everybody.")


def _words(manifest: Manifest, own: OwnPart) -> Iterator[Reason]:
    if own.action != "hide":
        yield from reasons_against_texts(manifest, own, {})
    elif own.texts:
        yield Reason("words-left-out", "A part that is to go has no words.")


def _as_own(manifest: Manifest, part: ProposedPart) -> OwnPart:
    """Lay a proposed part over the release as its own project does, to see whether it fits."""
    return based_on(
        manifest,
        OwnPart(
            block=part.block,
            action=part.action,
            after=part.after if part.action == "add" else None,
            base="",
            reason=part.why,
            owner=manifest.project,
            review_by=manifest.review_by,
            texts=part.texts,
        ),
    )
