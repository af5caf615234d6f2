"""Names words by what they say, so that a tool may lay them out in its own way."""

from collections.abc import Iterable
from hashlib import sha256
from html.parser import HTMLParser


def fingerprint(*texts: str) -> str:
    """Name some texts; runs of white space count as one space."""
    parts = (" ".join(text.split()) for text in texts)
    return sha256("\0".join(parts).encode()).hexdigest()


def words_of_html(html: str) -> str:
    """Give what a reader of HTML gets: its words and the addresses of its links."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return " ".join(reader.found)


def in_order(words: Iterable[str]) -> str:
    """Write keywords so that their order does not count."""
    return " ".join(sorted(set(words)))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]

    def handle_data(self, data: str) -> None:
        self.found.append(data)
