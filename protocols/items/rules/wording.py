"""A text as safe HTML and as plain words."""

from html import unescape

import nh3
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_TAGS = {"a", "blockquote", "code", "em", "h3", "h4", "li", "ol", "p", "strong", "ul", "br"}
_SCHEMES = {"https", "http", "mailto", "tel"}


def as_html(markdown: str) -> str:
    """Render Markdown; whatever a partner may have written, no script, frame or image survives."""
    return nh3.clean(
        _MARKDOWN.render(markdown),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    ).strip()


def as_plain(markdown: str) -> str:
    """Give the words alone, as they go into a chat or an SMS."""
    return unescape(nh3.clean(_MARKDOWN.render(markdown), tags=set())).strip()
