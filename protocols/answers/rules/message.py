"""An answer's Markdown as the plain words that go into a chat, an SMS or a post."""

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from protocols.items.rules.placeholders import fields_of_address

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_WORDS = {"inline", "fence", "code_block"}
_BREAKS = {"softbreak": "\n", "hardbreak": "\n"}


def as_message(markdown: str) -> str:
    """Write it without marks; an address that a link hides stands behind its words."""
    text, mark = "", ""
    lists: list[Iterator[str]] = []
    for token in _MARKDOWN.parse(markdown):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(_marks(token))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type == "list_item_open":
            mark = next(lists[-1])
        elif token.type in _WORDS:
            text += _apart(text, mark) + mark + _inline(token)
            mark = ""
    return text


def _apart(text: str, mark: str) -> str:
    if not text:
        return ""
    return "\n" if mark else "\n\n"


def _marks(token: Token) -> Iterator[str]:
    if token.type == "bullet_list_open":
        while True:
            yield "- "
    number = int(token.attrGet("start") or 1)
    while True:
        yield f"{number}. "
        number += 1


def _inline(token: Token) -> str:
    if not token.children:
        return token.content.rstrip("\n")
    said = ""
    opened: list[tuple[int, str]] = []
    for part in token.children:
        if part.type == "link_open":
            address = fields_of_address(str(part.attrGet("href") or ""))
            opened.append((len(said), address))
        elif part.type == "link_close":
            start, address = opened.pop()
            shown = said[start:]
            said += "" if _same(shown, address) else f" ({address})"
        else:
            said += _BREAKS.get(part.type, part.content)
    return said


def _same(shown: str, address: str) -> bool:
    return shown in {address, address.removeprefix("mailto:"), address.removeprefix("tel:")}
