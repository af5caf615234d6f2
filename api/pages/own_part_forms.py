"""The form in which a project writes one part of its own, as people fill it in."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from litestar.datastructures import FormMultiDict

from api.errors import InvalidRequest
from api.pages.entries import day_entry
from database.ids import new_id
from protocols.adapting.queries import Version
from protocols.overlays.rules.parts import Action, OwnPart, words_of
from protocols.overlays.rules.writing import Told

LONGEST_TEXT = 20_000
TEXT_IN = "text-"


@dataclass
class PartForm:
    """Everything on the page, whether or not it can be kept as it is."""

    action: str
    block: str
    after: str
    reason: str
    review_by: str
    owner: str = ""
    still_right: bool = False
    texts: dict[str, str] = field(default_factory=dict)


def empty_part(version: Version, action: str, block: str, after: str, review_by: date) -> PartForm:
    """Fill the form with the part that there is, or with the words that it would replace."""
    own = next((one for one in version.parts if str(one.block) == block), None)
    if own is not None and own.action == action:
        return _form_of(own)
    started = action == "replace" and block
    return PartForm(
        action=action,
        block=block or (str(new_id()) if action == "add" else ""),
        after=after,
        reason=own.reason if own else "",
        review_by=str(review_by),
        owner=str(own.owner) if own else "",
        texts=words_of(version.manifest, _read(UUID, "block", block)) if started else {},
    )


def part_as_sent(sent: FormMultiDict) -> PartForm:
    """Read what a browser sends."""
    lines = {name: str(sent.get(name) or "") for name in ("action", "block", "after")}
    return PartForm(
        **lines,
        reason=str(sent.get("reason") or "").strip(),
        review_by=str(sent.get("review_by") or ""),
        owner=str(sent.get("owner") or ""),
        still_right=sent.get("still_right") == "yes",
        texts={
            name.removeprefix(TEXT_IN): _plain(str(value))
            for name, value in sent.multi_items()
            if name.startswith(TEXT_IN)
        },
    )


def told_in(form: PartForm) -> Told:
    """Give the part as the action takes it; refuses what no page of ours sends."""
    return Told(
        action=_read(Action, "action", form.action),
        block=_read(UUID, "block", form.block),
        after=_read(UUID, "after", form.after) if form.after else None,
        texts={language: text for language, text in form.texts.items() if text.strip()},
        reason=form.reason,
        review_by=day_entry("review_by", form.review_by),
        still_right=form.still_right,
        owner=_read(UUID, "owner", form.owner) if form.owner else None,
    )


def _form_of(own: OwnPart) -> PartForm:
    return PartForm(
        action=own.action,
        block=str(own.block),
        after=str(own.after or ""),
        reason=own.reason,
        review_by=str(own.review_by),
        owner=str(own.owner),
        texts=dict(own.texts),
    )


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()[: LONGEST_TEXT + 1]


def _read(kind: Any, name: str, value: str) -> Any:
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidRequest(name, "is not one of the choices.") from error
