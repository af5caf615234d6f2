"""What chat tools export, as drafts of answers: their variables become placeholders again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from typing import Any

import msgspec

from protocols.exchange.rules.texts import ExchangedText, Translated
from protocols.items.rules.drafts import Draft, DraftBlock, DraftPlaceholder

NAMES = {
    "{nick}": "visitor_name",
    "{operator}": "worker_name",
    "{{contact.name}}": "visitor_name",
    "{{ contact.name }}": "visitor_name",
    "{{agent.name}}": "worker_name",
    "{{ agent.name }}": "worker_name",
    "#{ticket.customer.firstname}": "visitor_name",
    "#{user.firstname}": "worker_name",
}
_GAP = re.compile("|".join(map(re.escape, sorted(NAMES, key=len, reverse=True))))
EXAMPLES = {"visitor_name": "Sam", "worker_name": "Wren"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What a tool does not know about its answers, and whoever takes them in says once for all."""

    language: str
    jurisdictions: Sequence[str]
    review_by: date


def answer(
    title: str,
    said: str,
    defaults: Defaults,
    *,
    question: str = "",
    keywords: Sequence[str] = (),
    others: Mapping[str, str] | None = None,
) -> ExchangedText:
    """Make a draft of one canned answer, and of what it says in other languages."""
    texts = {language: _gaps(text) for language, text in (others or {}).items()}
    words = _gaps(said)
    used = [
        name
        for name in EXAMPLES
        if any(f"{{{{{name}}}}}" in one for one in (words, *texts.values()))
    ]
    return ExchangedText(
        draft=Draft(
            kind="answer",
            title=title,
            question=question or title,
            source_language=defaults.language,
            jurisdictions=list(defaults.jurisdictions),
            review_by=defaults.review_by,
            blocks=[DraftBlock(words)],
            keywords=list(keywords),
            use_limits=["reply-only"],
            placeholders=[
                DraftPlaceholder(name, EXAMPLES[name], filled_by="worker") for name in used
            ],
        ),
        translations={
            language: Translated(title=title, question=question or title, texts=[text])
            for language, text in texts.items()
        },
    )


def _gaps(text: str) -> str:
    return _GAP.sub(lambda found: f"{{{{{NAMES[found[0]]}}}}}", text.replace("\r\n", "\n")).strip()


def from_live_helper_chat(
    rows: Sequence[Mapping[str, str]], defaults: Defaults
) -> list[ExchangedText]:
    """Take in rows of its CSV; personal messages and what is switched off stay out."""
    return [
        answer(
            row["title"] or row["msg"][:80],
            row["msg"],
            defaults,
            question=row.get("explain", ""),
            keywords=[tag.strip() for tag in row.get("tags_plain", "").split(",") if tag.strip()],
            others=_other_languages(row.get("languages", ""), defaults.language),
        )
        for row in rows
        if row.get("user_id", "0") in {"", "0"} and row.get("disabled", "0") in {"", "0"}
    ]


def _other_languages(written: str, source: str) -> dict[str, str]:
    try:
        told = msgspec.json.decode(written or "[]", type=list[dict[str, Any]])
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError):
        return {}
    return {
        language: str(one["message"])
        for one in told
        for language in _listed(one.get("languages"))
        if one.get("message") and language != source
    }


def _listed(told: Any) -> list[str]:
    """Read a list of words; what is no list has none."""
    return [str(one) for one in told] if isinstance(told, list) else []


def from_zammad(rows: Sequence[Mapping[str, Any]], defaults: Defaults) -> list[ExchangedText]:
    """Take in rows of its CSV, or entries of its list; what is switched off stays out."""
    return [
        answer(
            str(row["name"]),
            html_as_markdown(str(row["content"])),
            defaults,
            keywords=_keywords(str(row.get("keywords") or "")),
        )
        for row in rows
        if str(row.get("active", True)).lower() not in {"false", "0", "no"}
    ]


def _keywords(cell: str) -> list[str]:
    """Take keywords apart at commas, where there are any, and else at spaces."""
    found = re.split(r"[,;]", cell) if re.search(r"[,;]", cell) else cell.split()
    return [word.strip() for word in found if word.strip()]


def html_as_markdown(html: str) -> str:
    """Keep the words, lines, points of lists and addresses of some HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = re.sub(r" *\n *", "\n", "".join(reader.found))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"p", "div", "ul", "ol"}:
            self.found.append("\n\n")
        elif tag == "br":
            self.found.append("\n")
        elif tag == "li":
            self.found.append("\n- ")
        elif tag == "a":
            self.address = dict(attrs).get("href") or ""
            self.found.append("[")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.found.append(f"]({self.address})")

    def handle_data(self, data: str) -> None:
        self.found.append(re.sub(r"\s+", " ", data))


def from_chatwoot(
    entries: Sequence[Mapping[str, Any]], defaults: Defaults
) -> Iterator[ExchangedText]:
    """Take in what its list answers."""
    for one in entries:
        yield answer(str(one["short_code"]), str(one["content"]), defaults)


def from_rocket_chat(
    entries: Sequence[Mapping[str, Any]], defaults: Defaults
) -> Iterator[ExchangedText]:
    """Take in what its list answers; personal ones stay out."""
    for one in entries:
        if one.get("scope") != "user":
            keywords = _listed(one.get("tags"))
            yield answer(str(one["shortcut"]), str(one["text"]), defaults, keywords=keywords)
