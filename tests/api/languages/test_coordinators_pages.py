"""What coordinators plan with is in the reader's language, with the values of their own data."""

from html import unescape

import pytest

from tests.api.conftest import Node
from tests.api.evening import an_evening
from tests.api.routes.test_leave_and_patterns import MONDAY, TODAY, set_down


@pytest.mark.parametrize(
    ("path", "language", "title", "sentence"),
    [
        ("/plans/{slug}/{plan}", "ro", "Plan", "Se face acum; abia a început."),
        ("/patterns/{slug}", "nl", "Sessies", "elke dinsdag, 19:00, 120 minuten"),
        ("/patterns/{slug}", "ro", "Sesiuni", "în fiecare marți, 19:00, 120 de minute"),
        ("/patterns/{slug}/new", "nl", "Een sessie vastleggen", "Op de klok van Europe/London."),
        ("/patterns/{slug}/{series}", "ro", "Schimbă o sesiune", "schimbă tue-19</h1>"),
        ("/shifts/{shift}/change", "ro", "Schimbă o sesiune", "După ceasul din Europe/London."),
        ("/board/{slug}/languages", "nl", "Talen die weinigen spreken", "Er is niets voorgesteld."),
        ("/promotion/{slug}", "nl", "Teksten om te kopiëren", "Kort bericht (tot 280 tekens)"),
        ("/restore", "ro", "Refacere", "Acest server dă locuri: nu așteaptă pe nimeni."),
        ("/records", "nl", "Verslagen", "Geen sessie van deze dagen heeft een verslag."),
        ("/records/settings", "ro", "Ce notăm", "1096, numărate din ziua sesiunii."),
        ("/records/import/{slug}", "nl", "Een oude tabel importeren", "20000 rijen en 700 kB."),
        ("/counts/{slug}", "ro", "Numărători", "Fișe ale sesiunilor: 0."),
        ("/coverage/{slug}", "nl", "Bezetting", '<text x="-3" y="9" text-anchor="end">ma</text>'),
        ("/coverage/{slug}", "ro", "Acoperire", '<text x="231" y="-3">21</text>'),
        ("/demand/{slug}", "nl", "Drukte", ": wanneer mensen schrijven</h1>"),
        (
            "/report/{slug}",
            "ro",
            "Raport",
            '<td><a href="#how-talked">0<span class="hidden">: cum se',
        ),
        ("/trainings", "nl", "Trainingen", "<h2>De mensen van je project</h2>"),
        ("/people/left", "ro", "Oameni care au plecat", "Nu mai sunt date de șters."),
    ],
)
async def test_a_page_for_planning_is_in_the_readers_language(
    node: Node, path: str, language: str, title: str, sentence: str
) -> None:
    evening = await an_evening(node)
    _, made = await set_down(evening, evening.coordinator)
    plans, days = (
        f"/api/v1/pools/{evening.pool.slug}/plans",
        {"from": str(TODAY), "until": str(MONDAY)},
    )
    plan = (await node.web.post(plans, json=days, headers=evening.coordinator.bearer)).json()
    where = {"series": made["id"], "shift": evening.shift.id, "plan": plan["id"]}
    async with node.signed_in(evening.coordinator.id) as browser:
        browser.headers["Accept-Language"] = language
        answer = await browser.get(path.format(slug=evening.pool.slug, **where))
    page = unescape(answer.text)
    assert (answer.status_code, f"<title>{title} ·" in page) == (200, True)
    assert sentence in page
