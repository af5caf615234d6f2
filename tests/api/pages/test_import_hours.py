"""A look at an old spreadsheet tells which day and hours were read, by the project's clock."""

import re
from html import unescape

from api.pages.record_imports import ROWS_SHOWN
from database.session import door
from tests.api.conftest import Node
from tests.api.pages.test_import_page import changed, form_of, send, uploaded
from tests.rota.world import a_pool

TABLE = """Date,Time,Session,Contacts,Missed,Language
2026-07-03,,7-9pm,3,1,Dutch
2026-07-04,,20:00-02:00,1,,
2026-07-05,,11-1,1,,
2026-07-06,19:40,,1,,
2026-07-07,,9-5pm,0,,
2026-07-08,0:40,22:00-1:00,1,,
2026-07-09,,,1,,
2026-10-25,1:15,,1,,
"""
ROW = re.compile(r'<tr><th scope="row">(\d+)</th>.*?</td><td>(.*?)</td></tr>', re.DOTALL)


def told_rows(page: str) -> dict[int, str]:
    """Give what is told of each row, as it is read."""
    bare = ((int(row), re.sub("<[^>]*>", "", words)) for row, words in ROW.findall(page))
    return {row: unescape(" ".join(words.split())).replace("\u00d7", "x") for row, words in bare}


async def test_hours_are_shown_as_they_were_read(node: Node) -> None:
    keeper = await node.somebody("coordinator")
    async with door(node.engine) as session:
        pool = await a_pool(session, keeper.asker)
    async with node.signed_in(keeper.id) as browser:
        first = await uploaded(browser, pool.slug, TABLE)
        look = await send(browser, pool.slug, changed(form_of(first.text), channel="live-chat"))
    assert told_rows(look.text) == {
        2: "3 x somebody was there and answered, 3 July 2026, Dutch; "
        "1 x turned away: nobody was free, 3 July 2026, Dutch; session: 19:00 to 21:00",
        3: "1 x somebody was there and answered, 4 July 2026; session: 20:00 to 02:00 the next day",
        4: "Its hours could be of the morning or the evening. "
        "Write them as 11:00-13:00 or 23:00-01:00.",
        5: "1 x somebody was there and answered, 6 July 2026, in the hour from 19:00",
        6: "a session in which nobody was counted, 7 July 2026: 09:00 to 17:00",
        7: "1 x somebody was there and answered, 8 July 2026, in the hour from 00:00 the next day; "
        "session: 22:00 to 01:00 the next day",
        8: "1 x somebody was there and answered, 9 July 2026",
        9: "1 x somebody was there and answered, 25 October 2026, in the hour from 01:00 (BST)",
    }


async def test_sessions_are_shown_also_where_other_rows_fill_the_table(node: Node) -> None:
    keeper = await node.somebody("coordinator")
    async with door(node.engine) as session:
        pool = await a_pool(session, keeper.asker)
    wrong = "someday,19-21,1\n" * ROWS_SHOWN
    read = "2026-07-03,7-9pm,3\n2026-07-04,19-21,1\n2026-01-04,9-8am,1\n2026-07-05,9-5pm,0\n"
    async with node.signed_in(keeper.id) as browser:
        first = await uploaded(browser, pool.slug, f"Date,Session,Contacts\n{wrong}{read}")
        look = await send(browser, pool.slug, changed(form_of(first.text), channel="live-chat"))
    assert set(told_rows(look.text)) == set(range(2, ROWS_SHOWN + 2))
    listed = look.text.partition("Sessions as they were read</h2>")[2].partition("</ul>")[0]
    assert re.findall("<li>(.*?)</li>", listed) == [
        "21:00 to 08:00 the next day: 1 row",
        "09:00 to 17:00: 1 row",
        "19:00 to 21:00: 2 rows",
    ]
