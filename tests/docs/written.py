"""The documentation as its readers find it, and the code in it."""

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PAGES = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])
NAMES = [str(page.relative_to(PROJECT)) for page in PAGES]

FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^ {4}.*\n)+", re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")


def text_of(name: str) -> str:
    return (PROJECT / name).read_text()


def code_of(name: str) -> list[str]:
    """Give every line of code of a page: of blocks, fenced or indented, and within sentences."""
    text = text_of(name)
    blocks = [block for _, block in FENCED.findall(text)]
    rest = FENCED.sub("", text)
    inline = [" ".join(code.split()) for code in INLINE.findall(rest)]
    joined = "".join([*blocks, *INDENTED.findall(rest)]).replace("\\\n", " ")
    return [line.strip() for line in joined.splitlines()] + inline


def prose_of(name: str) -> str:
    return INLINE.sub("", INDENTED.sub("", FENCED.sub("", text_of(name))))
