"""Personal calendar feeds by secret address."""

from litestar.types import ControllerRouterHandler

from api.feeds.routes import calendar

ROUTES: list[ControllerRouterHandler] = [calendar]
