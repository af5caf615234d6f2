"""Copying an answer, keeping it at hand, telling its owner, counting uses: for programs."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from api.routes.answers import CannedAnswer, answer_shown
from api.routes.pages_of import Page
from api.routes.protocols import URN, Language, item_of
from protocols.answer_settings.actions import set_answer_rules, set_fallback
from protocols.answer_settings.queries import settings_of
from protocols.answer_settings.rules import Fallback
from protocols.answers.actions import Copying, copy_answer
from protocols.answers.queries import answer_of, answers_named
from protocols.favourites.actions import keep_at_hand, put_away
from protocols.favourites.queries import favourites_of, recent_of
from protocols.marks.actions import mark_answer, settle_mark
from protocols.marks.queries import marks_to_look_at
from protocols.use_counts.queries import MONTH, uses

Tag = Annotated[str, msgspec.Meta(min_length=2, max_length=35)]
Value = Annotated[str, msgspec.Meta(max_length=500)]


class CopyBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How one answer will be used, once; `seen` is the `fingerprint` of what you have read."""

    seen: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
    used_as: Literal["reply-only", "public-post", "with-recorded-consent"]
    language: Tag = "en"
    as_sms: bool = False
    values: Annotated[dict[Value, Value], msgspec.Meta(max_length=50)] = {}


class CopyAnswer(msgspec.Struct, frozen=True):
    """The words to paste, and how many parts they take as an SMS."""

    text: str
    language: str
    number: str
    sms_alphabet: str
    sms_units: int
    sms_parts: int


class MarkBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What is wrong; a note says nothing of anybody."""

    kind: Literal["wrong", "hard-to-read"]
    note: Value = ""
    language: Tag = "en"


class MarkAnswer(msgspec.Struct, frozen=True):
    """What somebody of a project says of your project's answer, never who."""

    id: UUID
    answer: UUID
    number: str
    language: str
    kind: str
    note: str
    project: str
    day: date


class UseAnswer(msgspec.Struct, frozen=True):
    """How often a version was copied in a language in the last thirty days."""

    answer: UUID
    number: str
    language: str
    times: int


class RulesBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What stands in for a missing language, and how many parts an SMS may have."""

    fallback: Fallback
    sms_segments: int


class FallbackBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The rule of one answer; null lets the project's hold."""

    fallback: Fallback | None


@get("/answers/{item:uuid}", tags=["answers"], summary="A canned answer as it holds now")
async def show_answer(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], language: Language = "en"
) -> CannedAnswer:
    """Give what holds for your project, in the language asked for or in another with a warning."""
    return answer_shown(await answer_of(session, asker, f"{URN}{item}", language, now))


@post("/answers/{item:uuid}/copies", tags=["answers"], summary="Copy a canned answer")
async def make_copy(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], data: JSONBody[CopyBody]
) -> CopyAnswer:
    """Give the words to paste to one person or as one post, or every reason against it.

    Whether the answer still holds is asked again. Nothing is sent, and no value is kept.
    """
    copying = Copying(
        language=data.language,
        seen=data.seen,
        used_as=data.used_as,
        as_sms=data.as_sms,
        values=data.values,
    )
    copied = await copy_answer(session, asker, f"{URN}{item}", copying, now)
    sms = copied.ready.sms
    return CopyAnswer(
        text=copied.ready.text,
        language=copied.answer.language,
        number=copied.answer.number,
        sms_alphabet=sms.alphabet,
        sms_units=sms.units,
        sms_parts=sms.parts,
    )


@get("/answers/favourites", tags=["answers"], summary="Answers that you keep at hand")
async def list_favourites(
    session: Session, asker: Signed, now: Now, language: Language = "en"
) -> Page[CannedAnswer]:
    """List them, the newest first; nobody else can."""
    urns = await favourites_of(session, asker)
    found = await answers_named(session, asker, urns, language, now)
    return Page([answer_shown(answer) for answer in found])


@get("/answers/recent", tags=["answers"], summary="Answers that you copied last")
async def list_recent(
    session: Session, asker: Signed, now: Now, language: Language = "en"
) -> Page[CannedAnswer]:
    """List them, the newest first; nobody else can."""
    found = await answers_named(session, asker, await recent_of(session, asker), language, now)
    return Page([answer_shown(answer) for answer in found])


@put(
    "/answers/{item:uuid}/favourite",
    tags=["answers"],
    summary="Keep an answer at hand",
    status_code=204,
)
async def keep_favourite(session: Session, asker: Signed, now: Now, item: FromPath[UUID]) -> None:
    """Keep it at hand; twice is as good as once."""
    urn = f"{URN}{item}"
    await answer_of(session, asker, urn, "en", now)
    await keep_at_hand(session, asker, urn, now)


@delete("/answers/{item:uuid}/favourite", tags=["answers"], summary="Keep it at hand no longer")
async def keep_favourite_no_more(session: Session, asker: Signed, item: FromPath[UUID]) -> None:
    """Put it away; twice is as good as once."""
    await put_away(session, asker, f"{URN}{item}")


@post(
    "/answers/{item:uuid}/marks",
    tags=["answers"],
    summary="Tell the owner of an answer",
    status_code=204,
)
async def tell_owner(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], data: JSONBody[MarkBody]
) -> None:
    """Say that it is wrong or hard to read; the owner learns your project, never who you are."""
    await mark_answer(
        session,
        asker,
        f"{URN}{item}",
        kind=data.kind,
        note=data.note,
        language=data.language,
        now=now,
    )


@get("/answers/marks", tags=["answers"], summary="What people say of your answers")
async def list_marks(session: Session, asker: Signed) -> Page[MarkAnswer]:
    """List what nobody has looked at yet, for coordinators and reviewers of the owner."""
    return Page(
        [
            MarkAnswer(
                id=marked.mark.id,
                answer=marked.item,
                number=marked.mark.number,
                language=marked.mark.language,
                kind=marked.mark.kind,
                note=marked.mark.note,
                project=marked.mark.project,
                day=marked.mark.day,
            )
            for marked in await marks_to_look_at(session, asker)
        ]
    )


@delete("/answers/marks/{mark:uuid}", tags=["answers"], summary="Put a remark away")
async def put_mark_away(session: Session, asker: Signed, now: Now, mark: FromPath[UUID]) -> None:
    """Say that somebody has looked at it."""
    await settle_mark(session, asker, mark, now)


@get("/answers/uses", tags=["answers"], summary="How often answers were copied")
async def list_uses(session: Session, asker: Signed, now: Now) -> Page[UseAnswer]:
    """Count by version and language over thirty days, for coordinators and reviewers."""
    found = await uses(session, asker, since=now.date() - MONTH)
    return Page([UseAnswer(item_of(one.urn), one.number, one.language, one.times) for one in found])


@get("/answers/rules", tags=["answers"], summary="Your project's rules for answers")
async def show_rules(session: Session, asker: Signed) -> RulesBody:
    """Give what stands in for a missing language, and an SMS's length."""
    kept = await settings_of(session, asker.project_id)
    return RulesBody(kept.fallback, kept.sms_segments)


@put(
    "/answers/rules",
    tags=["answers"],
    summary="Set your project's rules for answers",
    status_code=204,
)
async def set_rules(session: Session, asker: Signed, now: Now, data: JSONBody[RulesBody]) -> None:
    """Set them; what safety depends on is never hidden, and never shown in an old translation."""
    await set_answer_rules(
        session, asker, fallback=data.fallback, sms_segments=data.sms_segments, now=now
    )


@put(
    "/answers/{item:uuid}/fallback",
    tags=["answers"],
    summary="Set the rule of one answer",
    status_code=204,
)
async def set_one_rule(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], data: JSONBody[FallbackBody]
) -> None:
    """Set what stands in for a language that this answer lacks."""
    await set_fallback(session, asker, f"{URN}{item}", data.fallback, now)
