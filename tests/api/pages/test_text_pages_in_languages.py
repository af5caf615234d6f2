"""Pages about texts are in the reader's language; the texts on them stay as people wrote them."""

import pytest

from tests.api.conftest import Node
from tests.api.withdrawals import InForce, text_in_force

PAGES = [
    ("/readings", "ro", "Cine ce are de citit", "De la 0 la 90. Gol: 7 zile."),
    ("/recalls", "nl", "Ingetrokken teksten", "Live chat conduct</a>, versie 1.0.0</li>"),
    ("/recalls/{item}", "ro", "Retrage un text", "<h1>Retrage: Live chat conduct</h1>"),
    ("/texts", "nl", "Teksten", "versie 1.0.0 is uitgebracht · eigenaar: Ann Example"),
    ("/texts/{item}", "ro", "Live chat conduct", "1.0.0 este publicată; următoarea ar fi "),
    ("/texts/{item}/history", "nl", "Versies van Live chat conduct", ">1, uitgebracht als 1.0.0<"),
    ("/texts/{item}/edit", "ro", "Scrie la Live chat conduct", "<legend>Partea 1</legend>"),
    ("/texts/{item}/translate/nl", "nl", "Live chat conduct in het Nederlands", "in het Engels:"),
    ("/texts/files", "ro", "Texte din fișiere", "Un fișier: Markdown, un ZIP"),
    ("/texts/allowed", "nl", "Wat in jullie teksten mag staan", "Tot nu toe toegestaan"),
    (
        "/texts/pools",
        "ro",
        "Texte din turele parteneriatelor noastre",
        "cea mai nouă versiune 1.0.0",
    ),
    ("/adopted", "nl", "Teksten die wij gebruiken", "Zoals het project het heeft geschreven"),
    ("/adopted/new", "ro", "Texte pe care nu le folosim încă", "Cuvinte din titlu"),
    ("/adopted/{item}", "nl", "Wat wij zeggen in Live chat conduct", "lezen versie 1.0.0."),
    ("/adopted/{item}/part?action=add", "ro", "Adaugă un rând al nostru", "noastre în engleză<"),
    ("/adopted/{item}/update", "nl", "Versie 1.0.0 van Live chat conduct", "heeft versie 1.0.0."),
    ("/answers/export", "nl", "Antwoorden voor je chatprogramma", "Welk programma"),
    ("/answers/remarks", "ro", "Ce spun oamenii despre răspunsurile voastre", "Număr maxim"),
    ("/signposts", "nl", "Voorzieningen om naar te verwijzen", "Een lijst overnemen"),
    ("/signposts/new", "ro", "Adaugă un serviciu", "O organizație și numerele ei publice"),
    (
        "/signposts/import",
        "nl",
        "Een lijst met voorzieningen overnemen",
        "met de kolommen source_id, name,",
    ),
]


@pytest.fixture
async def text(node: Node) -> InForce:
    return await text_in_force(node)


async def test_pages_about_texts_are_in_the_readers_language(node: Node, text: InForce) -> None:
    async with node.signed_in(text.coordinator.id) as browser:
        for path, language, title, sentence in PAGES:
            headers = {"Accept-Language": language}
            page = (await browser.get(path.format(item=text.item), headers=headers)).text
            assert f'<html lang="{language}" dir="ltr">' in page
            assert f"<title>{title} ·" in page
            assert sentence in page.partition("</main>")[0]
