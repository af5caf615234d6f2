"""Which pages there are, read off the application, and a walk along links that meets each once."""

import re
from collections.abc import Awaitable, Callable, Collection
from html import unescape
from typing import get_args

from litestar import Litestar
from litestar.response import Template
from litestar.routes import HTTPRoute

LINK = re.compile(r'href="(/[^"#]*)')
PARAMETER = re.compile(r"\{[^}]*\}")

Opened = Callable[[str], Awaitable[str]]


def pages(app: Litestar) -> set[str]:
    """Name the routes that are answered with a page of ours."""
    return {
        route.path_format
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "GET" in handler.http_methods
        and Template in (told := handler.parsed_fn_signature.return_type.raw, *get_args(told))
    } | {"/open/{page}", "/open/{slug}/embedded"}


def page_at(path: str, known: Collection[str]) -> str | None:
    """Give the page at an address; a fixed word in it goes before a parameter."""
    bare = path.partition("?")[0]
    fitting = [page for page in known if re.fullmatch(PARAMETER.sub("[^/]+", page), bare)]
    return min(fitting, key=lambda page: page.count("{"), default=None)


async def walk(known: Collection[str], start: list[str], opened: Opened) -> set[str]:
    """Open one address of each page that can be reached; gives the pages that were met."""
    seen: set[str] = set()
    ahead = list(start)
    while ahead:
        path = ahead.pop(0)
        page = page_at(path, known)
        if page is None or page in seen or path.endswith((".ics", ".json")):
            continue
        seen.add(page)
        ahead += [unescape(link) for link in LINK.findall(await opened(path))]
    return seen
