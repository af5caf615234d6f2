"""Finding canned answers, and copying one: three taps from the start to the words to paste."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, QueryParameter, URLEncodedBody
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from api.languages.reading import translated
from api.languages.templates import own_language_name
from api.pages.entries import number_entry
from api.pages.forms import NoForm
from api.pages.rendering import page, way_back, with_script
from api.parts import Now, Session, Signed
from api.routes.answers import read_place, write_place
from api.routes.protocols import URN
from federation.errors import Reason
from federation.notices.preferences.rules import LANGUAGES
from federation.permissions.rules import Asker
from protocols.answer_settings.actions import set_answer_rules, set_fallback
from protocols.answer_settings.queries import settings_of
from protocols.answer_settings.rules import FALLBACKS, Settings
from protocols.answers.actions import Copied, Copying, copy_answer
from protocols.answers.errors import AnswerChanged, NotReadyToCopy
from protocols.answers.queries import answer_of, answer_with_rules, search_answers
from protocols.answers.rules.message import as_message
from protocols.answers.rules.offered import WHERE, Answer
from protocols.answers.rules.sms import as_sms
from protocols.answers.searching import Looked
from protocols.favourites.actions import keep_at_hand, put_away
from protocols.favourites.queries import at_hand, favourites_of
from protocols.marks.actions import mark_answer, settle_mark
from protocols.marks.queries import READERS, marks_to_look_at
from protocols.marks.rules import KINDS
from protocols.signposts.queries import all_entries
from protocols.signposts.rules.entries import why_not_named
from protocols.signposts.rules.naming import SIGNPOST
from protocols.use_counts.queries import MONTH, uses

A_PAGE = 20
AT_HAND = 6
GAP = "gap_"
"""Before a gap's name in a form, so that no gap is taken for another field."""
Words = Annotated[str, QueryParameter(name="q", max_length=200)]
Language = Annotated[str, QueryParameter(name="language", max_length=35)]
Place = Annotated[str, QueryParameter(name="after", max_length=2000)]
Filter = Annotated[str, QueryParameter(max_length=100)]


class KeepForm(msgspec.Struct):
    """Whether an answer is kept at hand, and where the button stands."""

    keep: str = ""
    language: str = "en"


class MarkForm(msgspec.Struct):
    """What somebody says of an answer to its owner."""

    kind: str = ""
    note: str = ""
    language: str = "en"


class FallbackForm(msgspec.Struct):
    """What stands in for a missing language; empty takes the project's rule."""

    fallback: str = ""
    sms_segments: str = ""


@get("/answers")
async def find(
    session: Session,
    asker: Signed,
    now: Now,
    words: Words = "",
    language: Language = "en",
    channel: Filter = "",
    jurisdiction: Filter = "",
    after: Place = "",
) -> Template:
    """Find canned answers; what somebody keeps at hand and used last stands on the first page."""
    looked = Looked(
        words=words,
        language=language,
        channel=channel.strip() or None,
        jurisdiction=jurisdiction.strip() or None,
    )
    first = looked == Looked(language=language) and not after
    kept, used = await at_hand(session, asker) if first else ([], [])
    near = {translated("Kept at hand"): kept[:AT_HAND], translated("Used lately"): used[:AT_HAND]}
    found = await search_answers(
        session,
        asker,
        looked,
        after=read_place(after),
        limit=A_PAGE,
        beside=[urn for urns in near.values() for urn in urns],
        now=now,
    )
    shown = page(
        "answers.html",
        asker=asker,
        found=found,
        looked=looked,
        near=[
            (name, [found.beside[urn] for urn in urns if urn in found.beside])
            for name, urns in near.items()
        ],
        next_page=write_place(found.next) if found.next else "",
        languages=_languages(language, found.languages),
        where=WHERE,
        gap_prefix=GAP,
    )
    return with_script(shown)


@get("/answers/{item:uuid}")
async def show(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], language: Language = "en"
) -> Template:
    """Show one answer with what is still to be filled in."""
    answer, rules = await answer_with_rules(session, asker, f"{URN}{item}", language, now)
    return await _shown(session, asker, now, answer, rules, language)


@post("/answers/{item:uuid}/copy", status_code=200)
async def copy(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    data: URLEncodedBody[dict[str, Any]],
) -> Template:
    """Show the words to paste, or every reason why they cannot be used like this."""
    way_back(request, f"/answers/{item}")
    form = {name: str(value) for name, value in data.items()}
    language, urn = form.get("language", "en")[:35], f"{URN}{item}"
    copying = Copying(
        language=language,
        seen=form.get("seen", ""),
        used_as=form.get("used_as", ""),
        as_sms=form.get("as_sms") == "yes",
        values={name[len(GAP) :]: each for name, each in form.items() if name.startswith(GAP)},
    )
    try:
        copied = await copy_answer(session, asker, urn, copying, now)
    except (NotReadyToCopy, AnswerChanged) as refusal:
        reasons = refusal.reasons or (Reason(refusal.code, refusal.sentence),)
        answer, rules = await answer_with_rules(session, asker, urn, language, now)
        return await _shown(
            session,
            asker,
            now,
            answer,
            rules,
            language,
            form=form,
            reasons=reasons,
            status=refusal.status,
        )
    return await _shown(
        session, asker, now, copied.answer, copied.rules, language, form=form, copied=copied
    )


@post("/answers/{item:uuid}/keep", status_code=303)
async def keep(
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    data: URLEncodedBody[KeepForm],
) -> Redirect:
    """Keep an answer at hand, or no longer."""
    urn = f"{URN}{item}"
    if data.keep == "yes":
        await answer_of(session, asker, urn, "en", now)
        await keep_at_hand(session, asker, urn, now)
    else:
        await put_away(session, asker, urn)
    return Redirect(f"/answers/{item}?language={_tag(data.language)}", status_code=303)


@post("/answers/{item:uuid}/mark", status_code=303)
async def mark(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    data: URLEncodedBody[MarkForm],
) -> Redirect:
    """Tell the owner that an answer is wrong or hard to read."""
    back = way_back(request, f"/answers/{item}?language={_tag(data.language)}")
    await mark_answer(
        session,
        asker,
        f"{URN}{item}",
        kind=data.kind,
        note=data.note,
        language=_tag(data.language),
        now=now,
    )
    return Redirect(f"{back}&told=yes", status_code=303)


@get("/answers/remarks")
async def remarks(session: Session, asker: Signed) -> Template:
    """List what people say of the project's own answers."""
    marks = await marks_to_look_at(session, asker)
    return page(
        "answer-remarks.html",
        asker=asker,
        marks=marks,
        kinds=KINDS,
        fallbacks=FALLBACKS,
        settings=await settings_of(session, asker.project_id),
    )


@post("/answers/remarks/{remark:uuid}/settle", status_code=303)
async def settle(
    session: Session, asker: Signed, now: Now, remark: FromPath[UUID], data: URLEncodedBody[NoForm]
) -> Redirect:
    """Put a remark away."""
    del data
    await settle_mark(session, asker, remark, now)
    return Redirect("/answers/remarks", status_code=303)


@post("/answers/rules", status_code=303)
async def set_rules(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    data: URLEncodedBody[FallbackForm],
) -> Redirect:
    """Set what holds for all answers of the project."""
    back = way_back(request, "/answers/remarks")
    segments = int(number_entry("sms_segments", data.sms_segments) or 0)
    await set_answer_rules(session, asker, fallback=data.fallback, sms_segments=segments, now=now)
    return Redirect(back, status_code=303)


@post("/answers/{item:uuid}/fallback", status_code=303)
async def set_own_rule(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    data: URLEncodedBody[FallbackForm],
) -> Redirect:
    """Set what holds for one answer."""
    back = way_back(request, f"/answers/{item}")
    await set_fallback(session, asker, f"{URN}{item}", data.fallback or None, now)
    return Redirect(back, status_code=303)


async def _shown(
    session: AsyncSession,
    asker: Asker,
    now: datetime,
    answer: Answer,
    rules: Settings,
    language: str,
    *,
    form: Mapping[str, str] | None = None,
    copied: Copied | None = None,
    reasons: tuple[Reason, ...] = (),
    status: int = 200,
) -> Template:
    asks_service = any(gap.type == SIGNPOST for gap in answer.asks_worker)
    services = await all_entries(session, asker) if asks_service else []
    used = []
    if asker.has(*READERS):
        used = await uses(session, asker, since=now.date() - MONTH, urn=answer.urn)
    shown = page(
        "answer.html",
        asker=asker,
        status_code=status,
        item=answer.urn.removeprefix(URN),
        answer=answer,
        language=language,
        wanted=language,
        languages=_languages(language, [*rules.languages, *answer.languages]),
        form=form or {},
        copied=copied,
        reasons=reasons,
        sms=as_sms(as_message(answer.body)),
        segments=rules.sms_segments,
        where=WHERE,
        gap_prefix=GAP,
        services=[each for each in services if why_not_named(each, now.date()) is None],
        kept=answer.urn in await favourites_of(session, asker),
        kinds=KINDS,
        fallbacks=FALLBACKS,
        own_fallback=rules.own.get(answer.urn, ""),
        used=used,
    )
    return shown if reasons else with_script(shown)


def _languages(wanted: str, offered: Iterable[str]) -> dict[str, str]:
    """Name the languages in which somebody may look, each in its own words, by these."""
    tags = {*LANGUAGES, *offered, _tag(wanted)}
    named = {tag: own_language_name(tag) for tag in tags}
    return dict(sorted(named.items(), key=lambda one: (one[1].casefold(), one[0])))


def _tag(language: str) -> str:
    """Keep of what a form says only what a language's tag may have."""
    return "".join(sign for sign in language if sign.isalnum() or sign == "-")[:35] or "en"
