"""Proposing own words to a text's owner, and deciding about what others propose."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from litestar import Request, get, post
from litestar.datastructures import FormMultiDict, State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler
from sqlalchemy.ext.asyncio import AsyncSession

from api.languages.reading import own_clock
from api.pages.buttons import button
from api.pages.rendering import page, way_back
from api.parts import Now, Session, Signed
from api.routes.protocols import URN, item_of
from federation.errors import Refusal
from federation.permissions.rules import Asker
from federation.screen.rules import Finding
from protocols.history.rules.words import Piece, compare
from protocols.overlays.rules.parts import words_of
from protocols.proposals.actions import propose, withdraw
from protocols.proposals.decisions.actions import accept, decline
from protocols.proposals.decisions.queries import to_decide
from protocols.proposals.errors import ProposalRefused
from protocols.proposals.queries import (
    Proposable,
    Seen,
    proposable,
    proposal_of,
    proposals_of,
    texts_with_own_words,
)
from protocols.proposals.rules.gaps import Doubt
from protocols.proposals.rules.leaving import Prepared, Wanted, asking, found_in
from protocols.proposals.rules.parts import LONGEST_SENTENCE, LONGEST_WHY, MAY_IDENTIFY
from protocols.releases.rules import Manifest

HERE = "/proposals"
STATES = {"sent": "Not answered yet", "accepted": "Accepted", "declined": "Declined"}
ACTIONS = {"replace": "Other words", "add": "One more part", "hide": "Leave a part out"}


class Look(NamedTuple):
    """Some words that somebody has to look at before they leave, and why."""

    language: str
    words: str
    asked: str


class VersionForm(msgspec.Struct):
    """Beside which version of the draft the proposal was read."""

    version: int = 0


class SentenceForm(msgspec.Struct):
    """Why not."""

    sentence: str = ""


@get(HERE)
async def show_proposals(session: Session, asker: Signed) -> Template:
    """List what was proposed to the project and by it, and what it could propose."""
    return page(
        "proposals.html",
        asker=asker,
        proposals=await proposals_of(session, asker),
        texts=await texts_with_own_words(session, asker),
        title_of=_title,
        item_of=item_of,
        states=STATES,
        clock=own_clock(),
    )


@get(f"{HERE}/texts/{{item:uuid}}")
async def propose_form(session: Session, asker: Signed, item: FromPath[UUID]) -> Template:
    """Show own parts as they would leave the project, to be looked over and worded."""
    return await _form(session, asker, item, FormMultiDict([]), None)


@post(f"{HERE}/texts/{{item:uuid}}", status_code=200)
async def make_proposal(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    item: FromPath[UUID],
) -> Template | Redirect:
    """Send what was chosen, in the words that were on the page; what was typed is never lost."""
    way_back(request, f"{HERE}/texts/{item}")
    sent = await request.form()
    text = await proposable(session, asker, f"{URN}{item}")
    wanted = [_wanted(one, sent) for one in text.prepared if _is_chosen(one, sent)]
    try:
        async with session.begin_nested():
            made = await propose(session, asker, f"{URN}{item}", wanted, now)
    except ProposalRefused as refusal:
        return await _form(session, asker, item, sent, refusal)
    return Redirect(f"{HERE}/{made}", status_code=303)


@get(f"{HERE}/{{proposal:uuid}}")
async def show_proposal(
    request: Request[Any, Any, State], session: Session, asker: Signed, proposal: FromPath[UUID]
) -> Template:
    """Show one proposal: to its owner beside the draft, to who made it with what became of it."""
    way_back(request, HERE)
    seen = await proposal_of(session, asker, proposal)
    waits = seen.received and seen.state == "sent"
    return page(
        "proposal.html",
        asker=asker,
        clock=own_clock(),
        seen=seen,
        title=_title(seen.base),
        item=item_of(seen.urn),
        decide=await to_decide(session, asker, proposal) if waits else None,
        against_base=_against_base(seen),
        states=STATES,
        actions=ACTIONS,
        longest_sentence=LONGEST_SENTENCE,
    )


@post(f"{HERE}/{{proposal:uuid}}/accept", status_code=303)
async def accept_proposal(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    proposal: FromPath[UUID],
    data: URLEncodedBody[VersionForm],
) -> Redirect:
    """Take it into the draft, and lead there."""
    way_back(request, f"{HERE}/{proposal}")
    item = await accept(session, asker, proposal, seen=data.version, now=now)
    return Redirect(f"/texts/{item.id}", status_code=303)


@post(f"{HERE}/{{proposal:uuid}}/decline", status_code=303)
async def decline_proposal(
    request: Request[Any, Any, State],
    session: Session,
    asker: Signed,
    now: Now,
    proposal: FromPath[UUID],
    data: URLEncodedBody[SentenceForm],
) -> Redirect:
    """Say why not."""
    back = way_back(request, f"{HERE}/{proposal}")
    await decline(session, asker, proposal, sentence=data.sentence, now=now)
    return Redirect(back, status_code=303)


take_back = button(f"{HERE}/{{subject:uuid}}/withdraw", withdraw, lambda *_: HERE)


async def _form(
    session: AsyncSession,
    asker: Asker,
    item: UUID,
    sent: FormMultiDict,
    refusal: Refusal | None,
) -> Template:
    text = await proposable(session, asker, f"{URN}{item}")
    manifest = text.version.manifest
    return page(
        "propose.html",
        asker=asker,
        status_code=refusal.status if refusal else 200,
        item=item,
        title=_title(manifest),
        text=text,
        parts=_parts(text, sent),
        refusal=refusal,
        actions=ACTIONS,
        longest_why=LONGEST_WHY,
    )


def _parts(text: Proposable, sent: FormMultiDict) -> list[dict[str, Any]]:
    """Give each own part beside the owner's words, as it was typed or with places put back."""
    manifest = text.version.manifest
    found = found_in(manifest, text.prepared)
    return [
        {
            "block": str(one.own.block),
            "action": one.own.action,
            "chosen": not sent or _is_chosen(one, sent),
            "why": str(sent.get(f"why-{one.own.block}") or ""),
            "base": words_of(manifest, one.own.place).get(manifest.source_language, ""),
            "texts": _wanted(one, sent).texts if sent else one.texts,
            "look": [
                *(
                    Look(language, _words(one, language, doubt), asking(doubt))
                    for language, doubts in one.doubts.items()
                    for doubt in doubts
                ),
                *(
                    Look(each.language, _words(one, each.language, each.finding), MAY_IDENTIFY)
                    for each in found
                    if each.block == one.own.block
                ),
            ],
        }
        for one in text.prepared
    ]


def _words(one: Prepared, language: str, found: Doubt | Finding) -> str:
    return one.texts[language][found.start : found.end]


def _is_chosen(one: Prepared, sent: FormMultiDict) -> bool:
    return str(one.own.block) in sent.getall("block", [])


def _wanted(one: Prepared, sent: FormMultiDict) -> Wanted:
    def said(name: str) -> str:
        return str(sent.get(name) or "").replace("\r\n", "\n")

    block = one.own.block
    return Wanted(
        block=block,
        why=said(f"why-{block}"),
        texts={language: said(f"text-{block}-{language}") for language in one.texts},
    )


def _title(manifest: Manifest) -> str:
    return manifest.source.question or manifest.source.title


def _against_base(seen: Seen) -> list[list[tuple[str, Sequence[Piece]]]]:
    """Compare each part with the release that it starts from."""
    return [
        [
            (language, compare(words_of(seen.base, part.block).get(language, ""), text))
            for language, text in sorted(_said(seen, part.block, part.texts).items())
        ]
        for part in seen.parts
    ]


def _said(seen: Seen, block: UUID, texts: dict[str, str]) -> dict[str, str]:
    """Give the words of a part; where it is to go, none in place of those that there are."""
    return texts or dict.fromkeys(words_of(seen.base, block), "")


ROUTES: list[ControllerRouterHandler] = [
    show_proposals,
    propose_form,
    make_proposal,
    show_proposal,
    accept_proposal,
    decline_proposal,
    take_back,
]
