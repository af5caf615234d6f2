"""What anybody may read: open hours as page, JSON, calendar and widget."""

from litestar.types import ControllerRouterHandler

from api.public.routes import open_page, widget

ROUTES: list[ControllerRouterHandler] = [open_page, widget]
