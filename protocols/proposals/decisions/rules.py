"""What may stand in the sentence with which a proposal is declined: it leaves the project."""

from federation.errors import Reason
from federation.screen.meaning.notes import findings_in_note
from federation.screen.rules import WORDS
from protocols.proposals.errors import SentenceRefused
from protocols.proposals.rules.names import SOMEBODY, OwnPeople
from protocols.proposals.rules.parts import LONGEST_SENTENCE

TOO_LONG = "A sentence has at most %(number)s characters."
LOOKS_LIKE = "Characters %(start)s to %(end)s look like %(what)s."
AT = "Characters %(start)s to %(end)s: %(asked)s"
IDENTIFIES = "This could identify somebody. Say it without that."


def require_sentence(sentence: str, people: OwnPeople | None = None) -> None:
    """Refuse none at all, a long one, and one that could show who somebody is."""
    if not sentence:
        raise SentenceRefused(reasons=(Reason("no-sentence", "Say in a sentence why not."),))
    if len(sentence) > LONGEST_SENTENCE:
        text = TOO_LONG % {"number": LONGEST_SENTENCE}
        raise SentenceRefused(reasons=(Reason("sentence-too-long", text),))
    reasons = [
        Reason(
            "sentence-personal", LOOKS_LIKE % {"start": start + 1, "end": end, "what": WORDS[kind]}
        )
        for kind, start, end in findings_in_note(sentence)
    ]
    reasons += [
        Reason("own-people", AT % {"start": start + 1, "end": end, "asked": SOMEBODY})
        for start, end in (people.named_in(sentence) if people else ())
    ]
    if reasons:
        raise SentenceRefused(IDENTIFIES, reasons=tuple(reasons))
