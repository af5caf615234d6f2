"""This node does with every vector of the specification what the file says, byte for byte."""

from collections.abc import Callable, Container
from inspect import isawaitable
from typing import Any

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from api.peers.rota_events import rota_events
from api.peers.text_events import TEXT_EVENTS
from federation.errors import Refusal
from federation.partners.errors import TokenRefused
from tests.specification.checks import CHECKS
from tests.specification.checks_of_actions import CHECKS_OF_ACTIONS
from tests.specification.event_examples import EXAMPLES
from tests.specification.events import MALFORMED
from tests.specification.example_nodes import node_of
from tests.specification.kinds import KINDS
from tests.specification.vectors import FORMAT, File, Vector
from tests.specification.write import VECTORS, whole, written

FILE = msgspec.json.decode(VECTORS.read_bytes(), type=File)
ALL = [(group.check, vector) for group in FILE.groups for vector in group.vectors]


def code_of(refusal: Exception) -> str:
    """Give the word by which the page calls a refusal."""
    if isinstance(refusal, TokenRefused):
        return refusal.error
    return refusal.code if isinstance(refusal, Refusal) else MALFORMED


async def outcome(act: Callable[[], Any]) -> dict[str, Any]:
    try:
        gives = act()
        return {"gives": await gives if isawaitable(gives) else gives}
    except (Refusal, msgspec.ValidationError) as refusal:
        return {"refused": code_of(refusal)}


def said_by(vector: Vector) -> dict[str, Any]:
    told = msgspec.to_builtins(vector)
    return {name: told[name] for name in ("gives", "refused") if name in told}


def of(checks: Container[str]) -> pytest.MarkDecorator:
    chosen = [(check, vector) for check, vector in ALL if check in checks]
    named = [f"{check}: {vector.what}" for check, vector in chosen]
    return pytest.mark.parametrize(("check", "vector"), chosen, ids=named)


@of(CHECKS)
async def test_a_rule_gives_what_a_vector_says_or_refuses(check: str, vector: Vector) -> None:
    assert await outcome(lambda: CHECKS[check](vector.given)) == said_by(vector)


@of(CHECKS_OF_ACTIONS)
async def test_an_action_does_what_a_vector_says_or_refuses(
    check: str, vector: Vector, session: AsyncSession
) -> None:
    act = CHECKS_OF_ACTIONS[check]
    assert await outcome(lambda: act(session, vector.given)) == said_by(vector)


def test_the_file_is_what_the_examples_give_today() -> None:
    """A signature or a hash that comes out otherwise is another protocol: write it down as one."""
    assert FILE.format == FORMAT
    assert VECTORS.read_text() == written(whole())


def test_every_vector_has_a_name_of_its_own() -> None:
    named = [(check, vector.what) for check, vector in ALL]
    assert len(named) == len(set(named))


def test_every_check_and_every_kind_of_event_has_vectors_good_and_bad() -> None:
    checks = {group.check for group in FILE.groups}
    assert checks == {*CHECKS, *CHECKS_OF_ACTIONS}
    known = {*TEXT_EVENTS, *rota_events(node_of("north").keys)}
    assert set(KINDS) == known
    assert set(EXAMPLES) == known
