"""Births on days that have names, numbers of papers from abroad, of the police and of cars."""

import pytest

from federation.screen.rules import findings

SOMEBODYS = {
    "en": (
        "born on New Year's Day '99|DOB Christmas Eve, 1984|her birthday is Boxing Day, born 1976|"
        "DOB day=11 month=2 year=65|born the 13th of the 2nd, 1981|"
        "logged by police as 4382 of 12/05|"
        "CAD 4055/12MAY26|police log 4431 of 12 May|court case R24XN582|plate was yl12 gpw|"
        "car reg dx71 wdh|"
        "client no 4471|incident no 2231|her DOB is fourth fifth ninety-one|"
        "she'll turn 35 next 4 May|"
        "her CPF is 532.765.906-90|papers say 1-2857-12824-36-1|"
        "prisoner number, I have it here, is PA79958|"
        "on her letter: clinic number 933346|account no., I have it here, is 26686473|"
        "6002182 is her UC claim number"
    ),
    "nl": (
        "geboren op oudejaarsdag 1976|jarig op kerstavond, geboren '85|"
        "geboren de 21e van de 3e, 1993|"
        "zaaknummer 4471|kenteken RK 482 B|rk482b is zijn kenteken|"
        "aangifte 4990 van 12 mei 2026|melding 4769 van 12 mei bij de politie|"
        "rijdt blauwe golf b-856-za|"
        "kenteken fh-312-p|postcode 1035 be|postcode van haar werk 8002 le|"
        "studentnummer heeft ze bij zich, het is 622402|"
        "lidmaatschapsnummer 107576"
    ),
    "ro": (
        "născută de Crăciun în '87|ziua ei e de Revelion, născută în 1965|"
        "născută pe 15 a lunii a 4-a, 1974|"
        "plângerea 4757 din 12 mai|dosar 4086 din 12 mai|mașina lui e cj-12pfh|"
        "clienta 15.07.76 a cerut|"
        "polița ei 6697122|nr. dosar penal\n494/P/2026|Constanța, 014 787 - 2 pliante|Cluj 015.830|"
        "dosar nr 4471|zero șapte douășcinci treișcinci optzeci 12|"
        "07 douăș'doi, treij'cinci, 18 19|"
        "zero șapte cinzeci și unu, trei zerouri, patru doi|"
        "RO32 RNCB M62L GCF8 NMPK 32TJ"
    ),
}
NOBODYS = {
    "en": (
        "closed Christmas Day 2026, open on Boxing Day|rang police 101 on 12 May|"
        "IP range 10.3.92.0|"
        "NHS line 0300 330 0630|room number 252382|the asset number is 404030|"
        "job number 495828|study number 894 241|"
        "a record number 1200 of contacts|case no 3 of 12|client number 12 tonight|"
        "petition no 2026-3657|leaflet v40.41 (36 pages)|number of views 123456|Session 38 of 24"
    ),
    "nl": (
        "dicht eerste kerstdag 2026, open op tweede kerstdag|perronnummer 150488|"
        "vacaturenummer is 2026-1788|"
        "open van 8 tot 9|registratienummer van de stichting 457448|"
        "inventarisnummer 237269|folder v40.41 (36 blz.)|postcode 1012 of 1013|"
        "postcode 1012 en omgeving"
    ),
    "ro": (
        "închis de Crăciun 2026, deschis marți|cod produs: 452982|cod ușă: 448597|"
        "nr. raport e 478173|"
        "nr. licitație: 821 697|cod promoțional 1769926|pliant v57.43 (37 pagini)|"
        "dosar: 120 din 12 cazuri"
    ),
}


@pytest.mark.parametrize("language", SOMEBODYS)
def test_what_is_somebodys_is_found(language: str) -> None:
    assert [text for text in SOMEBODYS[language].split("|") if not findings(text, language)] == []


@pytest.mark.parametrize("language", NOBODYS)
def test_what_is_a_things_or_a_days_is_left_alone(language: str) -> None:
    assert [text for text in NOBODYS[language].split("|") if findings(text, language)] == []
