"""An import that is refused leads back to its form, with what was said in it and why."""

import re
from html import unescape

import pytest
from httpx2 import AsyncClient, Response

from tests.api.conftest import Node
from tests.api.pages.test_import_page import a_coordinator, changed, form_of, send, uploaded

TABLE = """When,Language,Topic,Name
2026-11-03,English,Blue,Zqform1
2026-11-04,Dutch,tax,Zqform1
"""
TAKE = ("do", "take")
NOTE = re.compile(r'<div class="note bad" role="alert">(.*?)</div>', re.DOTALL)
CANNOT = "The table cannot be read this way."
NOTHING = "Nothing of this table was taken in."


def why(page: Response) -> str:
    """Give what is said at the top of a page that was refused."""
    found = NOTE.search(page.text)
    return unescape(" ".join(re.sub("<[^>]*>", " ", found[1]).split())) if found else ""


def said_in(page: Response) -> list[tuple[str, str]]:
    """Give what the form says, without the table that it carries."""
    return [(name, value) for name, value in changed(form_of(page.text)) if name != "content"]


async def explained(browser: AsyncClient, slug: str) -> list[tuple[str, str]]:
    """Say what columns and words mean, and give the form as it stands then."""
    fields = changed(form_of((await uploaded(browser, slug, TABLE)).text), channel="live-chat")
    fields = columns(fields, "date", "language", "topics", "")
    look = await send(browser, slug, fields)
    assert look.status_code == 200
    fields = changed(form_of(look.text))
    at = fields.index(("said", "topics:Blue")) + 1
    return [*fields[:at], ("becomes", "housing"), *fields[at + 1 :]]


def columns(fields: list[tuple[str, str]], *told: str) -> list[tuple[str, str]]:
    """Say what each column tells."""
    left = list(told)
    return [(name, left.pop(0) if name == "columns" else value) for name, value in fields]


def named(name: str, fields: list[tuple[str, str]]) -> list[str]:
    return [value for one, value in fields if one == name]


def becomes(fields: list[tuple[str, str]]) -> dict[str, str]:
    """Give what each word becomes."""
    return dict(zip(named("said", fields), named("becomes", fields), strict=True))


@pytest.mark.parametrize("take", [True, False])
async def test_choices_that_do_not_fit_are_told_above_what_was_said(
    node: Node, *, take: bool
) -> None:
    keeper, pool = await a_coordinator(node)
    nothing = f" {NOTHING}" if take else ""
    async with node.signed_in(keeper.id) as browser:
        fields = await explained(browser, pool.slug)
        wrong = {
            "Two columns cannot tell the same thing.": (
                columns(fields, "date", "topics", "topics", ""),
                columns(fields, "date", "topics", "", ""),
            ),
            "Say which column has the day.": (columns(fields, "", "language", "topics", ""),) * 2,
            "The last day to count is before the first one.": (
                [*fields, ("first_day", "2026-11-04"), ("last_day", "2026-11-03")],
                fields,
            ),
        }
        for reason, (sent, kept) in wrong.items():
            page = await send(browser, pool.slug, [*sent, TAKE] if take else sent)
            assert (page.status_code, why(page)) == (422, f"{CANNOT} {reason}{nothing}")
            form = form_of(page.text)
            assert named("columns", form) == named("columns", kept)
            assert [dict(form)[name] for name in ("content", "channel")] == [
                dict(fields)[name] for name in ("content", "channel")
            ]
            assert (becomes(form).get("topics:Blue") == "housing") is not reason.startswith("Two")
        listed = (await browser.get(f"/records/import/{pool.slug}")).text
    assert "Nothing yet." in listed


async def test_what_was_counted_before_leads_back_to_the_form(node: Node) -> None:
    keeper, pool = await a_coordinator(node)
    async with node.signed_in(keeper.id) as browser:
        fields = await explained(browser, pool.slug)
        first = await send(browser, pool.slug, [*fields, TAKE])
        again = await send(browser, pool.slug, [*fields, TAKE])
    assert first.status_code == 303
    before = "These rows were imported before, and are counted once. Nothing was changed."
    assert (again.status_code, why(again)) == (422, f"{before} {NOTHING}")
    assert sorted(said_in(again)) == sorted(f for f in fields if f[0] != "content")


async def test_where_no_row_can_be_taken_no_button_takes_it(node: Node) -> None:
    keeper, pool = await a_coordinator(node)
    table = "Date,Session,Contacts\n{}\n"
    async with node.signed_in(keeper.id) as browser:
        looks = []
        for row in ("someday,,1", "2026-11-03,19-21,0", "2026-11-03,,2"):
            first = await uploaded(browser, pool.slug, table.format(row))
            fields = changed(form_of(first.text), channel="live-chat")
            looks.append(await send(browser, pool.slug, fields))
        none = await send(browser, pool.slug, [*changed(form_of(looks[0].text)), TAKE])
    offered = [re.findall(r'value="take">([^<]*)<', look.text) for look in looks]
    assert offered == [[], ["Take it in"], ["Take it in: 2 contacts"]]
    cannot = "No row can be taken as it is. Say what its columns and words mean."
    assert (none.status_code, why(none)) == (422, f"{cannot} {NOTHING}")
