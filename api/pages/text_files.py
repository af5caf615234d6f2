"""Texts from files and into files: the starter library, what somebody wrote elsewhere, a copy."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import State, UploadFile
from litestar.params import FromPath, MultipartBody, URLEncodedBody
from litestar.response import Stream, Template

from api.errors import InvalidRequest
from api.pages.forms import NoForm
from api.pages.rendering import page, way_back
from api.parts import Now, Session, Signed
from federation.errors import NotFound
from federation.permissions.rules import Asker, require_role
from protocols.drafting.actions import import_texts
from protocols.drafting.own_texts import own_texts
from protocols.drafting.queries import Incoming, plan_import
from protocols.drafting.rules.any_file import texts_in
from protocols.drafting.rules.archives import pack
from protocols.drafting.rules.from_tools import Defaults
from protocols.exchange.rules import csv_files, json_files
from protocols.readability.rules.measure import Reading, measure
from protocols.starter.actions import Added, add_starter_library

PAGE = "/texts/files"
REVIEW_AFTER = timedelta(days=182)
FATES = {
    "new": "comes in as a draft",
    "there": "you have one of this title: stays out",
    "refused": "cannot come in",
}
LOOKS = {"new": "good", "there": "warn", "refused": "bad"}


class ImportForm(msgspec.Struct, kw_only=True):
    """A file, and what it does not say of its answers where another tool wrote it."""

    file: UploadFile | None = None
    language: str = "en"
    jurisdictions: str = ""
    do: str = "preview"


@get(PAGE)
async def text_files(asker: Signed) -> Template:
    """Offer the ways in and out."""
    require_role(asker, "coordinator", "reviewer")
    return _shown(asker)


@post(f"{PAGE}/starter", status_code=200)
async def starter(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[NoForm],
) -> Template:
    """Take the starter library in, and name what came in now and what was there."""
    del data
    way_back(request, PAGE)
    added = await add_starter_library(session, asker, now)
    return _shown(asker, added=added)


@post(f"{PAGE}/import", status_code=200)
async def import_file(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: MultipartBody[ImportForm],
) -> Template:
    """Show what a file would bring, or take it in as drafts."""
    way_back(request, PAGE)
    if data.file is None or not data.file.filename:
        raise InvalidRequest("file", "is missing. Choose a file.")
    places = [place.strip() for place in data.jurisdictions.split(",") if place.strip()]
    defaults = Defaults(
        language=data.language, jurisdictions=places, review_by=now.date() + REVIEW_AFTER
    )
    texts = texts_in(await data.file.read(), defaults)
    done = data.do == "import"
    plan = (
        await import_texts(session, asker, texts, now)
        if done
        else await plan_import(session, asker, texts)
    )
    shown = [
        (
            one,
            measure(
                "\n\n".join(part.text for part in one.text.draft.blocks),
                one.text.draft.source_language,
            ),
        )
        for one in plan
    ]
    return _shown(asker, plan=shown, done=done)


@get(f"{PAGE}/{{name:str}}")
async def texts_as_file(session: Session, asker: Signed, name: FromPath[str]) -> Response[Any]:
    """Give all of the project's own texts as one file."""
    require_role(asker, "coordinator", "reviewer")
    if name not in {"texts.zip", "texts.csv", "texts.json"}:
        raise NotFound
    texts = await own_texts(session, asker)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    if name == "texts.zip":
        return Response(pack(texts), media_type="application/zip", headers=headers)
    if name == "texts.csv":
        pieces, kind = csv_files.written(texts), "text/csv"
    else:
        pieces, kind = json_files.written(texts), "application/json"
    return Stream(_encoded(pieces), media_type=kind, headers=headers)


def _shown(
    asker: Asker,
    *,
    plan: Sequence[tuple[Incoming, Reading]] | None = None,
    done: bool = False,
    added: Added | None = None,
) -> Template:
    return page(
        "text-files.html",
        asker=asker,
        plan=plan,
        done=done,
        added=added,
        fates=FATES,
        looks=LOOKS,
    )


def _encoded(pieces: Iterator[str]) -> Iterator[bytes]:
    for piece in pieces:
        yield piece.encode()
