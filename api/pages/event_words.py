"""What nodes tell one another, in words for people: the kind of an event, never its content."""

from collections.abc import Mapping

from federation.feeds import errors
from federation.feeds.cursors.recalls_aside import RECALL

KINDS: Mapping[str, str] = {
    "answer.marked": "remark about an answer",
    "call.answered": "answer to a call for a supervisor",
    "call.made": "call for a supervisor",
    "call.stated": "how a call for a supervisor stands",
    "claim.answered": "answer about a seat",
    "claim.cancelled": "seat given back",
    "claim.ended": "seat that ended",
    "claim.proposed": "seat offered to somebody",
    "claim.requested": "seat asked for",
    "claim.split": "seat of a session that was divided",
    "claims.stated": "seats that people have, for a pool's new host",
    "counts.stated": "a month of a project's counts",
    "cover.asked": "cover asked for",
    "cover.stated": "how a wish for cover stands",
    "cover.taken": "cover given",
    "cover.withdrawn": "cover no longer asked for",
    "erasure.confirmed": "yes that somebody was erased",
    "exchange.agreed": "yes to an exchange of seats",
    "exchange.answered": "answer about an exchange of seats",
    "exchange.asked": "exchange of seats asked for",
    "exchange.proposed": "exchange of seats offered",
    "exchange.withdrawn": "exchange of seats no longer wanted",
    "handle.erased": "pseudonym of somebody who was erased",
    "handle.renamed": "pseudonym that was renewed",
    "handle.stated": "pseudonym of somebody who takes part",
    "handover.erased": "handover note erased",
    "handover.written": "handover note",
    "hours.stated": "hours that projects give",
    "member.joined": "project that takes part",
    "offers.added": "sessions that somebody can also take",
    "offers.stated": "sessions that somebody can take",
    "open-hours.stated": "hours in which a pool is open",
    "pool.accepted": "yes to planning a pool",
    "pool.agreed": "yes to taking a lost node's pool over",
    "pool.contents": "all of a pool, for its new host",
    "pool.offered": "pool offered to plan",
    "pool.stated": "settings of a pool",
    "pool.taking": "wish to take a lost node's pool over",
    "pool.unoffered": "pool no longer offered",
    "pool-text.stated": "text that holds in a pool",
    "pool-text-rule.stated": "rule about a pool's texts",
    "proposal.answered": "answer to an offered seat",
    "recall.confirmed": "withdrawal confirmed",
    "release.stated": "release of a text",
    "restore.answered": "answer after a restore",
    "restore.asked": "question after a restore",
    "session.alert": "alert about a session",
    "session.company": "who sits together, by pseudonym",
    "session.stated": "details of a session",
    "shift.attended": "who came, by pseudonym",
    "shift.late": "word that somebody is late",
    "shift.missed": "word that somebody did not come",
    "shift.readings": "project that has read a session's texts",
    "shift.stated": "session with its seats",
    "slot.answered": "answer about a language's regular time",
    "swap.offered": "seat offered for exchange",
    "swap.stated": "how an offer to exchange stands",
    "swap.withdrawn": "seat no longer offered for exchange",
    "text-proposal.answered": "answer to a suggestion for a text",
    "text-proposal.made": "suggestion for a text",
    "text-proposal.withdrawn": "suggestion for a text taken back",
    "waiting.joined": "place in a line for a seat",
    "waiting.left": "place in a line given up",
    "waiting.stated": "how a place in a line stands",
    RECALL: "withdrawal of a text",
}
TROUBLES: Mapping[str, str] = {
    trouble.code: trouble.title
    for trouble in (
        errors.FeedTrouble,
        errors.Ahead,
        errors.Gap,
        errors.Rollback,
        errors.Fork,
        errors.Frozen,
        errors.WrongHead,
        errors.TooMuchSetAside,
        errors.TooMuchTakenIn,
    )
}


def kind_words(kind: str) -> str:
    """Name a kind of event; one of a newer version by the word that the nodes use."""
    return KINDS.get(kind, kind)


def trouble_words(code: str) -> str:
    """Say what is wrong with a feed."""
    return TROUBLES.get(code, errors.FeedTrouble.title)
