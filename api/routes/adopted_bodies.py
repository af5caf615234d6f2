"""What is sent about a project's own parts in a text."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from api.routes.text_bodies import ShortLine, Text
from protocols.overlays.rules.parts import Action
from protocols.overlays.rules.three_way import Choice, Decision
from protocols.overlays.rules.writing import LONGEST_REASON, Told

Mode = Literal["pinned", "tracking"]
Values = dict[str, ShortLine]
Number = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$")]
Hash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]


class AdoptBody(msgspec.Struct, forbid_unknown_fields=True):
    """Which version is taken up as it is (the newest, if none is named), with which values."""

    number: Number | None = None
    mode: Mode = "tracking"
    values: Values = {}


class ModeBody(msgspec.Struct, forbid_unknown_fields=True):
    """Whether newer versions are put forward."""

    mode: Mode


class OwnPartBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An own part; `after` counts for an addition, and is left out at the very beginning.

    `texts` are by language; `still_right` says that translations left alone say the same as the
    new words. Without an `owner` it stays with whom it was, or is yours.
    """

    action: Action
    reason: Annotated[str, msgspec.Meta(max_length=LONGEST_REASON)]
    review_by: date
    after: UUID | None = None
    texts: dict[str, Text] = {}
    owner: UUID | None = None
    still_right: bool = False


class ValuesBody(msgspec.Struct, forbid_unknown_fields=True):
    """Values by the name of their gap; an empty one leaves its gap open again."""

    values: Values


class DecisionBody(msgspec.Struct, forbid_unknown_fields=True):
    """What holds for one part; `texts` where it is a wording of its own."""

    choice: Choice
    texts: dict[str, Text] = {}


class UpdateBody(msgspec.Struct, forbid_unknown_fields=True):
    """A newer version, and a decision for each part that has choices.

    `stale_seen` names languages of a text about safety that would not be shown.
    """

    number: Number
    decisions: dict[UUID, DecisionBody] = {}
    stale_seen: list[ShortLine] = []
    values: Values = {}


class SeenHashBody(msgspec.Struct, forbid_unknown_fields=True):
    """The hash of what was looked at, as it was answered."""

    seen: Hash


def told_in(block: UUID, body: OwnPartBody) -> Told:
    """Read an own part."""
    return Told(
        action=body.action,
        block=block,
        after=body.after,
        texts=body.texts,
        reason=body.reason,
        review_by=body.review_by,
        still_right=body.still_right,
        owner=body.owner,
    )


def decisions_in(body: UpdateBody) -> dict[UUID, Decision]:
    """Read what was decided."""
    return {block: Decision(one.choice, one.texts) for block, one in body.decisions.items()}
