"""Zammad: a CSV of text modules in HTML, one for each language of an answer.

It finds a row by `id`, then by `name`; names are not unique there, so ours end with a number that
no other has. One row that it refuses undoes the whole import, and `~~~` splits any cell.
"""

import re
from collections.abc import Iterator, Sequence

from protocols.exchange.errors import NotAnExport
from protocols.exchange.rules.each_language import Known, each_language
from protocols.exchange.rules.fates import WRITTEN, Entry, Exported, Held, Made, Step, There, Warned
from protocols.exchange.rules.fields import Variables, filled_for, finished
from protocols.exchange.rules.fingerprints import fingerprint, in_order, words_of_html
from protocols.exchange.rules.names import SHORT, digits_for
from protocols.exchange.rules.outgoing import Outgoing
from protocols.exchange.rules.tables import FORMULA, csv_line, no_formula, read_table
from protocols.items.rules.wording import as_html

COLUMNS = ("id", "name", "keywords", "content", "note", "active")
LONGEST = 250
LONGEST_KEYWORDS = 500
TOO_LONG = "It is longer than the %(number)s bytes it may have."
CUT = "Its title was cut so that the name has the %(number)s characters that the tool takes."
SOME_KEYWORDS = "Only the keywords that fit into %(number)s characters went in."
LARGEST_CONTENT = 10_000_000
VARIABLES = Variables(
    tool="Zammad",
    visitor="#{ticket.customer.firstname}",
    worker="#{user.firstname}",
    danger=re.compile(r"#\{|~~~"),
)
_OURS = re.compile(r"\[[A-Za-z0-9-]+ ([1-9]{8})\]$")


def entries(texts: Sequence[Outgoing], known: Known) -> Made:
    """Lay out each language of each answer as one text module."""
    del known
    return each_language(texts, {}, _entry)


def _entry(text: Outgoing, language: str, _: str) -> Entry | Held:
    words = text.words[language]
    filled = filled_for(words.markdown, text.values, text.gaps, VARIABLES)
    content = finished(filled, _html(filled.text), VARIABLES)
    if isinstance(content, Held):
        return content
    if len(content.encode()) > LARGEST_CONTENT:
        return Held("too-long", TOO_LONG % {"number": LARGEST_CONTENT})
    number = digits_for(text.owner, text.urn, language)[:SHORT]
    name, name_warned = _name(words.title, language, number)
    keywords, keywords_warned = _keywords(words.keywords)
    if "~~~" in name + keywords:
        return Held("read-as-program", "Its title or a keyword holds '~~~', which splits the cell.")
    return Entry(
        urn=text.urn,
        language=language,
        key=number,
        title=words.title,
        fingerprint=fingerprint(words_of_html(content), in_order(keywords.split(", "))),
        fields={"name": name, "keywords": keywords, "content": content},
        warned=[*text.warned, *filled.warned, *name_warned, *keywords_warned],
    )


def _html(markdown: str) -> str:
    """Give HTML that Zammad takes for HTML: what has no tag in it, it would lay out anew."""
    html = as_html(markdown)
    return html if not html or "<" in html else f"<p>{html}</p>"


def _name(title: str, language: str, number: str) -> tuple[str, list[Warned]]:
    end = f" [{language} {number}]"
    one_line = no_formula(" ".join(title.split()))
    if len(one_line) + len(end) <= LONGEST:
        return one_line + end, []
    why = CUT % {"number": LONGEST}
    return one_line[: LONGEST - len(end) - 1] + "…" + end, [Warned("shortened", why)]


def _keywords(keywords: Sequence[str]) -> tuple[str, list[Warned]]:
    kept: list[str] = []
    plain = (" ".join(keyword.split()).lstrip(FORMULA) for keyword in keywords)
    for keyword in dict.fromkeys(plain):
        if len(", ".join([*kept, keyword])) > LONGEST_KEYWORDS:
            why = SOME_KEYWORDS % {"number": LONGEST_KEYWORDS}
            return ", ".join(kept), [Warned("keyword-left-out", why)]
        kept.append(keyword)
    return ", ".join(kept), []


def file(steps: Sequence[Step], columns: Sequence[str]) -> Iterator[str]:
    """Write the rows that create or change a text module; an empty cell changes nothing there."""
    del columns
    yield csv_line(COLUMNS)
    for step in steps:
        if step.fate in WRITTEN:
            fields = step.entry.fields
            there = step.there
            active = "" if there else "true"
            names = (fields["name"], fields["keywords"], fields["content"])
            yield csv_line((there.id if there else "", *names, "", active))


def read(exported: bytes) -> Exported:
    """Read the tool's own CSV; only text modules whose name ends with a number are ours."""
    columns, rows = read_table(exported)
    if not {"id", "name", "keywords", "content"}.issubset(columns):
        raise NotAnExport("This is no list of text modules that Zammad exported.")
    found = []
    for row in rows:
        ours = _OURS.search(row["name"])
        if ours:
            print_ = fingerprint(
                words_of_html(row["content"]), in_order(row["keywords"].split(", "))
            )
            found.append(There(key=ours[1], id=row["id"], fingerprint=print_, fields=row))
    return Exported(found)
