"""Renders pages: strict templates, escaped by default, one layout for all."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request
from litestar.datastructures import State
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template import TemplateConfig
from markupsafe import Markup

from api.dates import (
    date_at,
    day_name,
    full_date,
    full_month,
    hours,
    moment,
    month_name,
    short_day,
    short_month,
    short_weekday,
    weekday_name,
    zone_name,
)
from api.languages.reading import ASKED, language, translated
from api.languages.templates import I18N, own_language_name, speak
from api.observation import WITH_SCRIPT
from api.pages.fact_words import fact_name, fact_value
from api.pages.navigation import entries_for
from api.pages.undoable import SAID, named, undoable
from api.settings import Settings
from federation.permissions.rules import Asker
from protocols.history.rules.words import Piece, as_html
from protocols.items.rules.wording import as_html as safe_html
from rota.open_hours.rules.language_names import language_name
from rota.shifts.rules.holidays import holiday_in, holiday_on

TEMPLATES = Path(__file__).parent / "templates"
ENDS = (".", "?", "!", "…")
STATIC = Path(__file__).parent / "static"
HEADING = re.compile(r"<(/?)h([34])>")


def number(value: float, language: str) -> str:
    """Write a number with one decimal, behind a point or a comma as the language has it."""
    return format_decimal(value, format="0.0", locale=language)


def decimal(value: float, language: str) -> str:
    """Write a number with the decimals that it has."""
    return format_decimal(value, locale=language)


def left_out(why: str, day: date, region: str, language: str) -> str:
    """Name the holiday for which a day is left out as its country does in the page's language."""
    if not region or why != holiday_on(day, region):
        return why
    return holiday_in(language, day, region) or why


WORDS: dict[str, Callable[..., str]] = {
    "day_name": day_name,
    "full_date": full_date,
    "date_at": date_at,
    "hours": hours,
    "moment": moment,
    "zone_name": zone_name,
    "language_name": language_name,
    "left_out": left_out,
    "number": number,
    "decimal": decimal,
    "weekday_name": weekday_name,
    "short_weekday": short_weekday,
    "month_name": month_name,
    "full_month": full_month,
    "short_month": short_month,
    "short_day": short_day,
}
"""What templates may use as filters to write, in the page's language, what programs keep."""


def template_config(settings: Settings) -> TemplateConfig[JinjaTemplateEngine]:
    """Set up the templates of one node; a name that a page forgot to give is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[I18N],
    )
    speak(environment)
    environment.filters |= {name: in_page_language(word) for name, word in WORDS.items()}
    environment.filters |= {"own_language_name": own_language_name, "places": places}
    environment.filters |= {"fact_name": fact_name, "fact_value": fact_value}
    environment.filters |= {"difference": difference, "markdown": markdown}
    environment.filters |= {"sentence": sentence, "beneath": beneath}
    environment.globals |= {"node_name": settings.node_name, "entries_for": entries_for}
    environment.globals |= {"page_address": page_address}
    environment.globals |= {"undoable": undoable, "undo_said": SAID, "undo_name": named}
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


def in_page_language(word: Callable[..., str]) -> Callable[..., str]:
    """Let a filter write in the language of the page that uses it."""

    @wraps(word)
    def written(*values: Any) -> str:
        return word(*values, language=language())

    return written


def difference(pieces: Iterable[Piece]) -> Markup:
    """Show words that came and went; the words themselves are escaped there."""
    spoken = {"added": translated("added"), "removed": translated("removed")}
    return Markup(as_html(pieces, spoken))  # noqa: S704 -- escaped word by word


def sentence(written: str) -> str:
    """Let what people wrote end as a sentence does, once."""
    words = written.strip()
    return words if words.endswith(ENDS) or not words else f"{words}."


def markdown(text: str) -> Markup:
    """Show what an author wrote; what could do harm is taken out there."""
    return Markup(safe_html(text))  # noqa: S704 -- cleaned by nh3


def beneath(html: str, level: int) -> Markup:
    """Let the headings of a rendered text, h3 and h4, follow one of this level on its page."""
    moved = HEADING.sub(lambda tag: f"<{tag[1]}h{int(tag[2]) - 2 + level}>", html)
    return Markup(moved)  # noqa: S704 -- cleaned by nh3 when it was rendered


def places(tags: Iterable[str]) -> str:
    """Write jurisdictions, kept as `england-and-wales`, as people do."""
    words = (tag.replace("-", " ").title().replace(" And ", " and ") for tag in tags)
    return ", ".join(words)


def with_script(shown: Template) -> Template:
    """Let a page load a script of this node, which asks nobody else."""
    shown.headers["Content-Security-Policy"] = WITH_SCRIPT
    return shown


def kept_current(shown: Template, changes_at: str) -> Template:
    """Let a page that stays open be told at this address that it has changed."""
    shown.context["changes_at"] = changes_at
    return with_script(shown)


def way_back(request: Request[Any, Any, State], path: str) -> str:
    """Remember where a form's answer leads, so that a refusal can lead there as well."""
    request.state.way_back = path
    return path


def page_address(request: Request[Any, Any, State]) -> str:
    """Give the page to which a choice of language returns: after a refused form, where that was."""
    if request.method != "GET":
        return str(request.state.get("way_back", "/"))
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != ASKED]
    return request.url.path + (f"?{urlencode(kept)}" if kept else "")


def page(name: str, *, asker: Asker | None, status_code: int = 200, **context: Any) -> Template:
    """Answer with the template `name`; `asker` decides what the navigation offers."""
    return Template(name, context={"asker": asker, **context}, status_code=status_code)
