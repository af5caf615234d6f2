"""Links lead somewhere; settings, constraints, files and examples are those of the code."""

import itertools
import re
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Constraint, Index

from api.demo.cast import NORTH, POOL, SOUTH
from api.public.answers import Answer
from api.settings import PREFIX, Settings
from api.tables import METADATA
from tests.docs.written import FENCED, NAMES, PROJECT, code_of, prose_of, text_of

EVERY = pytest.mark.parametrize("name", NAMES)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
PICTURE = re.compile(r'<source [^>]*srcset="([^"]+)">\n<img alt="([^"]*)" src="([^"]+)">')
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
VARIABLE = re.compile(r"\b(?:NETREACH_[A-Z_]+[A-Z]|DATABASE_URL|PG_BIN|FORWARDED_ALLOW_IPS)\b")
OUR_FILE = re.compile(
    r"(?:api|rota|protocols|federation|database|clients|tests|docs|deploy)/[\w/.-]+"
)
CONSTRAINT = re.compile(r"`((?:ck|uq|pk)_\w+|no_\w+)`")
SETTING_ROW = re.compile(r"^\| `(\w+)` \| (?:`([^`]*)`)? ?\| ", re.MULTILINE)
ELSEWHERE = re.compile(
    r"(?<![\w.-])/(?:work|tmp|root|home|mnt|Users)\b|\b(?:pypi\.org|pythonhosted|npmjs|docker\.io"
    r"|ghcr\.io|quay\.io|crates\.io|proxy\.golang|artifactory|nexus)\b"
)
BEFORE = re.compile(r"^\| ([A-Z][\w ]+) \([\w ]+\) \| ([\d.]+) \|", re.MULTILINE)
OF_OTHERS = {"NETREACH_URL", "NETREACH_TOKEN", "DATABASE_URL", "PG_BIN", "FORWARDED_ALLOW_IPS"}
PARTS = ("**Question.**", "**Choice.**", "**Why.**", "**What would change it.**")


def anchor_of(heading: str) -> str:
    kept = "".join(sign for sign in heading.lower() if sign.isalnum() or sign in " -_")
    return kept.replace(" ", "-")


def settings() -> dict[str, str]:
    """Give each setting's variable, and its value where nothing is set."""
    found = {}
    for field in msgspec.structs.fields(Settings):
        unset = "" if field.default is msgspec.NODEFAULT else str(field.default)
        shown = unset.lower() if isinstance(field.default, bool) else unset
        found[PREFIX + field.name.upper()] = shown
    return found


@EVERY
def test_links_lead_to_files_and_headings(name: str) -> None:
    for target in LINK.findall(text_of(name)):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        file = ((PROJECT / name).parent / path).resolve() if path else PROJECT / name
        assert file.is_relative_to(PROJECT)
        assert file.exists(), f"{name}: {target}"
        if anchor:
            assert anchor in {anchor_of(each) for each in HEADING.findall(file.read_text())}


def images_of(name: str) -> list[tuple[str, str]]:
    """Give what describes each picture of a page, and where it is; in both colour schemes."""
    found = IMAGE.findall(text_of(name))
    for dark, described, light in PICTURE.findall(text_of(name)):
        found += [(described, dark), (described, light)]
    return found


@EVERY
def test_images_are_there_and_are_described(name: str) -> None:
    for described, target in images_of(name):
        assert described
        assert ((PROJECT / name).parent / target).exists(), f"{name}: {target}"
    assert text_of(name).count("<picture>") == len(PICTURE.findall(text_of(name)))


def test_every_picture_stands_on_a_page_and_all_are_small() -> None:
    shown = {
        ((PROJECT / name).parent / target).resolve()
        for name in NAMES
        for _, target in images_of(name)
    }
    kept = set((PROJECT / "docs" / "screens").glob("*.webp"))
    assert kept == shown
    assert sum(each.stat().st_size for each in kept) < 1_500_000


@EVERY
def test_variables_are_those_of_the_code(name: str) -> None:
    assert set(VARIABLE.findall(text_of(name))) <= settings().keys() | OF_OTHERS


def test_the_table_of_settings_is_whole_and_right() -> None:
    rows = dict(SETTING_ROW.findall(text_of("docs/guides/operators.md")))
    wanted = settings()
    wanted["DATABASE_URL"] = wanted.pop(PREFIX + "DATABASE_URL")
    assert rows == wanted


@EVERY
def test_no_page_names_this_machine_or_a_registry(name: str) -> None:
    assert ELSEWHERE.findall(text_of(name)) == []


@EVERY
def test_files_named_exist(name: str) -> None:
    for code in code_of(name):
        if OUR_FILE.fullmatch(code):
            assert (PROJECT / code).exists(), f"{name}: {code}"


@pytest.mark.parametrize("floor", ["api", "rota", "protocols", "federation"])
def test_the_map_shows_every_folder_of_a_floor(floor: str) -> None:
    page = text_of("docs/architecture.md").partition("## The map")[2].partition("Arrows only")[0]
    shown = page.partition(f"    {floor}/ ")[2].partition("   |\n")[0]
    folders = {each.parent.name for each in (PROJECT / floor).glob("*/__init__.py")}
    assert len(folders) > 5
    assert folders - set(shown.split()) == set()


def test_constraints_named_exist() -> None:
    named = set(CONSTRAINT.findall(text_of("docs/architecture.md")))
    known = {
        str(each.name)
        for table in METADATA.tables.values()
        for each in itertools.chain[Constraint | Index](table.constraints, table.indexes)
    }
    assert len(named) > 10
    assert named <= known


def test_every_decision_is_listed_and_has_its_parts() -> None:
    folder = PROJECT / "docs" / "decisions"
    pages = sorted(page.name for page in folder.glob("0*.md"))
    listed = re.findall(r"\]\((0[\w-]+\.md)\)", (folder / "README.md").read_text())
    assert listed == pages
    # numbers are given out before pages are written, so there may be gaps; none is given twice
    assert len({page[:4] for page in pages}) == len(pages)
    for page in pages:
        text = (folder / page).read_text()
        assert [part for part in PARTS if part in text] == list(PARTS)
        assert text.startswith(f"# {page[:4]} ")


def test_json_examples_are_what_programs_get() -> None:
    examples = [
        (Path(name).name, block)
        for name in NAMES
        for kind, block in FENCED.findall(text_of(name))
        if kind == "json"
    ]
    assert [name for name, _ in examples] == ["coordinators.md"]
    for _, block in examples:
        told = msgspec.json.decode(block, type=Answer)
        assert msgspec.to_builtins(told) == msgspec.json.decode(block)
        assert told.pool == POOL


def test_what_each_project_ran_before_is_what_the_demo_says() -> None:
    rows = BEFORE.findall(text_of("README.md"))
    cast = {troupe.name: f"{troupe.hours_before:.1f}" for troupe in (*NORTH, *SOUTH)}
    assert dict(rows) == cast


@EVERY
def test_prose_has_no_line_that_is_too_long(name: str) -> None:
    long = [line for line in prose_of(name).splitlines() if len(line) > 110 and "|" not in line]
    assert long == []
