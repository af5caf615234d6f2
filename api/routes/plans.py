"""Plans of a pool: ordered, read as a difference, stopped, published, repaired, asked about."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from api.bodies import require_plannable
from api.errors import InvalidRequest
from api.parts import Now, Session, Signed
from federation.pools.queries import pool_planned_by, pool_seen_by
from rota.plans.actions import order_plan, order_repair, publish_plan, stop_plan
from rota.plans.differences import Compared, compared, newest_plans, plan_seen_by, pseudonyms
from rota.plans.exports import exported
from rota.plans.models import PoolPlan
from rota.plans.rules import days_of
from rota.what_ifs.actions import ask_what_if
from rota.what_ifs.models import WhatIf
from rota.what_ifs.queries import what_if_seen_by
from rota.what_ifs.rules import AddSession, AddWorker, ProjectJoins, ProjectLeaves

SHOWN = 20
LONGEST_DAYS = 12 * 7


class Days(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From the first day to the one after the last."""

    from_: date = msgspec.field(name="from")
    until: date


class StopBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the best plan so far is kept as a draft."""

    keep: bool


class WhatIfBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The days, and the change that is thought about."""

    from_: date = msgspec.field(name="from")
    until: date
    change: AddSession | AddWorker | ProjectLeaves | ProjectJoins


class SeatChangeAnswer(msgspec.Struct, frozen=True):
    """A seat that changes hands; handles are the pool's pseudonyms, null is nobody."""

    shift: str
    seat: str
    role: str
    before: str | None
    after: str | None
    given_up_by: str | None


class DifferenceAnswer(msgspec.Struct, frozen=True):
    """What publishing would change, against who holds what now."""

    changes: list[SeatChangeAnswer]
    opens: list[str]
    closes: list[str]
    open_minutes_before: float
    open_minutes_after: float


class PlanAnswer(msgspec.Struct, frozen=True):
    """How a plan stands; `difference` is there for a draft that is asked for by its id."""

    id: UUID
    purpose: str
    state: str
    first: date
    last: date
    stopping: str | None
    progress: dict[str, Any] | None
    trouble: str | None
    made_at: datetime
    published_at: datetime | None
    open_minutes: dict[str, Any] | None
    stages: list[dict[str, Any]]
    unfilled: int | None
    difference: DifferenceAnswer | None = None


class PlansAnswer(msgspec.Struct, frozen=True):
    """The latest plans, newest first."""

    items: list[PlanAnswer]
    next: str | None = None


class WhatIfAnswer(msgspec.Struct, frozen=True):
    """A question, and the open minutes without and with the change once it is answered."""

    id: UUID
    state: str
    change: dict[str, Any]
    answer: dict[str, Any] | None
    trouble: str | None


def require_days(first: date, until: date) -> None:
    """Refuse days that no planner could be asked for."""
    require_plannable("from", first)
    require_plannable("until", until)
    if until <= first:
        raise InvalidRequest("until", "must be after from.")
    if (until - first).days > LONGEST_DAYS:
        raise InvalidRequest("until", "at most twelve weeks at once.")


def plan_answer(plan: PoolPlan, difference: DifferenceAnswer | None = None) -> PlanAnswer:
    """Write a plan for programs."""
    first, last = days_of(plan.scenario)
    made = plan.plan
    return PlanAnswer(
        id=plan.id,
        purpose=plan.purpose,
        state=plan.state,
        first=first,
        last=last,
        stopping=plan.stop if plan.state == "ordered" else None,
        progress=plan.progress if plan.state == "ordered" else None,
        trouble=plan.trouble,
        made_at=plan.made_at,
        published_at=plan.published_at,
        open_minutes=made["open_minutes"] if made else None,
        stages=made["stages"] if made else [],
        unfilled=len(made["unfilled"]) if made else None,
        difference=difference,
    )


def difference_answer(found: Compared, names: dict[str, str]) -> DifferenceAnswer:
    """Write a difference with the pool's pseudonyms."""
    told = found.difference
    return DifferenceAnswer(
        changes=[
            SeatChangeAnswer(
                shift=each.shift,
                seat=each.seat,
                role=each.role,
                before=names.get(each.before or ""),
                after=names.get(each.after or ""),
                given_up_by=names.get(found.given_up.get(each.seat, "")),
            )
            for each in told.changes
        ],
        opens=list(told.opens),
        closes=list(told.closes),
        open_minutes_before=told.minutes_before,
        open_minutes_after=told.minutes_after,
    )


@get("/pools/{pool:str}/plans", summary="The latest plans of a pool")
async def list_plans(session: Session, asker: Signed, pool: FromPath[str]) -> PlansAnswer:
    """List the latest plans and repairs; only those who plan the pool may."""
    found = await pool_seen_by(session, asker, pool)
    await pool_planned_by(session, asker, found.id)
    plans = await newest_plans(session, found.id, SHOWN)
    return PlansAnswer(items=[plan_answer(plan) for plan in plans])


@post("/pools/{pool:str}/plans", summary="Order a plan", status_code=202)
async def order(
    session: Session, asker: Signed, now: Now, pool: FromPath[str], data: JSONBody[Days]
) -> PlanAnswer:
    """Order a plan; a worker process makes it, and it is read and published afterwards."""
    require_days(data.from_, data.until)
    found = await pool_seen_by(session, asker, pool)
    plan = await order_plan(session, asker, found.id, data.from_, data.until, now)
    return plan_answer(plan)


@post("/pools/{pool:str}/repairs", summary="Repair the published plan", status_code=202)
async def repair(session: Session, asker: Signed, now: Now, pool: FromPath[str]) -> PlanAnswer:
    """Order what the published plan lacks since people dropped out; every kept seat stays."""
    found = await pool_seen_by(session, asker, pool)
    return plan_answer(await order_repair(session, asker, found.id, now))


@get("/plans/{plan:uuid}", summary="A plan and what publishing it would change")
async def show_plan(session: Session, asker: Signed, plan: FromPath[UUID]) -> PlanAnswer:
    """Show how far a plan is, and a draft as a difference from who holds what now."""
    found = await plan_seen_by(session, asker, plan)
    difference = await compared(session, found)
    if difference is None:
        return plan_answer(found)
    names = await pseudonyms(session, found.pool_id)
    return plan_answer(found, difference_answer(difference, names))


@post("/plans/{plan:uuid}/stop", summary="Stop a plan that is being made", status_code=202)
async def stop(
    session: Session, asker: Signed, now: Now, plan: FromPath[UUID], data: JSONBody[StopBody]
) -> PlanAnswer:
    """Stop the planner and keep its best plan so far as a draft, or nothing."""
    return plan_answer(await stop_plan(session, asker, plan, now, keep=data.keep))


@post("/plans/{plan:uuid}/publish", summary="Publish a plan", status_code=200)
async def publish(session: Session, asker: Signed, now: Now, plan: FromPath[UUID]) -> PlanAnswer:
    """Offer the plan's seats to its people; what others took meanwhile stays with them."""
    return plan_answer(await publish_plan(session, asker, plan, now))


@get("/plans/{plan:uuid}/scenario", summary="What a plan was made from, under new names")
async def show_scenario(session: Session, asker: Signed, plan: FromPath[UUID]) -> dict[str, Any]:
    """Give the scenario for `netreach-server plan`; no two exports name anybody alike."""
    return exported((await plan_seen_by(session, asker, plan)).scenario)


@post("/pools/{pool:str}/what-ifs", summary="Ask what a change would bring", status_code=202)
async def ask(
    session: Session, asker: Signed, now: Now, pool: FromPath[str], data: JSONBody[WhatIfBody]
) -> WhatIfAnswer:
    """Ask for the open minutes without and with a change; nothing is changed by it."""
    require_days(data.from_, data.until)
    if isinstance(data.change, AddSession):
        require_plannable("change.start", data.change.start)
    found = await pool_seen_by(session, asker, pool)
    asked = await ask_what_if(session, asker, found.id, data.from_, data.until, data.change, now)
    return what_if_answer(asked)


@get("/what-ifs/{asked:uuid}", summary="How a question about a change was answered")
async def show_what_if(session: Session, asker: Signed, asked: FromPath[UUID]) -> WhatIfAnswer:
    """Show a question and its answer once there is one."""
    return what_if_answer(await what_if_seen_by(session, asker, asked))


def what_if_answer(asked: WhatIf) -> WhatIfAnswer:
    """Write a question for programs."""
    return WhatIfAnswer(asked.id, asked.state, asked.change, asked.answer, asked.trouble)
