"""Every command that a page names exists, with its sub-command and its options."""

import re
import shlex

import click
import pytest

from api.server.main import main
from netreach_client.cli import netreach
from tests.docs.written import NAMES, PROJECT, code_of

GROUPS = {"netreach-server": main, "netreach": netreach}
RUN_BY_MAKE = {"demo"}
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
COMPOSE = re.compile(
    r"docker compose (?:--profile two-nodes )?run --rm (?:-T |--volume \S+ )*"
    r"(?:south-)?node ([^>…]+)"
)
WORD = re.compile(r"[a-z][a-z-]*")

Said = tuple[str, list[str]]


def said_in(line: str) -> list[Said]:
    """Find the commands in a line of code, each with the words that follow it."""
    line = line.partition(" # ")[0]
    if compose := COMPOSE.search(line):
        return [("netreach-server", shlex.split(compose[1]))]
    if line.startswith("docker "):
        return []
    words = [re.split(r"[|&;]", part)[0] for part in re.split(r"&&|\|\||;", line)]
    return [
        (first, rest)
        for first, *rest in (
            shlex.split(part) for part in words if all(part.count(sign) % 2 == 0 for sign in "\"'")
        )
        if first in {*GROUPS, "make"}
    ]


def all_said() -> list[tuple[str, str, list[str]]]:
    return [
        (name, program, words)
        for name in NAMES
        for line in code_of(name)
        if "netreach" in line or line.startswith("make") or COMPOSE.search(line)
        for program, words in said_in(line)
    ]


SAID = all_said()


def command_of(program: str, words: list[str]) -> tuple[click.Command, list[str]]:
    """Follow the words down to the command that they name; give what is left over."""
    command: click.Command = GROUPS[program]
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(click.Context(command), words[0])
        if found is None:
            raise AssertionError(f"{program} has no command {words[0]}")
        command, words = found, words[1:]
    return command, words


def test_the_pages_name_the_commands_that_there_are() -> None:
    """No command of a keeper or a worker is missing from the guides."""
    for program, group in GROUPS.items():
        named = {words[0] for _, said, words in SAID if said == program and words}
        assert set(group.list_commands(click.Context(group))) <= named | RUN_BY_MAKE


@pytest.mark.parametrize(("page", "program", "words"), [said for said in SAID if said[1] in GROUPS])
def test_command_and_its_options_exist(page: str, program: str, words: list[str]) -> None:
    command, rest = command_of(program, words)
    known = {option for part in command.params for option in (*part.opts, *part.secondary_opts)}
    asked = {word for word in rest if word.startswith("-") and word != "-"}
    assert asked <= known, f"{page}: {program} {' '.join(words)}"
    if rest and not asked:
        assert any(isinstance(part, click.Argument) for part in command.params)


@pytest.mark.parametrize(("page", "words"), [said[::2] for said in SAID if said[1] == "make"])
def test_make_target_exists(page: str, words: list[str]) -> None:
    targets = set(TARGET.findall((PROJECT / "Makefile").read_text()))
    wanted = {word for word in words if WORD.fullmatch(word)}
    assert wanted <= targets, page
