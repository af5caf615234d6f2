"""Rules that the stories must notice when they are broken, each with the words that keep it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """Where a rule is kept, the lines that keep it, and what stands there instead."""

    where: str
    lines: str
    broken: str


@dataclass(frozen=True)
class Rule:
    """One rule, all that keeps it, and which story notices that nothing does, by what."""

    says: str
    kept: tuple[Kept, ...]
    noticed_by: int | None = None
    saying: str = ""


RULES = {
    "cursor-first": Rule(
        "a place in a feed is moved in the transaction that applies the event, not before",
        (
            Kept(
                "api/peers/applying.py",
                """                return False
            sender = sender_of(self.partner, here)
            await _apply_event(self.reader, session, sender, here, event, epoch=place.epoch)
            cursors.advance(here, place, self.head, now=self.reader.clock())
""",
                """                return False
            cursors.advance(here, place, self.head, now=self.reader.clock())
        async with door(self.reader.engine) as session:
            here = await session.get_one(FeedCursor, self.cursor_id)
            sender = sender_of(self.partner, here)
            await _apply_event(self.reader, session, sender, here, event, epoch=place.epoch)
""",
            ),
        ),
        noticed_by=61,
        saying="said [1, 2], heard [1]: a greeting is lost",
    ),
    "second-claim": Rule(
        "a claim that is asked for again gets the answer that it has",
        (
            Kept(
                "rota/sign_up/from_homes.py",
                """    if claim is None:
        reasons = barred""",
                """    if claim is not None:
        asked = msgspec.structs.replace(asked, claim=UUID(int=claim.id.int ^ 1))
        claim = await session.get(Claim, asked.claim)
    if claim is None:
        reasons = barred""",
            ),
        ),
        noticed_by=16,
    ),
    "early-recall": Rule(
        "a recall counts also where its release has not arrived",
        (
            Kept(
                "protocols/recalls/receiving.py",
                """    if known is not None and known.hash == hashed:
        return None
""",
                """    if known is not None and known.hash == hashed:
        return None
    from protocols.releases.models import Release

    of = (Release.urn == manifest.urn) & (Release.sequence == manifest.sequence)
    if await session.scalar(select(Release.id).where(of)) is None:
        return None
""",
            ),
        ),
        noticed_by=45,
        saying="1 of Recall never arrived, at both readers",
    ),
    "forgotten-receipts": Rule(
        "after a restore a host enters what its members' people hold",
        (
            Kept(
                "rota/reentry/as_host.py",
                """    elif stated.state == "held":
        await _enter_held(reentry, home, stated)
""",
                """    elif stated.state == "held":
        return
""",
            ),
        ),
        noticed_by=93,
        saying="west says held, the host nothing, of one claim",
    ),
    "unread-chain": Rule(
        "the events of a page lead to the hash that was signed",
        (
            Kept(
                "federation/feeds/rules/heads.py",
                """    if seq > head.seq or text_of(reached) != head.hash:""",
                """    if seq > head.seq:""",
            ),
        ),
        noticed_by=2,
    ),
    "late-cancel": Rule(
        "a claim that was given back is not granted when it is asked for afterwards",
        (
            Kept(
                "rota/sign_up/from_homes.py",
                """    if await session.get(CancelledClaim, asked.claim) is not None:
        return (WITHDRAWN,)
""",
                "",
            ),
        ),
        noticed_by=77,
        saying="home says released, the host held, of one claim",
    ),
    "old-host": Rule(
        "who hosts a pool no more grants nothing in it",
        (
            Kept(
                "federation/handing/queries.py",
                """    if host is not None:
        raise HandedOver
""",
                "",
            ),
            Kept(
                "rota/sign_up/from_homes.py",
                """    if handle.pool_id != shift.pool_id or host is not None:""",
                """    if handle.pool_id != shift.pool_id:""",
            ),
        ),
        noticed_by=56,
        saying="the host that was has decided a claim",
    ),
    "deaf-old-host": Rule(
        "a host that was taken for lost stops when it hears of the next term",
        (
            Kept(
                "rota/handing/leaving.py",
                """    if change.before.host == keys.node_id:
        sign""",
                """    if change.before.host == "nobody":
        sign""",
            ),
        ),
        noticed_by=32,
        saying="the host that was decides claims still",
    ),
    "old-receipts": Rule(
        "who takes a lost host's pool over enters what homes can prove that they hold",
        (
            Kept(
                "rota/handing/hearing.py",
                """        if not stated.over:
            await as_host.enter_live(rebuilding, home, stated)
""",
                "        continue\n",
            ),
        ),
        noticed_by=32,
        saying="west says held, the host nothing, of one claim",
    ),
}
