"""What a new host is told: by the old one all that it knew, by homes what their people hold."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from federation.pools.from_partners import StatedHandle
from federation.pools.stated import Amount, Count, Moment
from rota.reentry.stated import Origin, State, StatedClaim
from rota.shifts.mirror import StatedShift

Part = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Term = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class HandedChannel(msgspec.Struct, frozen=True):
    """What members are not told of a channel: which trainings are its own, whose its tool is."""

    id: UUID
    trainings: list[str]
    tool_owner: UUID | None


class HandedPattern(msgspec.Struct, frozen=True, kw_only=True):
    """A recurring session, as its host has set it down."""

    id: UUID
    channel: UUID
    series: str
    weekday: int
    starts: Annotated[str, msgspec.Meta(pattern=r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z")]
    minutes: int
    zone: str
    first_day: date
    last_day: date | None
    every_weeks: int
    repeats: Literal["once", "weekly", "monthly"]
    nth: int | None
    holidays: Literal["run", "skip"]
    holiday_region: str | None
    pauses: list[dict[str, Any]]
    clock_answers: list[dict[str, Any]]
    briefing_minutes: Count
    debrief_minutes: Count
    languages: list[str]
    wanted_languages: list[str]
    theme: str | None
    demand: Amount
    ground_rules: str | None
    seats: list[str]
    minimum_workers: Count | None
    minimum_supervisors: Count | None
    successor: UUID | None
    ended_at: Moment | None
    set_down_as: str | None


class HandedShift(msgspec.Struct, frozen=True):
    """Which pattern made a session, so that it does not make that day's again."""

    shift: UUID
    pattern: UUID | None
    day: date | None
    exception_at: Moment | None


class HandedSetting(msgspec.Struct, frozen=True, kw_only=True):
    """What seat holders need around sessions of the pool, of one channel, or of one shift."""

    channel: UUID | None
    shift: UUID | None
    meeting_link: str | None
    contact_label: str | None
    contact_number: str | None
    contact_link: str | None
    conversations_at_once: int | None
    never_alone: bool | None
    deputy: UUID | None
    answer_minutes: int | None


class HandedClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as the old host has it, of anybody's people."""

    claim: UUID
    seat: UUID
    handle: UUID
    state: State
    origin: Origin
    made_at: Moment
    answer_by: Moment
    receipt: str | None
    moved_at: Moment | None


class HandedAccount(msgspec.Struct, frozen=True):
    """A handle that has an account on a channel's tool."""

    channel: UUID
    handle: UUID
    granted_at: Moment


class HandedAgreement(msgspec.Struct, frozen=True):
    """A speaker's yes to a fixed time."""

    slot: UUID
    handle: UUID
    agreed_at: Moment


class ReadTo(msgspec.Struct, frozen=True):
    """How far the pool's feed of the old host reaches: what it says up to there comes first."""

    epoch: str
    seq: int


class PoolContents(msgspec.Struct, frozen=True, kw_only=True):
    """One part of what the old host knows of a pool; with the last comes what both have signed."""

    pool: UUID
    term: Term
    part: Part
    last: bool
    read_to: ReadTo
    statements: dict[str, str] = {}
    trainings: list[str] = []
    channels: list[HandedChannel] = []
    handles: list[StatedHandle] = []
    patterns: list[HandedPattern] = []
    shifts: list[HandedShift] = []
    settings: list[HandedSetting] = []
    claims: list[HandedClaim] = []
    accounts: list[HandedAccount] = []
    agreements: list[HandedAgreement] = []


class ClaimsStated(msgspec.Struct, frozen=True, kw_only=True):
    """One part of what a home's people hold and held in a pool, told to its new host.

    After a loss it says its `sessions` as well: the lost host may have made some that the new one
    has never heard of.
    """

    pool: UUID
    term: Term
    part: Part
    last: bool
    claims: list[StatedClaim]
    sessions: list[StatedShift] = []
