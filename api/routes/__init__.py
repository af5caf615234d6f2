"""The people's JSON, below /api/v1."""

from litestar.types import ControllerRouterHandler

from api.routes import claims, pools
from api.routes.calendars import CalendarController

ROUTES: list[ControllerRouterHandler] = [
    pools.list_pools,
    pools.list_shifts,
    claims.take_seat,
    claims.show_claim,
    claims.give_back,
    CalendarController,
]
