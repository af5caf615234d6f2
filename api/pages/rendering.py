"""Renders pages: strict templates, escaped by default, one layout for all."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template import TemplateConfig

from api.pages.navigation import entries_for
from api.settings import Settings
from federation.permissions.rules import Asker

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"


def template_config(settings: Settings) -> TemplateConfig[JinjaTemplateEngine]:
    """Set up the templates of one node; a name that a page forgot to give is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"node_name": settings.node_name, "entries_for": entries_for}
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


def page(name: str, *, asker: Asker | None, status_code: int = 200, **context: Any) -> Template:
    """Answer with the template `name`; `asker` decides what the navigation offers."""
    return Template(name, context={"asker": asker, **context}, status_code=status_code)
