"""The form in which a text is written, as people fill it in: parts and gaps come, move and go."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from litestar.datastructures import FormMultiDict

from api.bodies import require_plannable
from api.errors import InvalidRequest
from protocols.history.rules.written import AcknowledgementClass, Written
from protocols.items.rules.drafts import (
    MOST_GAPS,
    MOST_PARTS,
    Draft,
    DraftBlock,
    DraftPlaceholder,
    ProtocolKind,
    UseLimit,
)

LINES = (
    *("kind", "protocol_kind", "title", "question", "keywords", "source_language"),
    *("jurisdictions", "review_by", "channels", "acknowledgement", "owner", "version"),
)
PLACE = re.compile(r"[0-9]{1,3}")


@dataclass
class PartForm:
    """One part; without an id it is new."""

    text: str = ""
    id: str = ""
    locked: bool = False


@dataclass
class GapForm:
    """One declared gap; a row without a name says nothing."""

    name: str = ""
    example: str = ""
    type: str = "text"
    filled_by: str = "project"
    material: bool = False


@dataclass
class TextForm:
    """Everything on the page, whether or not it can be kept as it is."""

    facts: dict[str, str]
    use_limits: list[str] = field(default_factory=list)
    parts: list[PartForm] = field(default_factory=list)
    gaps: list[GapForm] = field(default_factory=list)

    def change(self, asked: str) -> None:
        """Do what a button asks for: add, move or remove a part or a gap."""
        verb, _, place = asked.partition(":")
        at = int(place) if PLACE.fullmatch(place) else 0
        if verb == "add-part" and len(self.parts) < MOST_PARTS:
            self.parts.insert(min(at, len(self.parts)), PartForm())
        elif verb == "remove-part" and at < len(self.parts):
            self.parts.pop(at)
        elif verb == "up" and 0 < at < len(self.parts):
            self.parts.insert(at - 1, self.parts.pop(at))
        elif verb == "down" and at < len(self.parts):
            self.parts.insert(at + 1, self.parts.pop(at))
        elif verb == "add-gap" and len(self.gaps) < MOST_GAPS:
            self.gaps.append(GapForm())
        elif verb == "remove-gap" and at < len(self.gaps):
            self.gaps.pop(at)


def empty_form(kind: str, language: str, jurisdiction: str, review_by: date) -> TextForm:
    """Begin a text: one empty part, and a review date that can be kept."""
    facts = dict.fromkeys(LINES, "") | {
        "kind": kind,
        "source_language": language,
        "jurisdictions": jurisdiction,
        "review_by": review_by.isoformat(),
        "acknowledgement": "re-read" if kind == "protocol" else "none",
        "protocol_kind": "conduct" if kind == "protocol" else "",
        "version": "0",
    }
    limits = ["reply-only"] if kind == "answer" else []
    return TextForm(facts, limits, [PartForm()], [])


def form_of(written: Written, version: int, owner: UUID | None) -> TextForm:
    """Fill the form with a text as it stands."""
    source = written.source
    facts = {
        "kind": written.kind,
        "protocol_kind": written.protocol_kind or "",
        "title": source.title,
        "question": source.question or "",
        "keywords": ", ".join(source.keywords),
        "source_language": written.source_language,
        "jurisdictions": ", ".join(written.jurisdictions),
        "review_by": written.review_by.isoformat(),
        "channels": ", ".join(written.channels),
        "acknowledgement": written.acknowledgement,
        "owner": str(owner or ""),
        "version": str(version),
    }
    return TextForm(
        facts,
        list(written.use_limits),
        [
            PartForm(source.texts[str(part.id)], str(part.id), part.locked)
            for part in written.blocks
        ],
        [
            GapForm(gap.name, gap.example, gap.type, gap.filled_by, gap.material)
            for gap in written.placeholders
        ],
    )


def read_form(sent: FormMultiDict) -> TextForm:
    """Read what a browser sent; rows are numbered, because an unticked box is not sent at all."""

    def said(name: str) -> str:
        return str(sent.get(name) or "").replace("\r\n", "\n")

    return TextForm(
        {name: said(name).strip() for name in LINES},
        [str(one) for one in sent.getall("use_limits", [])],
        [
            PartForm(said(f"text-{row}"), said(f"id-{row}"), said(f"locked-{row}") == "yes")
            for row in _rows(sent, "part", MOST_PARTS)
        ],
        [
            GapForm(
                said(f"gap-name-{row}").strip(),
                said(f"gap-example-{row}").strip(),
                said(f"gap-type-{row}") or "text",
                said(f"gap-filled-{row}") or "project",
                said(f"gap-material-{row}") == "yes",
            )
            for row in _rows(sent, "gap", MOST_GAPS)
        ],
    )


def draft_of(form: TextForm) -> Draft:
    """Read a form as a draft; what is wrong in its words is for the rules to say."""
    facts = form.facts
    review_by = _read(date, "review_by", facts["review_by"])
    require_plannable("review_by", review_by)
    kind: Any = "answer" if facts["kind"] == "answer" else "protocol"
    return Draft(
        kind=kind,
        protocol_kind=_read(ProtocolKind, "protocol_kind", facts["protocol_kind"])
        if kind == "protocol"
        else None,
        title=facts["title"],
        question=facts["question"] or None,
        keywords=between_commas(facts["keywords"]),
        source_language=facts["source_language"],
        jurisdictions=between_commas(facts["jurisdictions"]),
        review_by=review_by,
        use_limits=_read(list[UseLimit], "use_limits", form.use_limits),
        channels=between_commas(facts["channels"]),
        acknowledgement=_read(AcknowledgementClass, "acknowledgement", facts["acknowledgement"]),
        owner=_read(UUID, "owner", facts["owner"]) if facts["owner"] else None,
        blocks=[
            DraftBlock(part.text, part.locked, _read(UUID, "id", part.id) if part.id else None)
            for part in form.parts
        ],
        placeholders=[
            msgspec.convert(gap, DraftPlaceholder, from_attributes=True)
            for gap in form.gaps
            if gap.name
        ],
    )


def version_of(form: TextForm) -> int:
    """Give the version that the page was filled from."""
    return number("version", form.facts["version"])


def number(name: str, text: str) -> int:
    """Read a number that a page has sent back."""
    if not text.isascii() or not text.isdecimal() or len(text) > len("2147483647"):
        raise InvalidRequest(name, "must be a number.")
    return int(text)


def _rows(sent: FormMultiDict, name: str, most: int) -> list[str]:
    listed: Sequence[Any] = sent.getall(name, [])
    return [str(row)[:8] for row in listed[:most]]


def between_commas(text: str) -> list[str]:
    """Read words that stand between commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def _read(kind: Any, field_name: str, value: Any) -> Any:
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidRequest(field_name, "is not one of the choices.") from error
