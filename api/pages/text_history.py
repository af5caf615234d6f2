"""What a text said before, and what it says in other languages."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, Template

from api.languages.reading import own_clock
from api.pages.rendering import page, way_back
from api.pages.text_forms import between_commas, number
from api.parts import Now, Session, Signed
from protocols.desk.queries import history_on_desk, to_translate, versions_between
from protocols.history.rules.words import compare
from protocols.history.rules.written import words_in
from protocols.items.actions import add_variant
from protocols.items.rules.translations import is_stale

TEXT = "/texts/{item:uuid}"
Version = Annotated[int, QueryParameter(name="version", ge=0, le=2**31 - 1)]
Earlier = Annotated[int, QueryParameter(name="from", ge=0, le=2**31 - 1)]
Language = Annotated[str, QueryParameter(name="language", max_length=35)]


@get(f"{TEXT}/history")
async def show_history(
    session: Session,
    asker: Signed,
    item: FromPath[UUID],
    version: Version = 0,
    earlier: Earlier = 0,
) -> Template:
    """List every saved version, and what one of them changed against another."""
    title, states = await history_on_desk(session, asker, item)
    chosen = version or (states[0].version if states else 0)
    before = earlier or chosen - 1
    found = await versions_between(session, asker, item, before or None, chosen) if chosen else None
    return page(
        "text-history.html",
        asker=asker,
        item=item,
        title=title,
        states=states,
        clock=own_clock(),
        chosen=chosen,
        before=before,
        found=found,
    )


@get(f"{TEXT}/translate")
async def choose_language(item: FromPath[UUID], language: Language = "") -> Redirect:
    """Lead on to the page of one language, which a form without JavaScript cannot name itself."""
    tag = language.strip().replace("/", "-")
    return Redirect(f"/texts/{item}/translate/{tag}" if tag else f"/texts/{item}", status_code=303)


@get(f"{TEXT}/translate/{{language:str}}")
async def translate(
    session: Session, asker: Signed, item: FromPath[UUID], language: FromPath[str]
) -> Template:
    """Show each part beside the field for its translation, and what its source changed since."""
    found = await to_translate(session, asker, item, language)
    written, source = found.written, found.written.source
    then = words_in(found.before, written.source_language) if found.before else {}
    words = words_in(written, language)
    return page(
        "text-translate.html",
        asker=asker,
        item=item,
        tag=language,
        version=found.version,
        source=source,
        source_language=written.source_language,
        wording=written.variants.get(language),
        stale=is_stale(written, language),
        parts=[
            {
                "id": str(part.id),
                "source": source.texts[str(part.id)],
                "words": words.get(str(part.id), ""),
                "changed": compare(then.get(str(part.id), ""), source.texts[str(part.id)])
                if found.before and then.get(str(part.id)) != source.texts[str(part.id)]
                else None,
            }
            for part in written.blocks
        ],
        gaps=written.placeholders,
    )


@post(f"{TEXT}/translate/{{language:str}}", status_code=303)
async def keep_translation(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    language: FromPath[str],
) -> Redirect:
    """Keep the words of one language, made from the version that was on the page."""
    way_back(request, f"/texts/{item}/translate/{language}")
    sent = await request.form()
    blocks = [str(block) for block in sent.getall("block", [])]
    await add_variant(
        session,
        asker,
        item,
        language=language,
        title=str(sent.get("title") or "").strip(),
        question=str(sent.get("question") or "").strip() or None,
        keywords=between_commas(str(sent.get("keywords") or "")),
        texts={
            block: str(sent.get(f"text-{block}") or "").replace("\r\n", "\n") for block in blocks
        },
        now=now,
        seen=number("version", str(sent.get("version") or "")),
    )
    return Redirect(f"/texts/{item}", status_code=303)
