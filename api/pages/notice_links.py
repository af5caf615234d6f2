"""Leads from a notice, whose words are fit to be read over a shoulder, to what it is about."""

from collections.abc import Collection, Sequence
from uuid import UUID

from litestar import get
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import select

from api.pages.week import FITTING
from api.pages.weeks import week_of
from api.parts import Now, Session, Signed
from federation.errors import NotFound
from federation.notices.models import Notice
from federation.permissions.rules import Asker
from federation.pools.models import Pool
from federation.projects.queries import project
from rota.claims.queries import next_of_ones_own
from rota.cover.errors import CoverOver
from rota.cover.queries import CoverSeen, covers_seen
from rota.passport.actions import ENDS, OURS_END
from rota.shifts.models import Shift
from rota.shifts.rules.staffing import SEAT_ROLES

WANTED, NOBODY_FOUND, OFFERED, SEATED = "cover-wanted", "cover-open", "offered", "seated"
PAGES = {
    ENDS: "/trainings",
    OURS_END: "/due#trainings",
    "text-to-read": "/protocols",
    "seat-unread": "/protocols",
    "swap-offered": "/swaps",
    "slot-asked": "/slots",
    "answer-marked": "/answers/remarks",
    "pool-offered": "/hosts",
    "pool-taking": "/hosts",
    "restored": "/restore",
    "mail-refused": "/notices",
}
"""Notices of which a page shows all there is to do."""
IN_LINE = {OFFERED: "proposed", SEATED: "held"}
"""Notices of one's own next seat, offered or given, each with how that stands."""
LEADING = (WANTED, NOBODY_FOUND, OFFERED, SEATED, *PAGES)
"""Notices that ask for something to be done at one place, which a person would have to look for."""


@get("/notices/{notice:uuid}/show", status_code=303)
async def show(session: Session, asker: Signed, now: Now, notice: FromPath[UUID]) -> Redirect:
    """Lead to the week or the session where somebody can do what their notice asks for."""
    mine = (Notice.id == notice, Notice.person_id == asker.person_id, Notice.code.in_(LEADING))
    told = await session.scalar(select(Notice).where(*mine))
    if told is None:
        raise NotFound
    if told.code in PAGES:
        return Redirect(PAGES[told.code], status_code=303)
    if told.code in IN_LINE:
        shift = await next_of_ones_own(session, asker, IN_LINE[told.code], now)
    else:
        shift = _meant(told, await covers_seen(session, asker, now), _roles(asker))
    if shift is None and told.code == SEATED:
        return Redirect("/week", status_code=303)
    if shift is None:
        raise CoverOver
    if told.code == NOBODY_FOUND:
        pool = await session.get_one(Pool, shift.pool_id)
        return Redirect(f"/board/{pool.slug}/shifts/{shift.id}", status_code=303)
    home = await project(session, asker.project_id)
    monday = week_of(None, home.zone, shift.starts).monday
    return Redirect(f"/week?week={monday}#shift-{shift.id}", status_code=303)


def _roles(asker: Asker) -> set[str]:
    """Say which seats may be taken by the asker, or as a coordinator looked after."""
    if asker.has("coordinator"):
        return set(SEAT_ROLES)
    return {role for name in asker.roles for role in FITTING.get(name, ())}


def _meant(told: Notice, seen: Sequence[CoverSeen], roles: Collection[str]) -> Shift | None:
    """Find what a notice was written for, if it stands.

    Of an earlier one, which does not say so: the last that was asked for before it.
    """
    open_now = [each for each in seen if each.open and not each.mine and each.seat.role in roles]
    if told.about is not None:
        return next((each.shift for each in open_now if each.cover.id == told.about), None)
    before = [each for each in open_now if each.cover.opened_at <= told.at]
    newest = max(before or open_now, key=lambda each: each.cover.opened_at, default=None)
    return newest.shift if newest else None
