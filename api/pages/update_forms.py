"""The form in which a project decides about a newer version, as people fill it in."""

from dataclasses import dataclass, field
from uuid import UUID

import msgspec
from litestar.datastructures import FormMultiDict
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import CHARACTERS_AT_MOST, InvalidRequest
from federation.permissions.rules import Asker
from protocols.items.rules.drafts import LONGEST_LINE
from protocols.overlays.rules.three_way import Choice, Decision
from protocols.releases.rules import Manifest
from protocols.signposts.queries import all_entries
from protocols.signposts.rules.entries import Entry

CHOICE, TEXT, VALUE = "choice-", "text-", "value-"
ID = len("00000000-0000-0000-0000-000000000000")


@dataclass
class UpdateForm:
    """What was decided so far; `texts` by block and language."""

    number: str
    choices: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    stale_seen: list[str] = field(default_factory=list)


def values_sent(sent: FormMultiDict) -> dict[str, str]:
    """Read the values of gaps from a form."""
    given = {
        name.removeprefix(VALUE): str(value).strip()
        for name, value in sent.multi_items()
        if name.startswith(VALUE)
    }
    for name, value in given.items():
        if len(value) > LONGEST_LINE:
            raise InvalidRequest(name, CHARACTERS_AT_MOST % {"number": LONGEST_LINE})
    return given


async def services_for(session: AsyncSession, asker: Asker, manifest: Manifest) -> list[Entry]:
    """List the services among which a project chooses, where a text has a gap for one."""
    wanted = any(
        gap.type == "signpost" and gap.filled_by == "project" for gap in manifest.placeholders
    )
    return await all_entries(session, asker) if wanted else []


def update_as_sent(sent: FormMultiDict) -> UpdateForm:
    """Read what a browser sends."""
    form = UpdateForm(number=str(sent.get("number") or ""), values=values_sent(sent))
    form.stale_seen = [str(language) for language in sent.getall("stale_seen", [])]
    for name, given in sent.multi_items():
        said = str(given).replace("\r\n", "\n").strip()
        if name.startswith(CHOICE):
            form.choices[name.removeprefix(CHOICE)] = said
        elif name.startswith(TEXT):
            place = name.removeprefix(TEXT)
            form.texts.setdefault(place[:ID], {})[place[ID + 1 :]] = said
    return form


def decisions_in(form: UpdateForm) -> dict[UUID, Decision]:
    """Give the decisions as the action takes them; refuses what no page of ours sends."""
    try:
        return {
            msgspec.convert(block, UUID): Decision(
                msgspec.convert(choice, Choice), _written(form, block, choice)
            )
            for block, choice in form.choices.items()
        }
    except msgspec.ValidationError as error:
        raise InvalidRequest("choice", "is not one of the choices.") from error


def _written(form: UpdateForm, block: str, choice: str) -> dict[str, str]:
    written = form.texts.get(block, {}) if choice == "text" else {}
    return {language: text for language, text in written.items() if text}
