"""Brings the catalogues to what the code and its templates say now: `make texts`.

Nothing is guessed: a text that is new or was changed stands there empty until it is translated.
No date and no line number is written, so that a catalogue changes only where its texts do.
"""

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from pkgutil import resolve_name

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from api.languages.catalogues import TRANSLATED, place_of, written
from api.languages.filled import FILLED, PLACES
from api.languages.translated import SENTENCES, TABLES

SENTENCE = re.compile(r"[A-Z].* .*\.", re.DOTALL)
ROOT = Path(__file__).parents[2]
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "translated": None,
    "translated_in": (2,),
    "Entry": (2,),
}
"""What marks a text; that of an entry of the navigation is its label."""

NOISE = ("Project-Id", "Report-Msgid", "POT-Creation", "PO-Revision", "Last-Trans", "Generated-By")
"""Lines of a catalogue's head that name a date or nobody."""


def said() -> Catalog:
    """Collect every text that is marked, and the sentences and words of what is listed."""
    catalog = Catalog()
    found = extract_from_dir(
        ROOT / "api", METHODS, OPTIONS, keywords=KEYWORDS, directory_filter=None
    )
    for _file, _line, message, _comments, _context in found:
        catalog.add(message)
    for file in SENTENCES:
        for sentence in _sentences(ast.parse((ROOT / file).read_text())):
            catalog.add(sentence)
    for text in [*FILLED, *PLACES, *_tabled(), *_of_fields()]:
        catalog.add(text)
    return catalog


def _tabled() -> Iterator[str]:
    """List the words of tables; a list of topics holds them as they stand in addresses."""
    for name in TABLES:
        table = resolve_name(name)
        if isinstance(table, dict):
            yield from table.values()
        else:
            yield from (word.replace("-", " ") for word in table)


def _of_fields() -> Iterator[str]:
    """List what pages refuse of a field, which stands behind its name."""
    for file in (*sorted((ROOT / "api/pages").glob("*.py")), ROOT / "api/bodies.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.Call(
                    func=ast.Name(id="InvalidRequest"), args=[_, ast.Constant(value=str(text))]
                ):
                    yield text
                case ast.Call(
                    func=ast.Name(id="read"), args=[_, _, _, ast.Constant(value=str(text))]
                ):
                    yield text


def _sentences(module: ast.Module) -> Iterator[str]:
    """List what people read of a module: titles of refusals, reasons, sentences with a name."""
    for node in ast.walk(module):
        match node:
            case ast.Assign(targets=[ast.Name(id="title")], value=ast.Constant(value=text)):
                yield str(text)
            case ast.Call(
                func=ast.Name(id="Reason" | "Held" | "Warned"), args=[_, ast.Constant(value=text)]
            ):
                yield str(text)
            case ast.Raise(exc=ast.Call(args=[value])) if sentence := _whole_sentence(value):
                yield sentence
    for line in module.body:
        match line:
            case ast.Assign(value=ast.Dict(values=values)):
                yield from filter(None, map(_whole_sentence, values))
            case ast.Assign(value=value) if sentence := _whole_sentence(value):
                yield sentence


def _whole_sentence(value: ast.expr) -> str:
    text = value.value if isinstance(value, ast.Constant) else None
    return text if isinstance(text, str) and SENTENCE.fullmatch(text) else ""


def put_down(catalog: Catalog) -> bytes:
    """Write a catalogue as it lies in its file."""
    into = BytesIO()
    write_po(into, catalog, width=100, no_location=True, sort_output=True, ignore_obsolete=True)
    lines = into.getvalue().decode().splitlines(keepends=True)
    return "".join(
        line for line in lines if not line.startswith(tuple(f'"{n}' for n in NOISE))
    ).encode()


def update(language: str, template: Catalog) -> None:
    """Let a language's catalogue have exactly the texts of `template`, with what is translated."""
    catalog = written(language) if place_of(language).exists() else Catalog(locale=language)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.header_comment = f"# The texts of pages, in: {language}"
    catalog.fuzzy = False
    place_of(language).write_bytes(put_down(catalog))


def main() -> None:
    """Update every catalogue."""
    template = said()
    for language in TRANSLATED:
        update(language, template)


if __name__ == "__main__":
    main()
