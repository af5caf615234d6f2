"""What is sent and answered about texts that a project writes."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from protocols.history.rules.written import AcknowledgementClass
from protocols.items.models import Item
from protocols.items.rules.drafts import Draft, DraftBlock, DraftPlaceholder, ProtocolKind, UseLimit

Text = Annotated[str, msgspec.Meta(max_length=20_000)]
ShortLine = Annotated[str, msgspec.Meta(max_length=500)]
Version = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class BlockBody(msgspec.Struct, forbid_unknown_fields=True):
    """One part; `id` where it is a new wording of a part that there was.

    Its lock stays where `locked` is left out: to take it off is said aloud.
    """

    text: Text
    id: UUID | None = None
    locked: bool | msgspec.UnsetType = msgspec.UNSET


class PlaceholderBody(msgspec.Struct, forbid_unknown_fields=True):
    """A declared gap; the value of a `material` one changes what a worker must know."""

    name: ShortLine
    example: ShortLine
    type: Literal["text", "phone", "email", "url", "time", "signpost"] = "text"
    filled_by: Literal["project", "worker"] = "project"
    material: bool = False


class WordsBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What can be changed in a text after it was begun."""

    title: ShortLine
    blocks: list[BlockBody]
    jurisdictions: list[ShortLine]
    review_by: date
    question: ShortLine | None = None
    keywords: list[ShortLine] = []
    use_limits: list[UseLimit] = []
    channels: list[ShortLine] = []
    placeholders: list[PlaceholderBody] = []
    acknowledgement: AcknowledgementClass = "re-read"
    owner: UUID | None = None


class DraftBody(WordsBody, forbid_unknown_fields=True, kw_only=True):
    """A new text."""

    kind: Literal["protocol", "answer"]
    source_language: ShortLine
    protocol_kind: ProtocolKind | None = None


class RevisionBody(WordsBody, forbid_unknown_fields=True, kw_only=True):
    """A new wording; `version` is the one that it was made from."""

    version: Version


class TranslationBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A text in another language; `texts` by the ids of the parts."""

    title: ShortLine
    texts: dict[str, Text]
    version: Version
    question: ShortLine | None = None
    keywords: list[ShortLine] = []


class SeenBody(msgspec.Struct, forbid_unknown_fields=True):
    """Which version was looked at."""

    version: Version


class ChangesBody(msgspec.Struct, forbid_unknown_fields=True):
    """What has to be changed, in words for the author."""

    said: Annotated[str, msgspec.Meta(max_length=4000)]


class CommentBody(msgspec.Struct, forbid_unknown_fields=True):
    """A remark, on one part or on the whole."""

    said: Annotated[str, msgspec.Meta(max_length=4000)]
    block: UUID | None = None


class StandingBody(msgspec.Struct, forbid_unknown_fields=True):
    """Whether a comment has been dealt with."""

    resolved: bool


class LivedReviewBody(msgspec.Struct, forbid_unknown_fields=True):
    """Who it was, for the project's coordinators alone; may be left out."""

    who: Annotated[str, msgspec.Meta(max_length=200)] | None = None


def draft_of(body: DraftBody) -> Draft:
    """Read a new text."""
    return _draft(body, body.kind, body.source_language, body.protocol_kind)


def revision_of(body: RevisionBody, item: Item) -> Draft:
    """Read a new wording of a text whose kind and language stay."""
    kind: Literal["protocol", "answer"] = "protocol" if item.protocol_kind else "answer"
    protocol_kind = msgspec.convert(item.protocol_kind, ProtocolKind | None)
    return _draft(body, kind, item.source_language, protocol_kind)


def _draft(
    body: WordsBody,
    kind: Literal["protocol", "answer"],
    source_language: str,
    protocol_kind: ProtocolKind | None,
) -> Draft:
    return Draft(
        kind=kind,
        protocol_kind=protocol_kind,
        source_language=source_language,
        title=body.title,
        question=body.question,
        keywords=body.keywords,
        jurisdictions=body.jurisdictions,
        review_by=body.review_by,
        use_limits=body.use_limits,
        channels=body.channels,
        blocks=[_part(part) for part in body.blocks],
        placeholders=[
            DraftPlaceholder(gap.name, gap.example, gap.type, gap.filled_by, gap.material)
            for gap in body.placeholders
        ],
        acknowledgement=body.acknowledgement,
        owner=body.owner,
    )


def _part(part: BlockBody) -> DraftBlock:
    if isinstance(part.locked, bool):
        return DraftBlock(part.text, part.locked, part.id)
    return DraftBlock(part.text, id=part.id, keep_lock=True)
