"""Sentences about somebody, crossed with how people are called and with what is nobody."""

from itertools import product

import pytest

from federation.screen.rules import findings

DEALS = {
    "en": (
        "told {} we can't go with her|i said to {} that the shelter takes couples|"
        "ive known {} from the drop in for years|row in the chat between {} and someone new|"
        "whoever was on: did {} ever get back about the lock?|"
        "can {} be added to the list for the course|photo of {} is on the usual site|"
        "spoke to {}, she sleeps at a friend's|big thanks from {} for the tip|"
        "heard via {} that they check again|has {} been in touch since?|"
        "apologised to {} for the wait|a question from {} about vat|"
        "could {} swap with me on friday?|"
        "dropped {} at the station|waiting on {} for the keys|calmed {} down, then went home"
    ),
    "nl": (
        "gezegd tegen {} dat we niet mee kunnen|gesproken met {}, ze slaapt bij een vriendin|"
        "ruzie in de chat tussen {} en iemand anders|"
        "heeft {} nog iets laten horen over het slot?|kan {} op de lijst voor vrijdag?|"
        "ik ken {} al jaren van de inloop|dankjewel van {} voor de tip over de bank|"
        "via {} hoorde ik dat er weer gecontroleerd is|"
        "kunnen we {} een envelop zonder logo meegeven|vraag van {} over de btw|"
        "afspraak met {} verzet naar vrijdag|excuses aan {} voor het wachten|"
        "zou {} vrijdag met mij kunnen ruilen?|overlegd met {} over de borg|"
        "telefoon van {} ligt hier|wacht nog op {} voor de formulieren|jas van {} hangt hier"
    ),
    "ro": (
        "i-am zis lui {} că nu putem merge cu ea|am vorbit cu {}, doarme la o prietenă|"
        "ceartă pe chat între {} și cineva nou|a mai sunat {} pentru încuietoare?|"
        "poate {} să fie pe listă vineri?|o știu pe {} de ani de zile|"
        "mulțumiri de la {}, a reușit cu contul|am auzit prin {} că iar se controlează|"
        "întrebare de la {} despre taxe|programarea cu {} s-a mutat pe vineri|"
        "i-am scris lui {} despre chirie|scuze față de {} pentru așteptare|"
        "mesaj de la {} pe forum|am stabilit cu {} pentru vineri|"
        "cheia e la {} de ieri|aștept să vină {} cu actele|geanta lui {} e aici"
    ),
}
DOES = {
    "en": (
        "{} moved from hull last week|third time {} got through today|"
        "Bus leaving. {} safe, flatmate with her.|{} posted that our answer is out of date|"
        "{}'s complaint about the replies goes to the meeting|{}'s BRP ends this year|"
        "for the night shift: {} is safe, in a hotel|{} emailed the form back|"
        "when {} joined the call she was upset|{} wrote the whole address down|"
        "New in town, goes by {}. Asked about it.|{} from the outreach team called about it"
    ),
    "nl": (
        "{} verhuisde vorige week uit gouda|derde keer dat {} erdoor kwam vandaag|"
        "{} typte het hele nummer over|Bus vertrekt. {} veilig, huisgenote is bij haar.|"
        "{} plaatste dat ons antwoord niet klopt|"
        "voor de nachtdienst: {} is veilig, zit in een hotel|{} mailde het formulier terug|"
        "toen {} aansloot was ze overstuur|{} uit het buurtteam belde of wij iets weten"
    ),
    "ro": (
        "{} s-a mutat din cluj săptămâna trecută|a treia oară când {} a intrat pe chat|"
        "{} a tastat tot numărul|{} a postat că răspunsul nostru nu e bun|"
        "pt tura de noapte: {} e in siguranta, sta la o prietena|{} a trimis formularul înapoi|"
        "{} a scris toată adresa"
    ),
}
CALLED = {
    "en": ("Oksana Amber Peaches Dakota Adaora Anong oksana jade foxy mo pim szilvi"),
    "nl": ("Ingrid Bloem Roos Chelsea Soekijat Thuli marieke fleur sky pim opoe szilvi"),
    "ro": ("Mirela Perla Steluța Dakota Adaora Anong svetlana amber steluta pim moni szilvi"),
}
NOBODY = {
    "en": (
        "everyone management leeds hull Leeds Vinted Telegram Humanitas Ofcom doxycycline "
        "reception Bradford London"
    ),
    "nl": (
        "iedereen beheer gouda breda Breda Bunq Telegram CoMensHa Jellinek doxycycline "
        "receptie Rotterdam"
    ),
    "ro": ("toți administrație recepție ITM DGASPC Revolut Telegram Constanța doxiciclina Brașov"),
}
MEANT = {
    "en": (
        "asked about yasmin and migraines, not for us|"
        "Took Ella and bleeding since, is the coil better|"
        "Crystal use came up twice in chemsex questions, also G, also Tina.|"
        "Busy around Valentine's, two seats please|Our Bradford partner adopted answer 21|"
        "Preston colleagues want the poster|they work together now"
    ),
    "nl": (
        "Vraag over Yasmin en migraine, niet aan ons, huisarts.|"
        "Kan Diane bij de pil, vroeg de huisarts|Vraag over Tina, GHB en naalden|"
        "Rond Valentijn komen de chantageberichten|na Valentijn weer rustig|"
        "Roos uitslag op haar arm|woonadres zichtbaar blijft vraag één"
    ),
    "ro": (
        "Întrebare despre Yasmin și migrene, nu e de noi|"
        "întrebare despre Diane, pastile și sângerare|întrebare despre Tina și GHB, druguri|"
        "liniște după Valentine's, apoi mult"
    ),
}


def _texts(language: str, *, words: str) -> list[str]:
    sentences = f"{DEALS[language]}|{DOES[language]}".split("|")
    return [sentence.format(word) for sentence, word in product(sentences, words.split())]


def _suspects(text: str, language: str) -> bool:
    return any(found.kind == "name" for found in findings(text, language))


@pytest.mark.parametrize("language", CALLED)
def test_whoever_is_dealt_with_is_found_however_they_are_called(language: str) -> None:
    texts = _texts(language, words=CALLED[language])
    assert [text for text in texts if not _suspects(text, language)] == []


@pytest.mark.parametrize("language", NOBODY)
def test_towns_firms_and_medicines_are_nobody_in_the_same_sentences(language: str) -> None:
    texts = _texts(language, words=NOBODY[language])
    assert [text for text in texts if _suspects(text, language)] == []


@pytest.mark.parametrize("language", MEANT)
def test_a_medicine_a_drug_a_day_or_a_partners_town_is_nobody(language: str) -> None:
    assert [text for text in MEANT[language].split("|") if _suspects(text, language)] == []


def test_somebody_who_is_called_as_a_medicine_is_still_found() -> None:
    texts = (
        "Spoke to Ella about the pill|Yasmin needs the pill|Tina told us she uses|"
        "gesproken met Diane over de pil"
    )
    assert [text for text in texts.split("|") if not _suspects(text, "en")] == []
