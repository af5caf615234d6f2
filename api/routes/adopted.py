"""What the asker's project says over texts that it uses: own parts, values, newer versions."""

from typing import Annotated
from uuid import UUID

from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import require_plannable
from api.parts import Now, Session, Signed
from api.routes.adopted_answers import (
    AdoptedAnswer,
    AdoptedLineAnswer,
    OfferedAnswer,
    UpdateAnswer,
    adopted_answer,
    adopted_line,
    offered_answer,
    update_answer,
)
from api.routes.adopted_bodies import (
    AdoptBody,
    ModeBody,
    OwnPartBody,
    SeenHashBody,
    UpdateBody,
    ValuesBody,
    decisions_in,
    told_in,
)
from api.routes.pages_of import Page
from api.routes.protocols import URN
from api.routes.text_bodies import ChangesBody
from federation.permissions.rules import Asker
from protocols.adapting.actions import (
    drop_change,
    follow,
    give_values,
    remove_part,
    take_version,
    write_part,
)
from protocols.adapting.approval.actions import approve_change, ask_approval, send_back
from protocols.adapting.queries import change_of, comparison
from protocols.adapting.rules.updates import update_sheet
from protocols.adoption.actions import adopt
from protocols.overview.queries import texts_at_a_glance, texts_to_take_up
from protocols.releases.rules import read_manifest

Words = Annotated[str, QueryParameter(name="words", max_length=100)]
TEXT = "/adopted/{item:uuid}"
NumberAsked = Annotated[str | None, QueryParameter(name="number", max_length=30)]


@get("/adopted", tags=["adopted"], summary="Texts that your project uses")
async def list_adopted_texts(session: Session, asker: Signed, now: Now) -> Page[AdoptedLineAnswer]:
    """List them with how far each differs from what its project wrote: what waits comes first."""
    return Page([adopted_line(line) for line in await texts_at_a_glance(session, asker, now)])


@get("/adoptable", tags=["adopted"], summary="Texts that your project could use and does not")
async def list_adoptable_texts(
    session: Session, asker: Signed, words: Words = ""
) -> Page[OfferedAnswer]:
    """List released texts of your own project and its partners by words in their titles."""
    found = await texts_to_take_up(session, asker, words.strip())
    return Page([offered_answer(one) for one in found])


@get(TEXT, tags=["adopted"], summary="A text with your project's own parts")
async def show_adopted_text(session: Session, asker: Signed, item: FromPath[UUID]) -> AdoptedAnswer:
    """Give what the text says, what the project says there, and what a draft would change."""
    return await _answer(session, asker, item)


@put(TEXT, tags=["adopted"], summary="Use a version as it is")
async def use_version(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], data: JSONBody[AdoptBody]
) -> AdoptedAnswer:
    """Take up a version as its project has written it; with own parts it is compared first."""
    await adopt(
        session,
        asker,
        urn=f"{URN}{item}",
        number=data.number,
        mode=data.mode,
        values=data.values,
        now=now,
    )
    return await _answer(session, asker, item)


@put(f"{TEXT}/mode", tags=["adopted"], summary="Follow newer versions, or stay with this one")
async def choose_to_follow(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], data: JSONBody[ModeBody]
) -> AdoptedAnswer:
    """Have newer versions put forward, or leave them to be found; no text changes by it."""
    await follow(session, asker, f"{URN}{item}", data.mode, now)
    return await _answer(session, asker, item)


@put(f"{TEXT}/parts/{{block:uuid}}", tags=["adopted"], summary="Write an own part")
async def put_own_part(
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    block: FromPath[UUID],
    data: JSONBody[OwnPartBody],
) -> AdoptedAnswer:
    """Say something in place of a part, after one, or leave one out; kept in the draft.

    An addition brings a new id of its own; sent twice it is one.
    """
    require_plannable("review_by", data.review_by)
    await write_part(session, asker, f"{URN}{item}", told_in(block, data), now)
    return await _answer(session, asker, item)


@delete(
    f"{TEXT}/parts/{{block:uuid}}",
    tags=["adopted"],
    summary="Take an own part back",
    status_code=200,
)
async def take_own_part_back(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], block: FromPath[UUID]
) -> AdoptedAnswer:
    """Go back to what the text itself says in one place."""
    await remove_part(session, asker, f"{URN}{item}", block, now)
    return await _answer(session, asker, item)


@put(f"{TEXT}/values", tags=["adopted"], summary="Fill a text's gaps")
async def fill_gaps(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], data: JSONBody[ValuesBody]
) -> AdoptedAnswer:
    """Give values in the draft; gaps that are not named keep theirs."""
    await give_values(session, asker, f"{URN}{item}", data.values, now)
    return await _answer(session, asker, item)


@get(f"{TEXT}/update", tags=["adopted"], summary="A newer version beside what you have")
async def show_update(
    session: Session, asker: Signed, item: FromPath[UUID], number: NumberAsked = None
) -> UpdateAnswer:
    """Compare base, theirs and ours by part; without a number, with the newest version."""
    change, release, steps = await comparison(session, asker, f"{URN}{item}", number)
    coming, theirs = change.next, read_manifest(release.manifest)
    return update_answer(update_sheet(coming.manifest, coming.parts, coming.values, theirs, steps))


@post(f"{TEXT}/update", tags=["adopted"], summary="Take a newer version", status_code=200)
async def take_newer_version(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], data: JSONBody[UpdateBody]
) -> AdoptedAnswer:
    """Bring the own parts over a newer version, in the draft; the old text stays live."""
    await take_version(
        session,
        asker,
        f"{URN}{item}",
        number=data.number,
        decisions=decisions_in(data),
        stale_seen=data.stale_seen,
        values=data.values,
        now=now,
    )
    return await _answer(session, asker, item)


@post(f"{TEXT}/review", tags=["adopted"], summary="Ask for approval", status_code=200)
async def ask_for_approval(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID]
) -> AdoptedAnswer:
    """Hand the draft to somebody of the project who has not written in it."""
    await ask_approval(session, asker, f"{URN}{item}", now)
    return await _answer(session, asker, item)


@post(f"{TEXT}/approval", tags=["adopted"], summary="Approve a draft", status_code=200)
async def approve_draft(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], data: JSONBody[SeenHashBody]
) -> AdoptedAnswer:
    """Make live exactly what was looked at; whoever wrote in it may not."""
    seen = bytes.fromhex(data.seen)
    await approve_change(session, asker, f"{URN}{item}", seen=seen, now=now)
    return await _answer(session, asker, item)


@post(f"{TEXT}/changes", tags=["adopted"], summary="Send a draft back", status_code=200)
async def send_draft_back(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], data: JSONBody[ChangesBody]
) -> AdoptedAnswer:
    """Say what has to be mended before it can be approved."""
    await send_back(session, asker, f"{URN}{item}", sentence=data.said, now=now)
    return await _answer(session, asker, item)


@delete(f"{TEXT}/draft", tags=["adopted"], summary="Throw a draft away")
async def throw_draft_away(session: Session, asker: Signed, now: Now, item: FromPath[UUID]) -> None:
    """Throw away what was drafted; what is live stays."""
    await drop_change(session, asker, f"{URN}{item}", now)


async def _answer(session: AsyncSession, asker: Asker, item: UUID) -> AdoptedAnswer:
    return adopted_answer(item, await change_of(session, asker, f"{URN}{item}"), asker)
