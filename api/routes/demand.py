"""When people write, as one's own project has counted, for programs."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from api.bodies import require_plannable
from api.errors import InvalidRequest
from api.parts import Now, Session, Signed
from federation.permissions.rules import require_role
from federation.pools.models import Pool
from federation.pools.queries import pool_seen_by
from rota.demand.actions import count_weeks_again, leave_out_weeks
from rota.demand.queries import Choice, Demand, Weight, demand
from rota.demand.rules.advice import Helpful, LanguageSeen
from rota.demand.rules.estimates import Estimate
from rota.demand.rules.exposure import MOST_WEEKS

PLACES = 4
Basis = Literal["counted", "few-counts", "guess", "unknown"]
Why = Literal["campaign", "holidays", "outage", "other"]
Weeks = Annotated[int, QueryParameter(name="weeks", ge=1, le=260)]
Slug = Annotated[str | None, QueryParameter(name="channel", max_length=100)]
Language = Annotated[str | None, QueryParameter(name="language", max_length=35)]


class HourAnswer(msgspec.Struct, frozen=True):
    """An hour of the pool's local week, 0 from Monday's midnight on: counted, and expected.

    `open_hours` are those on which the own people sat; half of one where half of the seats were
    theirs. The rate of contacts in an open hour lies between `low` and `high` with 80%.
    """

    hour: int
    talked: int
    turned_away: int
    open_hours: float
    expected: float
    low: float
    high: float
    basis: Basis


class LanguageAnswer(msgspec.Struct, frozen=True):
    """Who wrote in a language; `spoken` are open hours a week in it, of the last four weeks.

    Here and elsewhere these are the last four that are not left out.
    """

    language: str
    talked: int
    turned_away: int
    spoken: float
    missed: bool


class HelpfulAnswer(msgspec.Struct, frozen=True):
    """An hour in which so many a week would find nobody, as it was lately covered.

    On all channels together; `covered` is the share of those expected who find theirs covered.
    """

    hour: int
    unmet: float
    low: float
    high: float
    covered: float
    basis: Basis


class WeightAnswer(msgspec.Struct, frozen=True):
    """What a pattern weighs now and what is suggested; `PATCH /patterns/{id}` sets `demand`."""

    pattern: UUID
    series: str
    channel: str
    present: float
    suggested: float
    expected: float
    low: float
    high: float
    basis: Basis


class WeeksBody(msgspec.Struct, forbid_unknown_fields=True):
    """Weeks to leave out, from the one in which `day` lies."""

    day: date
    reason: Why
    weeks: Annotated[int, msgspec.Meta(ge=1, le=MOST_WEEKS)] = 1


class WeeksAnswer(msgspec.Struct, frozen=True):
    """Weeks that are left out."""

    id: UUID
    first_monday: date
    weeks: int
    reason: Why


class MadeAnswer(msgspec.Struct, frozen=True):
    """What was left out can be named by this id."""

    id: UUID


class DemandAnswer(msgspec.Struct, frozen=True):
    """Estimates by hour of the week; no hours where one's project has counted nothing."""

    pool: str
    zone: str
    first: date
    until: date
    weeks: int
    channel: str | None
    language: str | None
    mean: float
    hours: list[HourAnswer]
    languages: list[LanguageAnswer]
    helpful: list[HelpfulAnswer]
    weights: list[WeightAnswer]
    excluded_weeks: list[WeeksAnswer]


@get("/pools/{pool:str}/demand", summary="When people write, and what is missed")
async def show_demand(
    session: Session,
    asker: Signed,
    now: Now,
    pool: FromPath[str],
    weeks: Weeks = 52,
    channel: Slug = None,
    language: Language = None,
) -> DemandAnswer:
    """Estimate demand from one's own project's counts, for its coordinators."""
    require_role(asker, "coordinator")
    found = await pool_seen_by(session, asker, pool)
    choice = Choice(weeks, channel, language)
    seen = await demand(session, asker, found, choice, now)
    if channel is not None and channel not in seen.channels:
        raise InvalidRequest("channel", "is not a live channel of this pool.")
    return _told(found, choice, seen)


def _told(pool: Pool, choice: Choice, seen: Demand) -> DemandAnswer:
    return DemandAnswer(
        pool=pool.slug,
        zone=pool.zone,
        first=seen.first,
        until=seen.until,
        weeks=seen.weeks,
        channel=choice.channel,
        language=choice.language,
        mean=round(seen.mean, PLACES),
        hours=[_hour(number, one) for number, one in enumerate(seen.hours)],
        languages=[_language(one) for one in seen.languages],
        helpful=[_helpful(one) for one in seen.helpful],
        weights=[_weight(one) for one in seen.weights],
        excluded_weeks=[
            msgspec.convert(one, WeeksAnswer, from_attributes=True) for one in seen.left_out
        ],
    )


def _hour(number: int, one: Estimate) -> HourAnswer:
    return HourAnswer(
        number,
        one.seen.talked,
        one.seen.turned_away,
        round(one.seen.open_hours, PLACES),
        round(one.expected, PLACES),
        round(one.low, PLACES),
        round(one.high, PLACES),
        msgspec.convert(one.basis, Basis),
    )


def _language(one: LanguageSeen) -> LanguageAnswer:
    return LanguageAnswer(
        one.tag, one.talked, one.turned_away, round(one.spoken, PLACES), one.missed
    )


def _helpful(one: Helpful) -> HelpfulAnswer:
    return HelpfulAnswer(
        one.hour,
        round(one.unmet, PLACES),
        round(one.low, PLACES),
        round(one.high, PLACES),
        one.covered,
        msgspec.convert(one.basis, Basis),
    )


def _weight(one: Weight) -> WeightAnswer:
    suggested = one.suggested
    return WeightAnswer(
        one.pattern.id,
        one.pattern.series,
        one.channel,
        one.pattern.demand,
        suggested.weight,
        round(suggested.expected, PLACES),
        round(suggested.low, PLACES),
        round(suggested.high, PLACES),
        msgspec.convert(suggested.basis, Basis),
    )


@post("/pools/{pool:str}/excluded-weeks", summary="Leave weeks out of estimates")
async def leave_out(
    session: Session, asker: Signed, now: Now, pool: FromPath[str], data: JSONBody[WeeksBody]
) -> MadeAnswer:
    """Leave out weeks that say little about usual ones; only one's own project's estimates."""
    require_role(asker, "coordinator")
    found = await pool_seen_by(session, asker, pool)
    require_plannable("day", data.day)
    made = await leave_out_weeks(session, asker, found, data.day, data.weeks, data.reason, now)
    return MadeAnswer(made)


@delete(
    "/pools/{pool:str}/excluded-weeks/{weeks:uuid}", summary="Count weeks again", status_code=204
)
async def count_again(
    session: Session, asker: Signed, now: Now, pool: FromPath[str], weeks: FromPath[UUID]
) -> None:
    """Let weeks count again that one's project had left out."""
    require_role(asker, "coordinator")
    found = await pool_seen_by(session, asker, pool)
    await count_weeks_again(session, asker, found, weeks, now)


ROUTES = [show_demand, leave_out, count_again]
