"""The tools that answers can be exported for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from protocols.exchange.rules.each_language import Known
from protocols.exchange.rules.fates import Exported, Held, Made, Step
from protocols.exchange.rules.outgoing import Outgoing
from protocols.exchange.rules.tools import chatwoot, live_helper_chat, rocket_chat, zammad

ToolName = Literal["live-helper-chat", "chatwoot", "zammad", "rocket-chat"]


def _always_fits(_: Step, __: Sequence[str]) -> Held | None:
    return None


class Tool(NamedTuple):
    """How texts become a file for one tool, and how its own export is read.

    `unfit` tells why one entry cannot be written beside what the tool keeps with it.
    """

    label: str
    file_name: str
    media_type: str
    entries: Callable[[Sequence[Outgoing], Known], Made]
    file: Callable[[Sequence[Step], Sequence[str]], Iterator[str]]
    read: Callable[[bytes], Exported]
    notes: tuple[str, ...]
    unfit: Callable[[Step, Sequence[str]], Held | None] = _always_fits


CSV = "text/csv"
JSON = "application/json"
TOOLS: Mapping[ToolName, Tool] = {
    "live-helper-chat": Tool(
        "Live Helper Chat",
        "live-helper-chat.csv",
        CSV,
        live_helper_chat.entries,
        live_helper_chat.file,
        live_helper_chat.read,
        (
            "Load the file under canned messages, Import. Never tick “remove old”.",
            "“Remove old” would delete every message that there is, personal ones too.",
            "Operators are shown 50 suggestions unless the tool's settings say more.",
        ),
        live_helper_chat.unfit,
    ),
    "chatwoot": Tool(
        "Chatwoot",
        "chatwoot-requests.json",
        JSON,
        chatwoot.entries,
        chatwoot.file,
        chatwoot.read,
        ("Chatwoot keeps no keywords: answers are found by their short code and their words.",),
    ),
    "zammad": Tool(
        "Zammad",
        "zammad.csv",
        CSV,
        zammad.entries,
        zammad.file,
        zammad.read,
        (
            "Load the file under text modules, Import. Never choose to delete before the import.",
            "After deleting, one bad row would leave the library empty.",
        ),
    ),
    "rocket-chat": Tool(
        "Rocket.Chat",
        "rocket-chat-requests.json",
        JSON,
        rocket_chat.entries,
        rocket_chat.file,
        rocket_chat.read,
        ("Whoever sends the requests needs the right to save canned responses for all.",),
    ),
}
NOTES = tuple(note for tool in TOOLS.values() for note in tool.notes)
"""What to do with a file, said beside it."""
