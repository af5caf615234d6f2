"""Where somebody lives, stays or works is found; the same street without somebody is harmless."""

import pytest

from federation.screen.meaning.notes import findings_in_note
from federation.screen.rules import findings

SOMEBODYS = {
    "en": (
        "She lives at 14 Grey Street, Gateshead|she lives at 14 grey street|"
        "her flat is 3b, 27 Westgate Road|she is in room 214 at the Malmaison|"
        "Moved to 9 Saville Row Terrace last week|he's staying at 5 High Street with a friend|"
        "client still living on her own at 41a Rye Hill Close|my address is 12 Elm Ave|"
        "Her new address: flat 6, 80 Heaton Road|went home to 7 Mill Lane|"
        "his house, 22 St Mary's Place, has no heating|she works from 31 Bath Lane|"
        "The woman from Monday lives above the shop at 5 High Street|"
        "19 Leazes Terrace is where she lives|who lived in flat 12, Byker Court|"
        "she is staying in room 8 at the travelodge|lives with her mum and sister at 3 Oak Drive|"
        "staying at the hostel at 66 Dean Street|She's at 14 Grey Street now|"
        "Lives on Grey Street at number 14"
    ),
    "nl": (
        "Ze woont op Kerkstraat 12|ze woont op kerkstraat 12|haar adres is Nieuwe Gracht 4b|"
        "Hij verblijft aan de Jan van Galenstraat 210-3|logeert nu bij haar zus op Wilgenlaan 7|"
        "ze zit op Havenkade 33|haar huis, Molenweg 8, is te koud|woonde op de Oude Singel 51|"
        "ze is verhuisd naar Stationsplein 2|thuisadres: Beukenhof 19|"
        "Op Kerkstraat 12 woont een cliënt alleen|ze werkt vanuit de Lange Dijk 5|"
        "zit in kamer 214 van hotel Zuiderduin, ze wil weg|mijn adres is dorpsstraat 3"
    ),
    "ro": (
        "Locuieste pe Strada Florilor 12, ap. 4|Locuiește pe str. Florilor nr. 12|"
        "stă pe strada florilor 12|sta pe bd. Unirii nr 45, bl. 3, sc. B, ap. 22|"
        "s-a mutat pe Aleea Parcului 7|S-a mutat pe Calea Victoriei 101|"
        "adresa ei este Bulevardul Dacia 9|apartamentul ei, strada Lunga 30|"
        "acasă la ea, pe strada Morii 5|acasa la el pe str. Garii nr. 2|"
        "A stat pe strada Mihai Eminescu 18|stă la bl. 14, sc. 2, ap. 30|"
        "stă în camera 214 la Hotel Continental|locuia pe strada 1 Decembrie 1918 nr. 6|"
        "pe strada Florilor 12, acolo stă|"
        "am fost la ea acasă pe strada Lunga 30|e cazată la Hotel Ibis camera 214"
    ),
}
NOBODYS = {
    "en": (
        "our desk is at 27 Westgate Road|drop-in at 14 Grey Street, Gateshead|"
        "the shop at 5 High Street closes early|room 3 at the office is free|"
        "we meet in room 214|she lives near Grey Street|she lives at number 14|"
        "The van stays at 14 Grey Street until ten|the clinic moved to 14 Grey Street|"
        "Our address is 27 Westgate Road|She lives near the clinic at 14 Grey Street|"
        "she lives in Byker and comes to 14 Grey Street on Tuesdays|"
        "The spare key lives at 27 Westgate Road|she lives 12 minutes from the road|"
        "she was staying 3 nights a week, one way or another|she stays till 9 most evenings|"
        "She is at the clinic at 14 Grey Street until six|her appointment is at 14 Grey Street|"
        "living wage advice at 14 Grey Street|We are staying at 27 Westgate Road another year|"
        "he lives alone, our desk is at 27 Westgate Road|Changing Lives at 14 Grey Street|"
        "she is in room 3 at the office|the nursing home at 7 Mill Lane has a nurse|"
        "moved to 14 Grey Street: the drop-in on Mondays|"
        "lives 2 streets away, 5 doors down the road|"
        "Stay at 14 Grey Street until the late shift ends|that's at 14 Grey Street|"
        "She is on her way to 14 Grey Street|who works at 14 Grey Street tonight?|"
        "they stay open at 14 Grey Street until 9|working at 14 Grey Street: two volunteers|"
        "people living with HIV are seen at 14 Grey Street|he was at the 12 noon close"
    ),
    "nl": (
        "de kliniek aan Kerkstraat 12|ons loket zit op Kerkstraat 12|the clinic at Kerkstraat 12|"
        "het spreekuur verhuist naar Stationsplein 2|ze woont in de Kerkstraat|"
        "ze woont op nummer 12|ze woont vlak bij de Kerkstraat|we zitten op Havenkade 33|"
        "Ze woont bij de kliniek op Kerkstraat 12|ons adres is Molenweg 8|"
        "ze zat op de snelweg 2 uur vast|ze woont in de Kerkstraat 3 jaar|"
        "ze is al weg, 3 dagen geleden|inloop op Wilgenlaan 7, elke dinsdag|"
        "ze woont ver weg en komt naar Kerkstraat 12|de bus staat op Stationsplein 2|"
        "haar afspraak is op Kerkstraat 12|de opvang zit sinds mei op Oude Singel 51|"
        "zij werkt bij de poli op Kerkstraat 12|kamer 3 op kantoor is vrij|"
        "ze zit in kamer 3 van het kantoor|het adres is Kerkstraat 12, eerste etage|"
        "de kliniek op Kerkstraat 12 is haar adres voor post|Op Kerkstraat 12 woont niemand meer|"
        "ze zit in de trein naar Stationsplein 2|zit er iemand op Havenkade 33 vanavond?"
    ),
    "ro": (
        "policlinica de pe Strada Florilor 12|biroul nostru e pe strada Florilor 12|"
        "Caravana stă pe Strada Florilor 12 până la zece|cabinetul s-a mutat pe Aleea Parcului 7|"
        "locuiește lângă strada Florilor|stă pe strada Florilor|locuiește la numărul 12|"
        "stă la coadă la policlinica de pe Strada Florilor 12|adresa noastră e strada Morii 5|"
        "stă pe strada asta de 3 luni|locuiește pe strada Florilor de 12 ani|"
        "locuiește departe și vine pe Strada Florilor 12|S-a mutat policlinica pe strada Morii 5|"
        "adresa clinicii: Bulevardul Dacia 9|centrul de pe bd. Unirii nr 45 e deschis|"
        "programarea ei e pe strada Florilor 12|farmacia de pe Calea Victoriei 101|"
        "stă lângă farmacia de pe str. Florilor 12|ne vedem în camera 214|"
        "sala 3 de la birou e liberă|stă bine, ne vedem pe Strada Morii 5|"
        "a stat de vorbă cu noi pe strada Florilor 12|camera 3 la sediu e liberă"
    ),
}


@pytest.mark.parametrize("language", SOMEBODYS)
def test_where_somebody_lives_stays_or_works_is_found(language: str) -> None:
    texts = SOMEBODYS[language].split("|")
    assert [text for text in texts if "address" not in _kinds(text, language)] == []


@pytest.mark.parametrize("language", NOBODYS)
def test_where_an_office_is_and_half_an_address_is_left_alone(language: str) -> None:
    assert [text for text in NOBODYS[language].split("|") if findings(text, language)] == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("She lives at 14 Grey Street, Gateshead", "14 Grey Street"),
        ("her flat is 3b, 27 Westgate Road.", "3b, 27 Westgate Road"),
        ("Op Kerkstraat 12 woont ze", "Kerkstraat 12"),
        ("Ze woont op Nieuwe Kerkstraat 12a nu", "Nieuwe Kerkstraat 12a"),
        ("Locuieste pe Strada Florilor 12, ap. 4", "Strada Florilor 12, ap. 4"),
        ("she is in room 214 at the Malmaison", "room 214 at the Malmaison"),
    ],
)
def test_an_address_is_found_from_its_first_sign_to_its_last(text: str, part: str) -> None:
    assert [(one.kind, text[one.start : one.end]) for one in findings(text)] == [("address", part)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("She lives at 14 Grey Street, Gateshead", "en"),
        ("Ze woont op Kerkstraat 12", "nl"),
        ("Locuiește pe Strada Florilor 12, ap. 4", "ro"),
    ],
)
def test_the_model_that_was_not_taught_addresses_denies_none(text: str, language: str) -> None:
    assert [one.kind for one in findings_in_note(text, language)] == ["address"]


def _kinds(text: str, language: str) -> set[str]:
    return {one.kind for one in findings(text, language)}
