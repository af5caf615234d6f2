"""Pages of one pool: whoever takes part in a single one is led there, others choose."""

from typing import Any

from litestar import Request, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect, Template

from api.pages.rendering import page
from api.parts import Session, Signed
from federation.permissions.rules import require_role
from federation.pools.queries import pools_of


def pool_choice(here: str, template: str) -> HTTPRouteHandler:
    """Show a coordinator's only pool at once, with what was asked for; else let them choose."""

    @get(here)
    async def choose(
        request: Request[Any, Any, State], session: Session, asker: Signed
    ) -> Template | Redirect:
        require_role(asker, "coordinator")
        pools = await pools_of(session, asker)
        asked = f"?{request.url.query}" if request.url.query else ""
        if len(pools) == 1:
            return Redirect(f"{here}/{pools[0].slug}{asked}", status_code=303)
        return page(template, asker=asker, pools=pools, asked=asked)

    return choose
