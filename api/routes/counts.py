"""What members of a pool let one another see of their counts, for programs."""

from datetime import date, datetime, timedelta

import msgspec
from litestar import delete, get, put
from litestar.params import FromPath

from api.bodies import require_plannable
from api.errors import InvalidRequest
from api.parts import Now, Session, Signed
from api.routes.coverage import LONGEST_DAYS, From, Until
from api.routes.pages_of import Page
from federation.pools.queries import pool_seen_by
from rota.record_sharing.actions import share_counts, stop_sharing
from rota.record_sharing.queries import counts_of, sharing_of
from rota.record_sharing.stated import StatedMonth


class MonthAnswer(msgspec.Struct, frozen=True):
    """One project's month; a count that is null is below five, or hidden with one that is."""

    month: date
    project: str
    counts: StatedMonth


class SharingAnswer(msgspec.Struct, frozen=True):
    """Since which month one's project shares, if it does; and exactly what would be sent when."""

    first_month: date | None
    next_month: date
    sent_at: datetime
    next: StatedMonth
    last_month: date
    last: StatedMonth


@get("/pools/{pool:str}/counts", summary="List what members have published of their counts")
async def list_counts(
    session: Session, asker: Signed, pool: FromPath[str], first: From, until: Until
) -> Page[MonthAnswer]:
    """List whole months that begin in a period, the newest first, for coordinators of members."""
    found = await pool_seen_by(session, asker, pool)
    require_plannable("from", first)
    require_plannable("until", until)
    if not first < until <= first + timedelta(days=LONGEST_DAYS):
        raise InvalidRequest("until", f"must come after `from`, within {LONGEST_DAYS} days.")
    told = await counts_of(session, asker, found, first, until)
    return Page(items=[MonthAnswer(one.month, one.project, one.content) for one in told])


@get("/pools/{pool:str}/counts/sharing", summary="Look at what your project shares, or would")
async def show_sharing(
    session: Session, asker: Signed, now: Now, pool: FromPath[str]
) -> SharingAnswer:
    """Show the next month exactly as it will be sent, and the last whole one as an example."""
    seen = await sharing_of(session, asker, await pool_seen_by(session, asker, pool), now)
    return SharingAnswer(
        seen.first_month,
        seen.next_month,
        seen.sent_at,
        seen.next_content,
        seen.last_month,
        seen.last_content,
    )


@put("/pools/{pool:str}/counts/sharing", summary="Share your project's sums", status_code=204)
async def share(session: Session, asker: Signed, now: Now, pool: FromPath[str]) -> None:
    """Let coordinators of all members see each month once, from this one on."""
    await share_counts(session, asker, await pool_seen_by(session, asker, pool), now)


@delete("/pools/{pool:str}/counts/sharing", summary="Share no further month", status_code=204)
async def stop_sharing_counts(
    session: Session, asker: Signed, now: Now, pool: FromPath[str]
) -> None:
    """Send nothing more; what was sent stays with those who have it."""
    await stop_sharing(session, asker, await pool_seen_by(session, asker, pool), now)
