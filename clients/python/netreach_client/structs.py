"""What a node answers. Unknown fields are ignored, so that a newer node can still be read."""

from datetime import date, datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import msgspec

from netreach_client.errors import Reason

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Item = TypeVar("Item")


class Page(msgspec.Struct, Generic[Item], frozen=True):
    """One page of a list, and the cursor of the next one."""

    items: list[Item]
    next: str | None = None


class Problem(msgspec.Struct, frozen=True):
    """A refusal as RFC 9457 puts it, with the fields that netreach adds."""

    title: str
    code: str = ""
    reasons: list[Reason] = []


class PoolHandle(msgspec.Struct, frozen=True):
    """The pseudonym by which other projects know somebody in one pool."""

    pool: str
    handle: str


class Me(msgspec.Struct, frozen=True):
    """Whose token this is: the project, the roles in it, and the handles where the node tells."""

    project: str
    roles: list[str]
    handles: list[PoolHandle] = []


class Pool(msgspec.Struct, frozen=True):
    """A pool that the asker's project is a member of; `host` is null where this node hosts it."""

    id: UUID
    slug: str
    name: str
    zone: str
    host: str | None = None


class Holder(msgspec.Struct, frozen=True):
    """Who has a seat, where the asker may know."""

    handle: str
    project: str


class Seat(msgspec.Struct, frozen=True):
    """One place on a shift: `open`, `requested`, `proposed` or `held`."""

    id: UUID
    role: str
    state: str
    holder: Holder | None = None


class Shift(msgspec.Struct, frozen=True):
    """One staffed period on a channel; `open` tells whether its minimum is confirmed."""

    id: UUID
    channel: str
    start: Instant
    end: Instant
    zone: str
    briefing_minutes: int
    debrief_minutes: int
    languages: list[str]
    open: bool
    seats: list[Seat]
    theme: str | None = None


class Claim(msgspec.Struct, frozen=True):
    """How a claim stands: `requested`, `held`, `refused`, `lapsed` or `released`."""

    id: UUID
    seat: UUID
    state: str
    answer_by: Instant | None = None
    reasons: list[Reason] = []


class Calendar(msgspec.Struct, frozen=True):
    """A personal feed's address, without its secret."""

    id: UUID
    label: str
    made_at: Instant
    last_used_on: date | None = None


class NewCalendar(msgspec.Struct, frozen=True):
    """A personal feed's address with its secret, which the node shows only this once."""

    id: UUID
    label: str
    url: str


class Protocol(msgspec.Struct, frozen=True):
    """A protocol in a list: `number` holds, `pending` is a newer one that waits to be adopted."""

    id: UUID
    title: str
    kind: str
    number: str
    languages: list[str]
    pending: str | None = None
    withdrawn_because: str | None = None
    review_by: date | None = None
    reading_needed: bool = False
    acknowledged: bool = False


class WrittenText(msgspec.Struct, frozen=True):
    """A text that the project writes: where it stands, who acts next, and when it is reviewed."""

    id: UUID
    title: str
    kind: str
    state: str
    next: str
    yours: bool
    review_by: date
    review_overdue: bool
    number: str | None = None
    stale_languages: list[str] = []
    open_comments: int = 0


class Passage(msgspec.Struct, frozen=True):
    """One part of a text; in another language than asked where it is not translated yet.

    `ours` are words that the project itself has put over the text.
    """

    id: UUID
    language: str
    text: str
    ours: bool = False


class Release(msgspec.Struct, frozen=True):
    """One release in one language; `text_hash` is what people acknowledge."""

    id: UUID
    title: str
    number: str
    kind: str
    language: str
    languages: list[str]
    jurisdictions: list[str]
    review_by: date
    stated_at: Instant
    expires_at: Instant
    acknowledgement: str
    text_hash: str
    passages: list[Passage]


class Emergency(msgspec.Struct, frozen=True):
    """What holds in place of a withdrawn text."""

    language: str
    text: str


class InForce(msgspec.Struct, frozen=True):
    """A protocol as it holds now: a release, or an emergency text, or nothing that has arrived."""

    id: UUID
    title: str
    release: Release | None = None
    emergency: Emergency | None = None
    withdrawn_because: str | None = None
    pending: str | None = None


class Gap(msgspec.Struct, frozen=True):
    """Something that whoever sends an answer fills in: `{{name}}` in its text."""

    name: str
    type: str
    example: str


class CannedAnswer(msgspec.Struct, frozen=True):
    """A pre-written answer; `use_limits` say where it may be used at all."""

    id: UUID
    number: str
    title: str
    question: str
    text: str
    language: str
    use_limits: list[str]
    languages: list[str] = []
    keywords: list[str] = []
    stale: bool = False
    review_overdue: bool = False
    withdrawn_because: str | None = None
    to_fill: list[Gap] = []


class Remark(msgspec.Struct, frozen=True):
    """Something to know about an entry of an export."""

    code: str
    text: str


class ExportEntry(msgspec.Struct, frozen=True):
    """An answer as an entry of a tool, and what loading the file does to it there."""

    item: UUID
    language: str
    title: str
    key: str
    fate: str
    remarks: list[Remark] = []


class LeftOut(msgspec.Struct, frozen=True):
    """An answer that does not go out, and why."""

    item: UUID
    language: str
    title: str
    reason: Remark


class ToRemove(msgspec.Struct, frozen=True):
    """An entry that is to be taken out of the tool by hand."""

    key: str
    id: str = ""


class ExportReport(msgspec.Struct, frozen=True):
    """What a file for a tool holds; not `compared` where nobody knows what was edited there."""

    tool: str
    file_name: str
    entries: list[ExportEntry]
    left: list[LeftOut] = []
    remove: list[ToRemove] = []
    notes: list[str] = []
    compared: bool = False
