import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.items.rules.drafts import reasons_against_text
from protocols.items.rules.placeholders import broken_fields_in, fields_in, fill
from protocols.items.rules.wording import as_html, as_plain

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


def test_declared_names_are_filled_and_nothing_else() -> None:
    text = "Ring {{phone}}, ask for {{who}}. {{ phone }} {% if %} {{phone|upper}}"

    assert fill(text, {"phone": "0113"}) == (
        "Ring 0113, ask for {{who}}. {{ phone }} {% if %} {{phone|upper}}"
    )
    assert fields_in(text) == {"phone", "who"}
    assert broken_fields_in(text) == ["{{ phone }}", "{{phone|upper}}"]


@pytest.mark.parametrize(
    "program",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{'%s'|attr('format')}}",
        "{% set f = ''.format %}{{ f('{0.__class__}', 1) }}",
        "{{ ''|attr('format_map') }}",
        "{% for x in range(10**9) %}{% endfor %}{{ x }}",
    ],
)
def test_no_template_is_ever_run(program: str) -> None:
    """CVE-2024-56326 and CVE-2025-27516 broke out of Jinja's sandbox; there is no engine here."""
    assert fill(program, {"x": "1", "f": "2"}) == program
    assert [reason.code for reason in reasons_against_text(program, {"x", "f"})] != []
    assert fill("{{x}}", {"x": program}) == program


def test_only_the_names_asked_for_are_filled() -> None:
    assert fill("{{a}} {{b}}", {"a": "1", "b": "2"}, only={"b"}) == "{{a}} 2"


@given(st.dictionaries(NAMES, st.text()), st.text())
def test_a_value_is_never_read_for_fields(values: dict[str, str], tail: str) -> None:
    text = "".join(f"{{{{{name}}}}}|" for name in values)

    assert fill(text, values) == "".join(f"{value}|" for value in values.values())
    assert fill(tail, {}) == tail


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**Two** of you", "<p><strong>Two</strong> of you</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("![x](https://track.example/pixel)", "<p></p>"),
        (
            "[help](https://help.example)",
            '<p><a href="https://help.example" rel="noopener noreferrer nofollow">help</a></p>',
        ),
        ("# Big", "Big"),
    ],
)
def test_html_is_safe_whoever_wrote_it(markdown: str, html: str) -> None:
    assert as_html(markdown) == html


def test_plain_words_have_no_marks() -> None:
    assert as_plain("**Ring** us & [ask](https://help.example)\n\n- one\n- two") == (
        "Ring us & ask\n\none\ntwo"
    )


@given(st.text())
def test_no_text_makes_unsafe_html(markdown: str) -> None:
    html = as_html(markdown).lower()

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


HOSTILE = [
    ">" * 20_000,
    "- " * 10_000,
    "[" * 20_000,
    "![" * 10_000,
    "*" * 20_000,
    "`" * 19_999,
    "<" * 20_000,
    "&" * 20_000,
    "[a](" * 5_000,
    "\n".join("  " * depth + "- x" for depth in range(140)),
    "|" * 20_000,
    "\\" * 20_000,
    "[x]: <" * 3_000,
]


@pytest.mark.parametrize("markdown", HOSTILE, ids=[text[:6] for text in HOSTILE])
def test_a_text_that_is_made_to_hurt_is_rendered_in_bounds(markdown: str) -> None:
    html = as_html(markdown)

    # nesting is capped by the renderer, so neither time nor size grows with the depth asked for
    assert html.count("<blockquote>") + html.count("<ul>") <= 100
    assert len(html) <= 10 * len(markdown)
    as_plain(markdown)


@pytest.mark.parametrize(
    "markdown",
    [
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](JaVaScRiPt:alert(1))",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        '<a href="https://x.example" onclick="alert(1)">x</a>',
        "<iframe src=https://x.example></iframe>",
        "<style>*{display:none}</style>",
        '[x](https://x.example "onmouseover=alert(1)")',
        "<svg/onload=alert(1)>",
        "<https://x.example/\"onmouseover='alert(1)'>",
    ],
)
def test_nothing_that_acts_survives(markdown: str) -> None:
    html = as_html(markdown)

    assert re.search(r"<(?!/?(p|a|em|strong|code|ul|ol|li|blockquote|br|h3|h4)\b)", html) is None
    assert re.search(r"<[^>]*\son\w+\s*=", html) is None
    assert re.search(r'href="(?!https?:|mailto:|tel:)', html) is None
