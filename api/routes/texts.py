"""Texts that the asker's project writes: drafts, review, history, translation, release."""

from typing import Annotated
from uuid import UUID

from litestar import delete, get, post, put
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody, QueryParameter

from api.bodies import require_plannable
from api.parts import Now, Session, Signed
from api.peers.own_node import own_node
from api.peers.text_events import PURPOSE
from api.routes.pages_of import Page
from api.routes.text_answers import (
    CommentAnswer,
    DifferencesAnswer,
    LivedReviewAnswer,
    PublishedAnswer,
    SavedAnswer,
    TextAnswer,
    TextLineAnswer,
    comment_answers,
    differences_answer,
    line_answer,
    lived_review_answers,
    saved_answer,
    text_answer,
)
from api.routes.text_bodies import (
    ChangesBody,
    CommentBody,
    DraftBody,
    LivedReviewBody,
    RevisionBody,
    SeenBody,
    StandingBody,
    TranslationBody,
    draft_of,
    revision_of,
)
from protocols.comments.actions import (
    ask_for_changes,
    comment_on,
    erase_comment,
    reopen_comment,
    resolve_comment,
)
from protocols.comments.queries import comments_on
from protocols.desk.queries import history_on_desk, text_on_desk, texts_on_desk, versions_between
from protocols.items.actions import add_variant, approve, ask_for_review, draft_item, revise_item
from protocols.items.queries import item_of
from protocols.lived_reviews.actions import attest_lived_review, erase_lived_reviewer
from protocols.lived_reviews.queries import lived_reviews_of
from protocols.releases.actions import release
from protocols.statements.rules import Sign

Earlier = Annotated[int | None, QueryParameter(name="from", ge=1, le=2**31 - 1)]
ReadingDays = Annotated[int | None, QueryParameter(ge=0, le=90)]
TEXT = "/texts/{item:uuid}"


def signing(state: State) -> Sign:
    """Sign releases with this node's own key."""
    keys = own_node(state).keys
    return lambda manifest: keys.sign("release", manifest, purpose=PURPOSE)


@get("/texts", tags=["texts"], summary="The texts that your project writes")
async def list_texts(session: Session, asker: Signed, now: Now) -> Page[TextLineAnswer]:
    """List drafts and what became of them: what waits for you comes first."""
    return Page([line_answer(line) for line in await texts_on_desk(session, asker, now)])


@post("/texts", tags=["texts"], summary="Begin a text")
async def begin_text(
    session: Session, asker: Signed, now: Now, data: JSONBody[DraftBody]
) -> TextAnswer:
    """Keep a first draft; nobody outside the project sees it before its release."""
    require_plannable("review_by", data.review_by)
    item = await draft_item(session, asker, draft_of(data), now)
    return text_answer(await text_on_desk(session, asker, item.id, now))


@get(TEXT, tags=["texts"], summary="A text that your project writes")
async def show_text(session: Session, asker: Signed, now: Now, item: FromPath[UUID]) -> TextAnswer:
    """Give a text, where it stands, and what differs from its last release."""
    return text_answer(await text_on_desk(session, asker, item, now))


@put(TEXT, tags=["texts"], summary="Rewrite a text")
async def rewrite_text(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], data: JSONBody[RevisionBody]
) -> TextAnswer:
    """Keep a new version; an approval is gone, and what others saved meanwhile is not lost."""
    require_plannable("review_by", data.review_by)
    draft = revision_of(data, await item_of(session, asker, item))
    await revise_item(session, asker, item, draft, now, seen=data.version)
    return text_answer(await text_on_desk(session, asker, item, now))


@put(f"{TEXT}/translations/{{language:str}}", tags=["texts"], summary="Translate a text")
async def translate_text(
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    language: FromPath[str],
    data: JSONBody[TranslationBody],
) -> TextAnswer:
    """Keep a translation of the words as they stand at that version."""
    await add_variant(
        session,
        asker,
        item,
        language=language,
        title=data.title,
        texts=data.texts,
        question=data.question,
        keywords=data.keywords,
        now=now,
        seen=data.version,
    )
    return text_answer(await text_on_desk(session, asker, item, now))


@post(f"{TEXT}/review", tags=["texts"], summary="Ask for a review", status_code=200)
async def ask_review(session: Session, asker: Signed, now: Now, item: FromPath[UUID]) -> TextAnswer:
    """Hand the text to somebody else of the project."""
    await ask_for_review(session, asker, item, now)
    return text_answer(await text_on_desk(session, asker, item, now))


@post(f"{TEXT}/changes", tags=["texts"], summary="Ask for changes", status_code=200)
async def ask_changes(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], data: JSONBody[ChangesBody]
) -> TextAnswer:
    """Hand the text back to its author, with the reason as a comment."""
    await ask_for_changes(session, asker, item, said=data.said, now=now)
    return text_answer(await text_on_desk(session, asker, item, now))


@post(f"{TEXT}/approval", tags=["texts"], summary="Approve a text", status_code=200)
async def approve_text(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], data: JSONBody[SeenBody]
) -> TextAnswer:
    """Say that exactly this version may be released; its authors may not."""
    await approve(session, asker, item, now, seen=data.version)
    return text_answer(await text_on_desk(session, asker, item, now))


@post(f"{TEXT}/releases", tags=["texts"], summary="Release a text", status_code=201)
async def release_text(
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    state: State,
    reading_days: ReadingDays = None,
) -> PublishedAnswer:
    """Publish what was approved, for ever; the number follows from the author's choice.

    `reading_days` is how long those who have a seat may take to read it; 0 is at once.
    """
    made = await release(
        session, asker, item, reading_days=reading_days, sign=signing(state), now=now
    )
    return PublishedAnswer(
        made.id, made.number, made.sequence, made.hash.hex(), made.stated_at, made.expires_at
    )


@get(f"{TEXT}/versions", tags=["texts"], summary="Every saved version of a text")
async def list_versions(session: Session, asker: Signed, item: FromPath[UUID]) -> Page[SavedAnswer]:
    """List what was saved, newest first; nothing is ever pruned."""
    _, states = await history_on_desk(session, asker, item)
    return Page([saved_answer(one) for one in states])


@get(f"{TEXT}/versions/{{version:int}}", tags=["texts"], summary="What a version changed")
async def show_version(
    session: Session,
    asker: Signed,
    item: FromPath[UUID],
    version: FromPath[int],
    earlier: Earlier = None,
) -> DifferencesAnswer:
    """Compare a saved version with an earlier one; without `from`, all of it is new."""
    return differences_answer(await versions_between(session, asker, item, earlier, version))


@get(f"{TEXT}/comments", tags=["texts"], summary="What was said about a text")
async def list_comments(
    session: Session, asker: Signed, item: FromPath[UUID]
) -> Page[CommentAnswer]:
    """List remarks, open ones first; they never leave the project."""
    return Page(comment_answers(await comments_on(session, asker, item)))


@post(f"{TEXT}/comments", tags=["texts"], summary="Comment on a text", status_code=201)
async def add_comment(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], data: JSONBody[CommentBody]
) -> CommentAnswer:
    """Say something about a text or one part of it."""
    made = await comment_on(session, asker, item, said=data.said, block=data.block, now=now)
    return CommentAnswer(
        made.id, made.block, made.version, made.said, made.author_id, made.at, made.resolved_at
    )


@put("/text-comments/{comment:uuid}", tags=["texts"], summary="Resolve a comment", status_code=204)
async def settle_comment(
    session: Session, asker: Signed, now: Now, comment: FromPath[UUID], data: JSONBody[StandingBody]
) -> None:
    """Say that a comment has been dealt with, or that it has not."""
    settle = resolve_comment if data.resolved else reopen_comment
    await settle(session, asker, comment, now)


@delete("/text-comments/{comment:uuid}", tags=["texts"], summary="Erase a comment")
async def remove_comment(
    session: Session, asker: Signed, now: Now, comment: FromPath[UUID]
) -> None:
    """Erase a comment's words and author for good."""
    await erase_comment(session, asker, comment, now)


@get(f"{TEXT}/lived-reviews", tags=["texts"], summary="Reviews by lived experience")
async def list_lived_reviews(
    session: Session, asker: Signed, item: FromPath[UUID]
) -> Page[LivedReviewAnswer]:
    """List that such reviews took place; who it was is for coordinators alone."""
    return Page(lived_review_answers(await lived_reviews_of(session, asker, item)))


@post(f"{TEXT}/lived-reviews", tags=["texts"], summary="State a review by lived experience")
async def attest_review(
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
    data: JSONBody[LivedReviewBody],
) -> LivedReviewAnswer:
    """State that somebody with lived experience reviewed the words as they stand now."""
    made = await attest_lived_review(session, asker, item, who=data.who, now=now)
    who = made.who if asker.has("coordinator") else None
    return LivedReviewAnswer(made.id, made.at, current=True, who=who)


@delete("/lived-reviews/{review:uuid}/who", tags=["texts"], summary="Forget a reviewer")
async def forget_reviewer(
    session: Session, asker: Signed, now: Now, review: FromPath[UUID]
) -> None:
    """Erase who it was; that the review took place stays."""
    await erase_lived_reviewer(session, asker, review, now)
