"""Fits the parts of the web floor together."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar, Router
from litestar.datastructures import CacheControlHeader, State
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

import api.feeds
import api.pages
import api.peers
import api.public
import api.routes
from api.answers import Answers
from api.bodies import StrictRequest, refuse_unknown_query
from api.changes import Changes
from api.claim_turns import turns_first
from api.health.routes import live, ready
from api.import_runs import ImportRuns
from api.languages.reading import in_their_language
from api.limits import Shares, limited
from api.login import account, passkeys, provider_pages, second_step
from api.login.cookies import forms_config
from api.login.pages import show_link, sign_out, use_link
from api.login.passkey_routes import PasskeysController
from api.login.routes import MeController
from api.login.second_step_routes import SecondStepController
from api.login.session_routes import SessionsController
from api.metrics import Metrics, metrics
from api.observation import Observed
from api.pages.rendering import STATIC, template_config
from api.parts import DEPENDENCIES, current_time
from api.peers.polls import quiet_first
from api.problems import HANDLERS
from api.public.routes import public_first
from api.schema import openapi_config
from api.settings import Settings
from database.session import make_engine

NO_FORMS = {"exclude_from_csrf": True}
"""Routes that no browser form uses; there a cookie is not enough to change anything."""

SIGN_IN = (
    show_link,
    use_link,
    sign_out,
    *account.ROUTES,
    *passkeys.ROUTES,
    *provider_pages.ROUTES,
    *second_step.ROUTES,
)


def _formless(*handlers: ControllerRouterHandler) -> Router:
    return Router("/", route_handlers=handlers, opt=NO_FORMS, include_in_schema=False)


def _routes() -> list[ControllerRouterHandler]:
    return [
        Router(
            "/",
            route_handlers=[*SIGN_IN, *api.pages.ROUTES],
            include_in_schema=False,
        ),
        Router(
            "/api/v1",
            route_handlers=[
                MeController,
                SessionsController,
                PasskeysController,
                SecondStepController,
                *api.routes.ROUTES,
            ],
            opt=NO_FORMS,
            before_request=refuse_unknown_query,
        ),
        _formless(*api.feeds.ROUTES, *api.public.ROUTES),
        _formless(*api.peers.ROUTES, live, ready, metrics),
        create_static_files_router(
            "/static",
            directories=[STATIC],
            opt=NO_FORMS,
            include_in_schema=False,
            cache_control=CacheControlHeader(public=True, max_age=3600),
        ),
    ]


@asynccontextmanager
async def _database(app: Litestar) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    app.state.engine = make_engine(settings.database_url, connections=settings.database_connections)
    app.state.answers = Answers(app.state.engine)
    app.state.changes = Changes()
    app.state.import_runs = ImportRuns()
    try:
        yield
    finally:
        await app.state.import_runs.end()
        await app.state.answers.close()
        await app.state.engine.dispose()


def create_app(settings: Settings) -> Litestar:
    """Make the web application of one node; it opens the database when it starts."""
    counted = Metrics()
    app = Litestar(
        route_handlers=_routes(),
        dependencies=DEPENDENCIES,
        exception_handlers=HANDLERS,
        request_class=StrictRequest,
        request_max_body_size=settings.request_bytes,
        csrf_config=forms_config(settings),
        template_config=template_config(settings),
        openapi_config=openapi_config(),
        logging_config=None,
        lifespan=[_database],
        state=State(
            {
                "settings": settings,
                "metrics": counted,
                "partner_shares": Shares(settings.partner_requests_per_minute),
            }
        ),
        debug=False,
    )
    read = in_their_language(app.asgi_handler)
    in_turns = turns_first(app.state, read, current_time)
    public = public_first(app.state, in_turns, current_time)
    quiet = quiet_first(app.state, public, current_time)
    within = limited(quiet, settings, Shares(settings.requests_per_minute), time.time)
    # Litestar's own middleware does not see what no route answers
    encrypted = settings.base_url.startswith("https://")
    app.asgi_handler = Observed(within, counted, encrypted=encrypted)
    return app
