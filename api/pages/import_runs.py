"""How far the import of an old table is: a reload, or the next visit, shows the same page again."""

from uuid import UUID

from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from api.pages.rendering import kept_current, page
from api.parts import Now, Session, Signed
from federation.pools.queries import pool_seen_by
from rota.import_runs.queries import import_run
from rota.import_runs.rules import is_silent
from rota.record_imports.rules.rows import FATES, LEFT_OUT, SCREENED, TAKEN

HERE = "/records/import/{slug:str}/runs/{run:uuid}"


def run_address(slug: str, run: UUID) -> str:
    """Give the address of an import's page."""
    return f"/records/import/{slug}/runs/{run}"


@get(HERE)
async def show_run(
    session: Session, asker: Signed, now: Now, slug: FromPath[str], run: FromPath[UUID]
) -> Template:
    """Show how far an import is, or what came of it."""
    pool = await pool_seen_by(session, asker, slug)
    found = await import_run(session, asker, pool, run)
    silent = is_silent(found.state, found.seen_at, now)
    answer = page(
        "record-import-run.html",
        asker=asker,
        pool=pool,
        run=found,
        state="interrupted" if silent else found.state,
        rows={TAKEN: found.taken, LEFT_OUT: found.left_out, SCREENED: found.screened},
        fates=FATES,
    )
    if found.state != "reading":
        return answer
    return kept_current(answer, f"{run_address(slug, run)}/changes")
