"""Renders pages: strict templates, escaped by default, one layout for all."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request
from litestar.datastructures import State
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template import TemplateConfig
from markupsafe import Markup

from api.dates import date_at, day_name, full_date, hours, moment, zone_name
from api.pages.navigation import entries_for
from api.settings import Settings
from federation.permissions.rules import Asker
from protocols.history.rules.words import Piece, as_html
from protocols.items.rules.wording import as_html as safe_html
from rota.open_hours.rules.language_names import language_name

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
WORDS = {
    "day_name": day_name,
    "full_date": full_date,
    "date_at": date_at,
    "hours": hours,
    "moment": moment,
    "zone_name": zone_name,
    "language_name": language_name,
}
"""What templates may use as filters to write for people what is kept for programs."""


def template_config(settings: Settings) -> TemplateConfig[JinjaTemplateEngine]:
    """Set up the templates of one node; a name that a page forgot to give is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= WORDS | {"own_language_name": own_language_name, "places": places}
    environment.filters |= {"difference": difference, "markdown": markdown}
    environment.globals |= {"node_name": settings.node_name, "entries_for": entries_for}
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


def own_language_name(tag: str) -> str:
    """Name a language in that language, for those who look for it."""
    try:
        named = Locale.parse(tag, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        return tag
    return str(named[:1].upper() + named[1:]) if named else tag


def difference(pieces: Iterable[Piece]) -> Markup:
    """Show words that came and went; the words themselves are escaped there."""
    return Markup(as_html(pieces))  # noqa: S704 -- escaped word by word


def markdown(text: str) -> Markup:
    """Show what an author wrote; what could do harm is taken out there."""
    return Markup(safe_html(text))  # noqa: S704 -- cleaned by nh3


def places(tags: Iterable[str]) -> str:
    """Write jurisdictions, kept as `england-and-wales`, as people do."""
    words = (tag.replace("-", " ").title().replace(" And ", " and ") for tag in tags)
    return ", ".join(words)


def way_back(request: Request[Any, Any, State], path: str) -> str:
    """Remember where a form's answer leads, so that a refusal can lead there as well."""
    request.state.way_back = path
    return path


def page(name: str, *, asker: Asker | None, status_code: int = 200, **context: Any) -> Template:
    """Answer with the template `name`; `asker` decides what the navigation offers."""
    return Template(name, context={"asker": asker, **context}, status_code=status_code)
