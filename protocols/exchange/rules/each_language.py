"""What the tools share that know no languages: one entry for each language of an answer."""

from collections.abc import Callable, Mapping, Sequence

from protocols.exchange.rules.fates import Entry, Held, Left, Made
from protocols.exchange.rules.names import digits_for, short_name
from protocols.exchange.rules.outgoing import Outgoing

Build = Callable[[Outgoing, str, str], Entry | Held]
"""Makes the entry of an answer in one language under a name of its own."""
Known = Mapping[tuple[str, str], str]
"""The names that answers already have in a tool, by item and language."""


def each_language(texts: Sequence[Outgoing], known: Known, build: Build) -> Made:
    """Make an entry of each language of each answer, or say why it stays out.

    A name that an answer has in the tool stays, whatever becomes of its title.
    """
    made = Made()
    taken = set(known.values())
    for text in texts:
        for language, words in text.words.items():
            number = digits_for(text.owner, text.urn, language)
            name = known.get((text.urn, language)) or short_name(
                words.title, language, number, taken
            )
            taken.add(name)
            entry = build(text, language, name)
            if isinstance(entry, Entry):
                made.entries.append(entry)
            else:
                made.left.append(
                    Left(urn=text.urn, language=language, title=words.title, why=entry)
                )
    return made
