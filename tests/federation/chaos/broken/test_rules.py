"""What is broken for the proof of the stories is there to be broken."""

import ast

import pytest

from tests.federation.chaos.broken.breaking import PROJECT, broken
from tests.federation.chaos.broken.rules import RULES, Kept, Rule


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_a_rule_is_kept_in_these_words_and_can_be_broken(rule: Rule) -> None:
    for kept in rule.kept:
        text = (PROJECT / kept.where).read_text()
        assert ast.dump(ast.parse(broken(kept, text))) != ast.dump(ast.parse(text))


def test_other_words_are_not_broken_in_silence() -> None:
    with pytest.raises(LookupError):
        broken(Kept("a file", "kept", "broken"), "kept twice is kept nowhere")
