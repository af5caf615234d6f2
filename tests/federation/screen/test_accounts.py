"""Accounts in every order in which somebody tells one, by names that are words or none."""

from itertools import product

import pytest

from federation.screen.rules import findings

NAMES = {
    "en": ("velvet", "midnight velvet", "nightowl", "zyrra", "lola-rose", "Moonbeam", "kittyyy"),
    "nl": ("fluweel", "zwarte kat", "nachtvlinder", "zyrra", "lola-roos", "Maanlicht", "kittyyy"),
    "ro": ("catifea", "pisica neagra", "fluturas", "zyrra", "lola-roz", "Vulpita", "kittyyy"),
}
PLATFORMS = {
    "en": ("Insta", "tele", "X", "instgram"),
    "nl": ("Insta", "tele", "X", "instgram"),
    "ro": ("Insta", "tele", "instgram", "mess"),
}
TOLD = {
    "en": (
        "she's {} on {p}|that's {} from {p}|used to be {} on {p}|On {p} they call her {}.|"
        "on {p} he goes by {}|She wrote to us ({p}: {}).|new contact ({} on {p})|"
        "{} (her {p}) asked about prep|{p}: {}|{p} = {}|username: {}|her {p} is {}|"
        "her profile on {p} is under {}|her account is called {}|her {p} name is {}|"
        "Add her on {p}: {}|find her on {p} as {}|search {p} for {}|text {} on {p} tomorrow|"
        "posts as {} on {p}|she's down as {} on {p}|uses the name {} on {p}|"
        "She is on {p}. The name there is {}.|She has {p}. It's {}.|got her {p}, its {}|"
        "she's on {p} now. look for {}|Wants contact over {p}. Name: {}.|her {p}:\n{}|"
        "Username\n{}|She has a profile on {p}. You find her as {}.|"
        "her {p} changed from {} to something new|formerly {} on {p}|aka {}|"
        "profile {} on {p} is new|username she gave: {}|the {p} account in question is {}|"
        "warned three women on {p}, among them {}|the one calling herself {} on {p}|"
        "on {p} look for {}, purple picture|her {p} (the new one) is {}|"
        "ask for {} when you open {p}|Her {p} used to be {}|She gave {} as her {p} name|"
        "pls tell {} on {p} that it is in|the girl behind {} on {p} is 17|{p} chat with {}, 25 min|"
        "spoke with {}, who we know from {p}|user {} asked about prep"
    ),
    "nl": (
        "ze is {} op {p}|dat is {} van {p}|heette eerst {} op {p}|Op {p} is haar naam {}.|"
        "op {p} noemt ze zich {}|Ze schreef ons ({p}: {}).|nieuw contact ({} op {p})|"
        "{} (haar {p}) vroeg naar prep|{p}: {}|{p} = {}|gebruikersnaam: {}|haar {p} is {}|"
        "haar profiel op {p} staat onder {}|haar account heet {}|haar {p}-naam is {}|"
        "Voeg haar toe op {p}: {}|je vindt haar op {p} als {}|zoek op {p} naar {}|"
        "stuur {} morgen een berichtje op {p}|post als {} op {p}|is te vinden op {p} als {}|"
        "gebruikt de naam {} op {p}|Ze zit op {p}. De naam daar is {}.|Ze heeft {p}. Het is {}.|"
        "ze zit nu op {p}. zoek naar {}|Wil contact via {p}. Naam: {}.|haar {p}:\n{}|"
        "Gebruikersnaam\n{}|Ze heeft een profiel op {p}. Je vindt haar als {}.|"
        "voorheen {} op {p}|alias {}|profiel {} op {p} is nieuw|gebruikersnaam die ze gaf: {}|"
        "drie vrouwen gewaarschuwd op {p}, onder wie {}|die zich {} noemt op {p}|"
        "haar {p} (de nieuwe) is {}|kan iemand {} een berichtje sturen op {p}|"
        "{} geappt via {p}, nog niets|Ze gaf {} als haar naam op {p}|zeg {} op {p} dat het er is|"
        "het meisje achter {} op {p} is 17|gesproken met {}, die we kennen van {p}"
    ),
    "ro": (
        "e {} pe {p}|aia e {} de pe {p}|se numește {} pe {p}|Pe {p} numele ei este {}.|"
        "pe {p} își zice {}|Ne-a scris ({p}: {}).|contact nou ({} pe {p})|"
        "{} (pe {p}) a cerut teste|{p}: {}|{p} = {}|nume de utilizator: {}|{p}-ul ei e {}|"
        "Contul ei e {}.|contul ei se numește {}|numele lui de pe {p} este {}|"
        "Adaug-o pe {p}: {}|o găsiți pe {p} ca {}|căutați pe {p} după {}|scrie la {} pe {p}|"
        "postează ca {} pe {p}|figurează pe {p} ca {}|folosește numele {} pe {p}|"
        "E pe {p}. Numele de acolo e {}.|Are {p}. E {}.|e pe {p} acum. căutați {}|"
        "Vrea contact pe {p}. Nume: {}.|{p} ei:\n{}|Nume de utilizator\n{}|"
        "Are profil pe {p}. O găsiți ca {}.|fostă {} pe {p}|alias {}|profilul {} pe {p} e nou|"
        "numele de utilizator pe care l-a dat: {}|trei femei pe {p}, printre ele {}|nume afișat {}|"
        "{p}-ul ei (cel nou) e {}|{} de pe {p} a întrebat de teste|"
        "a intrat cu numele {} și a plecat|I-am scris lui {} pe {p}|A dat {} ca nume de {p}|"
        "urmăriți-o înapoi pe {} pe {p}|am vorbit cu {}, pe care o știm de pe {p}"
    ),
}
SPELLED = {
    "en": "her {p} is lola dash rose|on {p} as miss dot velvet|see t dot me slash lolarose",
    "nl": "haar {p} is lola streepje roos|op {p} als miss punt velvet|x punt com slash lolaroos",
    "ro": "{p}-ul ei e lola liniuță roz|pe {p} ca miss punct velvet|t punct me slash lolaroz",
}
NOBODYS = {
    "en": (
        "she's active on {p}|She is online on {p} now.|On {p} it is slow today.|{p}: no answer|"
        "{p} - slow evening|her {p} is hacked|Her {p} is private.|She found us on {p} by chance.|"
        "message from people on {p}|banned from {p}|search {p} for new ads|"
        "works as an escort on {p}|"
        "Her profile was blocked.|Account is made|her user name was stolen|username: none given|"
        "registered as self employed|Ask on {p} or by e-mail.|post with #HIVtestweek on {p}|"
        "our {p} account is @netreachproject|the project's {p} is netreach|follow DGASPC on {p}|"
        "Message Terrence Higgins Trust on {p}.|see the rules at onlyfans.com/terms|"
        "adultwork.com was down|leaflet_v2.pdf sent on {p}|mail info@netreach.org|"
        "leaflet at netreach.org/advice|the hep_b vaccine|form_14b|"
        "Look at the {p} guide before June|"
        "We follow twenty escorts on {p}|Message from {p}: our page broke the rules|"
        "She deleted {p} after the threats|Handle disputes calmly"
    ),
    "nl": (
        "hij is actief op {p}|Ze is nu online op {p}.|op {p} is ze stil|Op {p} is ze erg actief.|"
        "{p}: geen antwoord|{p} - rustige avond|haar {p} is gehackt|haar {p} is privé|"
        "Contact via {p} was kort.|zoek op {p} naar advertenties|ze werkt als escort op {p}|"
        "haar profiel staat onder controle|Account is gemaakt|haar gebruikersnaam is gestolen|"
        "gebruikersnaam: geen|geregistreerd als dakloos|bericht met #soatestweek op {p}|"
        "ons {p}-account is @netreachproject|de {p} van het project is netreach|volg PROUD op {p}|"
        "kinky.nl is duurder geworden|zie @GGDamsterdam|de hep_b-prik|folder_v2.pdf gestuurd|"
        "mail info@netreach.org|folder op netreach.org/contact|{p} zit vol met tijdverspillers|"
        "ze is oké op {p}|Bericht van {p}: onze pagina is weg|hij werd via {p} haar pooier|"
        "{p} gesprek eindigde vroeg|woning zoeken op {p}|omdat {p} haar profiel verborg"
    ),
    "ro": (
        "e activ pe {p}|Acum e online pe {p}, zice.|Pe {p} e liniște azi.|{p}: niciun răspuns|"
        "{p} nu merge iar|{p}-ul ei e spart|{p}-ul ei e privat|caută pe {p} anunțuri noi|"
        "lucrează ca escortă pe {p}|Contul este creat|i s-a furat numele de utilizator|"
        "utilizator: nenotat|înregistrată ca șomeră|Snapchat și Kik sunt riscante.|"
        "două pe {p}, una pe chat|postare cu #testareHIV pe {p}|"
        "contul nostru de {p} este @netreachproject|{p}-ul proiectului e netreach|"
        "urmăriți DGASPC pe {p}|vedeți @arasromania|pliant_v2.pdf trimis|mail info@netreach.org|"
        "asistența {p} e inutilă|Seară pe {p}: sănătate sexuală|ghidul de {p} înainte să postezi"
    ),
}


@pytest.mark.parametrize("language", TOLD)
def test_an_account_is_found_in_whatever_order_it_is_told(language: str) -> None:
    texts = [
        (told.replace("{p}", platform).replace("{}", name), name)
        for told, name, platform in product(
            TOLD[language].split("|"), NAMES[language], PLATFORMS[language]
        )
    ]
    assert [text for text, name in texts if not _found(text, name, language)] == []


@pytest.mark.parametrize("language", SPELLED)
def test_an_account_is_found_whose_signs_are_words(language: str) -> None:
    texts = _on_each(SPELLED[language], language)
    assert [text for text in texts if not findings(text, language)] == []


@pytest.mark.parametrize(
    "text", ["sent lola_92.jpg", "mia_rose.pdf", "@healthygirl", "@nhs_lola92"]
)
def test_somebody_is_found_whose_account_looks_like_a_file_or_an_office(text: str) -> None:
    assert findings(text)


@pytest.mark.parametrize("language", NOBODYS)
def test_what_is_said_of_accounts_and_what_is_an_organisations_is_left_alone(language: str) -> None:
    texts = _on_each(NOBODYS[language], language)
    assert [text for text in texts if findings(text, language)] == []


def _on_each(texts: str, language: str) -> list[str]:
    each = product(texts.split("|"), PLATFORMS[language])
    return [text.replace("{p}", platform) for text, platform in each]


def _found(text: str, name: str, language: str) -> bool:
    start = text.index(name)
    end = start + len(name)
    return any(one.start < end and one.end > start for one in findings(text, language))
