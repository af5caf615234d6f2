"""What may stand in the sentence with which a proposal is declined: it leaves the project."""

from federation.errors import Reason
from federation.screen.rules import WORDS, findings
from protocols.proposals.errors import SentenceRefused
from protocols.proposals.rules.names import SOMEBODY, OwnPeople
from protocols.proposals.rules.parts import LONGEST_SENTENCE


def require_sentence(sentence: str, people: OwnPeople | None = None) -> None:
    """Refuse none at all, a long one, and one that could show who somebody is."""
    if not sentence:
        raise SentenceRefused(reasons=(Reason("no-sentence", "Say in a sentence why not."),))
    if len(sentence) > LONGEST_SENTENCE:
        text = f"A sentence has at most {LONGEST_SENTENCE} characters."
        raise SentenceRefused(reasons=(Reason("sentence-too-long", text),))
    reasons = [
        Reason("sentence-personal", f"{_at(start, end)} look like {WORDS[kind]}.")
        for kind, start, end in findings(sentence)
    ]
    reasons += [
        Reason("own-people", f"{_at(start, end)}: {SOMEBODY}")
        for start, end in (people.named_in(sentence) if people else ())
    ]
    if reasons:
        raise SentenceRefused(
            "This could identify somebody. Say it without that.", reasons=tuple(reasons)
        )


def _at(start: int, end: int) -> str:
    return f"Characters {start + 1} to {end}"
