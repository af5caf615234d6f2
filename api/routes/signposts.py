"""Services that people are referred to, for programs."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from api.routes.claims import ReasonAnswer
from api.routes.pages_of import Page
from federation.errors import Reason
from protocols.signposts.actions import (
    add_signpost,
    change_signpost,
    checked_today,
    delete_signpost,
)
from protocols.signposts.importing import import_signposts
from protocols.signposts.queries import all_entries, entry_of, signpost_of
from protocols.signposts.rules.drafts import MOST_LANGUAGES, USUAL_CHECK_DAYS, SignpostDraft
from protocols.signposts.rules.entries import Entry, why_not_named
from protocols.signposts.rules.fates import Fate
from protocols.signposts.rules.lists import LONGEST_FILE

Line = Annotated[str, msgspec.Meta(max_length=1000)]


class SignpostBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A service; without dates it was checked today and holds for half a year."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    services: Line = ""
    opening: Line = ""
    area: Line = ""
    languages: Annotated[list[Line], msgspec.Meta(max_length=MOST_LANGUAGES)] = []
    phone: Line = ""
    email: Line = ""
    web: Line = ""
    last_checked: date | None = None
    check_every_days: int = USUAL_CHECK_DAYS
    expires: date | None = None
    closed: bool = False


class SignpostAnswer(msgspec.Struct, frozen=True):
    """A service as it is listed; `blocked` says why no answer may name it now."""

    id: UUID
    source_id: str | None
    name: str
    services: str
    opening: str
    area: str
    languages: list[str]
    phone: str
    email: str
    web: str
    last_checked: date
    check_by: date
    expires: date
    closed: bool
    blocked: ReasonAnswer | None


class ImportBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A file's text; unless `dry_run` is false it is only told what each row would do."""

    format: Literal["csv", "hsds"]
    content: Annotated[str, msgspec.Meta(max_length=LONGEST_FILE)]
    dry_run: bool = True


class FateAnswer(msgspec.Struct, frozen=True):
    """What happens to a row: `new`, `changed`, `same`, or `refused` with its reasons."""

    row: int
    name: str
    fate: str
    reasons: list[ReasonAnswer]


@get("/signposts", tags=["signposts"], summary="The services that your project refers to")
async def list_signposts(session: Session, asker: Signed, now: Now) -> Page[SignpostAnswer]:
    """List them by name, with those that no answer may name now and why."""
    entries = await all_entries(session, asker)
    return Page([_signpost(entry, now.date()) for entry in entries])


@post("/signposts", tags=["signposts"], summary="List a service")
async def list_signpost(
    session: Session, asker: Signed, now: Now, data: JSONBody[SignpostBody]
) -> SignpostAnswer:
    """List a service for your project; only coordinators may."""
    signpost_id = await add_signpost(session, asker, _draft(data, None), now)
    entry = entry_of(await signpost_of(session, asker, signpost_id))
    return _signpost(entry, now.date())


@put("/signposts/{signpost:uuid}", tags=["signposts"], summary="Change a service")
async def change(
    session: Session,
    asker: Signed,
    now: Now,
    signpost: FromPath[UUID],
    data: JSONBody[SignpostBody],
) -> SignpostAnswer:
    """Write down what is known of it now; answers that name it say so at once."""
    source = (await signpost_of(session, asker, signpost)).source_id
    await change_signpost(session, asker, signpost, _draft(data, source), now)
    return _signpost(entry_of(await signpost_of(session, asker, signpost)), now.date())


@post(
    "/signposts/{signpost:uuid}/checks",
    tags=["signposts"],
    summary="Say that a service was checked today",
)
async def check(
    session: Session, asker: Signed, now: Now, signpost: FromPath[UUID]
) -> SignpostAnswer:
    """Say that it is right; it holds as long again as it did."""
    await checked_today(session, asker, signpost, now)
    return _signpost(entry_of(await signpost_of(session, asker, signpost)), now.date())


@delete("/signposts/{signpost:uuid}", tags=["signposts"], summary="Take a service off the list")
async def remove(session: Session, asker: Signed, now: Now, signpost: FromPath[UUID]) -> None:
    """Take it off the list; answers that name it are held back until they name another."""
    await delete_signpost(session, asker, signpost, now)


@post("/signposts/imports", tags=["signposts"], summary="Take up a list of services")
async def take_up_list(
    session: Session, asker: Signed, now: Now, data: JSONBody[ImportBody]
) -> Page[FateAnswer]:
    """Tell what each row of a CSV or HSDS 3 JSON does, and do it unless it is a dry run."""
    found = await import_signposts(
        session, asker, data.content, data.format, dry_run=data.dry_run, now=now
    )
    return Page([_fate(each) for each in found])


def _draft(data: SignpostBody, source_id: str | None) -> SignpostDraft:
    return SignpostDraft(source_id=source_id, **msgspec.structs.asdict(data))


def _signpost(entry: Entry, today: date) -> SignpostAnswer:
    why = why_not_named(entry, today)
    return SignpostAnswer(
        id=entry.id,
        source_id=entry.source_id,
        name=entry.name,
        services=entry.services,
        opening=entry.opening,
        area=entry.area,
        languages=entry.languages,
        phone=entry.phone,
        email=entry.email,
        web=entry.web,
        last_checked=entry.last_checked,
        check_by=entry.check_by,
        expires=entry.expires,
        closed=entry.closed,
        blocked=ReasonAnswer(*why) if why else None,
    )


def _fate(fate: Fate) -> FateAnswer:
    return FateAnswer(fate.row, fate.name, fate.fate, _reasons(fate.reasons))


def _reasons(reasons: Sequence[Reason]) -> list[ReasonAnswer]:
    return [ReasonAnswer(*reason) for reason in reasons]
