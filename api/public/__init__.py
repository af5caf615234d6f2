"""What anybody may read: open hours as page, JSON, calendar and widget."""

from litestar.types import ControllerRouterHandler

from api.public.routes import open_page, public_changes, widget

ROUTES: list[ControllerRouterHandler] = [open_page, public_changes, widget]
