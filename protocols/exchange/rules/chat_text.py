"""Markdown for a tool that shows plain text: every word and every address stays."""

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def as_chat_text(markdown: str) -> str:
    """Give the words with line breaks, list marks and the addresses behind links."""
    lines: list[str] = []
    marks: list[int | None] = []
    begun = ""
    for token in _MARKDOWN.parse(markdown):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            marks.append(_first_number(token))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            marks.pop()
        elif token.type == "list_item_open":
            begun = _mark(marks)
        elif token.type in {"inline", "code_block", "fence"}:
            lines.append(begun + _words(token))
            begun = ""
        if token.type.endswith("_close") and not marks and lines and lines[-1]:
            lines.append("")
    return "\n".join(lines).strip()


def _first_number(token: Token) -> int | None:
    if token.type == "bullet_list_open":
        return None
    return int(token.attrs.get("start", 1))


def _mark(marks: list[int | None]) -> str:
    number = marks[-1]
    indent = "  " * (len(marks) - 1)
    if number is None:
        return f"{indent}- "
    marks[-1] = number + 1
    return f"{indent}{number}. "


def _words(token: Token) -> str:
    if token.children is None:
        return token.content.rstrip("\n")
    return "".join(_inline(token.children))


def _inline(tokens: Sequence[Token]) -> Iterator[str]:
    address, shown = "", ""
    for token in tokens:
        if token.type == "link_open":
            address, shown = str(token.attrs.get("href", "")), ""
        elif token.type == "link_close":
            if address.removeprefix("mailto:").removeprefix("tel:") not in {shown, ""}:
                yield f" ({address})"
            address = ""
        elif token.type == "image":
            yield f"{token.content} ({token.attrs['src']})"
        elif token.type in {"softbreak", "hardbreak"}:
            yield "\n"
        else:
            words = token.content
            shown += words
            yield words
