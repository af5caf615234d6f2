"""What members of a pool have counted, as far as it can be told, and what one's project tells."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from api.bodies import require_plannable
from api.errors import InvalidRequest
from api.pages.count_words import cell_words, table_words
from api.pages.rendering import page, way_back
from api.parts import Now, Session, Signed
from federation.pools.queries import pool_seen_by
from rota.record_sharing.actions import share_counts, stop_sharing
from rota.record_sharing.queries import Published, counts_of, months_told, sharing_of
from rota.record_sharing.rules.months import month_of, next_month
from rota.record_sharing.rules.together import Together, together
from rota.record_sharing.stated import StatedMonth

NO_MONTH = date(1, 1, 1)


@get("/counts/{slug:str}")
async def show_counts(
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
    month: FromQuery[str | None] = None,
) -> Template | Response[str]:
    """Show one month of all members; with `.csv` behind the pool's name, as a table."""
    as_table = slug.endswith(".csv")
    pool = await pool_seen_by(session, asker, slug.removesuffix(".csv"))
    months = await months_told(session, asker, pool)
    chosen = _chosen(month, months)
    found = await counts_of(session, asker, pool, chosen, next_month(chosen))
    if as_table:
        return Response(_csv(found), media_type="text/csv")
    return page(
        "counts.html",
        asker=asker,
        pool=pool,
        months=months,
        chosen=chosen,
        members=found,
        tables=together({one.project: one.content for one in found}),
        sharing=await sharing_of(session, asker, pool, now),
        alone=_alone,
        table_words=table_words,
        cell_words=cell_words,
        names={one.project: one.name for one in found},
    )


def _chosen(named: str | None, months: Sequence[date]) -> date:
    if not named:
        return months[0] if months else NO_MONTH
    try:
        chosen = month_of(date.fromisoformat(f"{named}-01"))
    except ValueError as error:
        raise InvalidRequest("month", "is not a month, such as 2027-01.") from error
    require_plannable("month", chosen)
    return chosen


def _alone(content: StatedMonth) -> list[Together]:
    """Lay out one's own month as others will see it."""
    return together({"own": content})


def _csv(found: Sequence[Published]) -> str:
    """Write what was told as spreadsheets read it; an empty count is hidden."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["month", "project", "table", "value", "count"])
    for one in found:
        start = [f"{one.month:%Y-%m}", one.project]
        writer.writerow([*start, "sessions", "recorded", one.content.sessions])
        for table in one.content.tables:
            for cell in table.cells:
                count = "" if cell.count is None else cell.count
                writer.writerow([*start, table.name, cell.value, count])
    return text.getvalue()


@post("/counts/{slug:str}/share", status_code=303)
async def share(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
) -> Redirect:
    """Let members see one's project's sums from this month on."""
    back = way_back(request, f"/counts/{slug}")
    await share_counts(session, asker, await pool_seen_by(session, asker, slug), now)
    return Redirect(back, status_code=303)


@post("/counts/{slug:str}/stop", status_code=303)
async def stop(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    slug: FromPath[str],
) -> Redirect:
    """Let them see no further month."""
    back = way_back(request, f"/counts/{slug}")
    await stop_sharing(session, asker, await pool_seen_by(session, asker, slug), now)
    return Redirect(back, status_code=303)
