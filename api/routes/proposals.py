"""Proposing own words to a text's owner, and answering what others propose."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from api.routes.pages_of import Page
from api.routes.protocols import URN, item_of
from api.routes.text_bodies import Text, Version
from protocols.history.rules.words import as_html, as_text
from protocols.proposals.actions import propose, withdraw
from protocols.proposals.decisions.actions import accept, decline
from protocols.proposals.decisions.queries import Beside, to_decide
from protocols.proposals.queries import Seen, proposable, proposal_of, proposals_of
from protocols.proposals.rules.leaving import Prepared, Wanted, asking, found_in
from protocols.proposals.rules.parts import (
    LONGEST_SENTENCE,
    LONGEST_WHY,
    MOST_PARTS,
    Identifying,
    ProposedPart,
)

Tag = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")]
Why = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_WHY)]
SentenceLine = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_SENTENCE)]


class WantedBody(msgspec.Struct, forbid_unknown_fields=True):
    """One own part; without `texts` its words are taken with places put back."""

    block: UUID
    why: Why
    texts: dict[Tag, Text] | None = None


class ProposalBody(msgspec.Struct, forbid_unknown_fields=True):
    """What is proposed together, and answered as a whole."""

    parts: Annotated[list[WantedBody], msgspec.Meta(min_length=1, max_length=MOST_PARTS)]


class AcceptBody(msgspec.Struct, forbid_unknown_fields=True):
    """Beside which version of your draft you have read it."""

    version: Version


class DeclineBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why not."""

    sentence: SentenceLine


class ProposedPartAnswer(msgspec.Struct, frozen=True):
    """Other words for a block, one more after a block (null: at the beginning), or one less."""

    block: UUID
    action: str
    after: UUID | None
    texts: dict[str, str]
    why: str


class ProposalAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal; `project` is the other project, `number` the release that it starts from."""

    id: UUID
    text: UUID
    title: str
    number: str
    received: bool
    project: str
    parts: list[ProposedPartAnswer]
    state: str
    sentence: str
    sent_at: datetime
    answered_at: datetime | None


class WordsAnswer(msgspec.Struct, frozen=True):
    """What would change in one language."""

    language: str
    text: str
    html: str


class BesideAnswer(msgspec.Struct, frozen=True):
    """One part beside your draft: gone from it, or reworded since the release it starts from."""

    block: UUID
    gone: bool
    reworded: bool
    after: str | None
    differences: list[WordsAnswer]


class DraftedAnswer(msgspec.Struct, frozen=True):
    """What your draft would become; words in `left_out` languages would not come in."""

    version: int
    parts: list[BesideAnswer]
    left_out: list[str]


class DoubtAnswer(msgspec.Struct, frozen=True):
    """Characters, the end excluded, that may be your own value of one of these places."""

    start: int
    end: int
    places: list[str]
    text: str


class FindingAnswer(msgspec.Struct, frozen=True):
    """Characters, the end excluded, that could identify somebody."""

    kind: str
    start: int
    end: int


class PreparedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An own part as it would leave your project; what is in doubt or found has to be settled."""

    block: UUID
    action: str
    after: UUID | None
    texts: dict[str, str]
    doubts: dict[str, list[DoubtAnswer]]
    findings: dict[str, list[FindingAnswer]]


class ProposableAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What you could propose to the owner; `open` is what waits for their answer already."""

    owner: str
    number: str
    open: UUID | None
    parts: list[PreparedAnswer]


@get("/proposals", tags=["proposals"], summary="Proposals made and received")
async def list_proposals(session: Session, asker: Signed) -> Page[ProposalAnswer]:
    """List what your project has proposed and what was proposed to it, open ones first."""
    return Page([_proposal(one) for one in await proposals_of(session, asker)])


@get("/proposals/{proposal:uuid}", tags=["proposals"], summary="A proposal")
async def show_proposal(
    session: Session, asker: Signed, proposal: FromPath[UUID]
) -> ProposalAnswer:
    """Give what one project suggests to another."""
    return _proposal(await proposal_of(session, asker, proposal))


@get(
    "/proposals/{proposal:uuid}/draft",
    tags=["proposals"],
    summary="A proposal beside your draft",
)
async def show_beside(session: Session, asker: Signed, proposal: FromPath[UUID]) -> DraftedAnswer:
    """Compare what was proposed with your draft as it stands now."""
    found = await to_decide(session, asker, proposal)
    return DraftedAnswer(found.version, [_beside(one) for one in found.parts], list(found.left_out))


@get(
    "/texts/{item:uuid}/proposable",
    tags=["proposals"],
    summary="Own words that could be proposed",
)
async def show_proposable(
    session: Session, asker: Signed, item: FromPath[UUID]
) -> ProposableAnswer:
    """Give your project's own parts of a text as they would leave, with places for values."""
    text = await proposable(session, asker, f"{URN}{item}")
    manifest = text.version.manifest
    found = found_in(manifest, text.prepared)
    return ProposableAnswer(
        owner=text.owner,
        number=manifest.number,
        open=text.open_proposal,
        parts=[_prepared(one, found) for one in text.prepared],
    )


@post(
    "/texts/{item:uuid}/proposals",
    tags=["proposals"],
    summary="Propose own words",
    status_code=201,
)
async def make_proposal(
    session: Session, asker: Signed, now: Now, item: FromPath[UUID], data: JSONBody[ProposalBody]
) -> ProposalAnswer:
    """Suggest own parts that are live to whoever owns the text."""
    wanted = [Wanted(block=one.block, why=one.why, texts=one.texts) for one in data.parts]
    made = await propose(session, asker, f"{URN}{item}", wanted, now)
    return _proposal(await proposal_of(session, asker, made))


@delete("/proposals/{proposal:uuid}", tags=["proposals"], summary="Take a proposal back")
async def take_back(session: Session, asker: Signed, now: Now, proposal: FromPath[UUID]) -> None:
    """Take back what nobody has answered yet."""
    await withdraw(session, asker, proposal, now)


@post(
    "/proposals/{proposal:uuid}/acceptance",
    tags=["proposals"],
    summary="Accept a proposal",
    status_code=200,
)
async def accept_proposal(
    session: Session, asker: Signed, now: Now, proposal: FromPath[UUID], data: JSONBody[AcceptBody]
) -> ProposalAnswer:
    """Take it into your draft as your own change, which somebody else then approves."""
    await accept(session, asker, proposal, seen=data.version, now=now)
    return _proposal(await proposal_of(session, asker, proposal))


@post(
    "/proposals/{proposal:uuid}/refusal",
    tags=["proposals"],
    summary="Decline a proposal",
    status_code=200,
)
async def decline_proposal(
    session: Session, asker: Signed, now: Now, proposal: FromPath[UUID], data: JSONBody[DeclineBody]
) -> ProposalAnswer:
    """Say why not, in a sentence that the other project reads."""
    await decline(session, asker, proposal, sentence=data.sentence, now=now)
    return _proposal(await proposal_of(session, asker, proposal))


def _proposal(seen: Seen) -> ProposalAnswer:
    return ProposalAnswer(
        id=seen.id,
        text=item_of(seen.urn),
        title=seen.base.source.question or seen.base.source.title,
        number=seen.base.number,
        received=seen.received,
        project=seen.project,
        parts=[_part(part) for part in seen.parts],
        state=seen.state,
        sentence=seen.sentence,
        sent_at=seen.sent_at,
        answered_at=seen.answered_at,
    )


def _part(part: ProposedPart) -> ProposedPartAnswer:
    return ProposedPartAnswer(part.block, part.action, part.after, part.texts, part.why)


def _beside(one: Beside) -> BesideAnswer:
    return BesideAnswer(
        block=one.part.block,
        gone=one.gone,
        reworded=one.reworded,
        after=one.after,
        differences=[
            WordsAnswer(language, as_text(said), as_html(said)) for language, said in one.languages
        ],
    )


def _prepared(one: Prepared, found: list[Identifying]) -> PreparedAnswer:
    findings: dict[str, list[FindingAnswer]] = {}
    for each in found:
        if each.block == one.own.block:
            findings.setdefault(each.language, []).append(FindingAnswer(*each.finding))
    return PreparedAnswer(
        block=one.own.block,
        action=one.own.action,
        after=one.own.after,
        texts=dict(one.texts),
        doubts={
            language: [
                DoubtAnswer(doubt.start, doubt.end, list(doubt.names), asking(doubt))
                for doubt in doubts
            ]
            for language, doubts in one.doubts.items()
        },
        findings=findings,
    )
