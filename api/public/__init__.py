"""What anybody may read: open hours as page, JSON, calendar, frame and widget."""

from litestar.types import ControllerRouterHandler

from api.public.routes import embedded_page, open_page, public_changes, widget

ROUTES: list[ControllerRouterHandler] = [open_page, embedded_page, public_changes, widget]
