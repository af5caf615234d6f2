"""Telephone numbers and births in pieces, as people tell them; and what is alike and none."""

from itertools import product

import pytest

from federation.screen.rules import findings

MOBILES = {"en": "07700900128", "nl": "0655443322", "ro": "0721900128"}
DIGITS = {
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "nl": ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"],
    "ro": ["zero", "unu", "doi", "trei", "patru", "cinci", "șase", "șapte", "opt", "nouă"],
}
PIECES = {
    "en": (
        "part 1: {} part 2: {}|{} is the start, {} is the end|front {} back {}|"
        "first {} she said, later {}|"
        "{}... I missed it, then she typed {}|{} plus {}"
    ),
    "nl": (
        "deel 1: {} deel 2: {}|{} is het begin, {} het einde|voor {} achter {}|"
        "{} en toen {}|{} dan komt {}"
    ),
    "ro": (
        "partea 1: {} partea 2: {}|{} e începutul, {} e sfârșitul|în față {} în spate {}|"
        "{} după care {}|"
        "întâi {} a zis, mai târziu {}"
    ),
}
TURNED = {
    "en": "{} at the end, {} in front|the last digits are {}, the first {}",
    "nl": "{} op het eind, {} vooraan|laatste cijfers {}, eerste {}",
    "ro": "{} la final, {} la început|ultimele cifre {}, primele {}",
}
BACKWARDS = {
    "en": "backwards {}|{} (reversed)|read it back to front: {}",
    "nl": "achterstevoren {}|{} (omgekeerd)|andersom: {}",
    "ro": "invers {}|{} (inversat)|citit de la coadă la cap {}",
}
ABROAD = {
    "en": (
        "her Colombian number is 310/1394701|sim from the Philippines: 09171830997|"
        "mobile 0660 987 6543"
    ),
    "nl": (
        "haar Filipijnse nummer is 0917/1948048|Spaanse sim: 697/970885|"
        "Bulgaarse mobiel 0878 752345"
    ),
    "ro": (
        "sim filipinez: 09171830997|număr german 0160 555 08166|"
        "sună de pe un telefon columbian, 310 1394701"
    ),
}
HIDDEN = "077009?0128|0655 44 33 2x|0780642*41"
BIRTHS = {
    "en": (
        "born in '90 on 12 July|88 baby, birthday 12 Oct|born year 1988, month June, day 8|"
        "turns 43 on 12 July|"
        "birthday 4 October, turning 40|is 33 and her birthday is 10 June|b. 18 Jul '05|"
        "DOB 2210 1976|"
        "040795 is her date of birth|born 1974 on 4/6"
    ),
    "nl": (
        "jarig 22 januari, geboren 92|geboortejaar 1993, verjaardag 18 nov|ze wordt 10 juni 33|"
        "jarig op 24 januari, wordt 26|haar 33e verjaardag is op 10 juni|"
        "1974 op 4-6 is haar geboortedatum|"
        "geb drie februari drie en negentig|geb.dat. 0310 1976|uit '91, jarig 4 mei"
    ),
    "ro": (
        "anul nașterii 88, luna iunie, ziua 8|ziua ei e pe 4 mai, născută în 91|e din '91, 4 mai|"
        "împlinește 39 pe 3 decembrie|pe 5 octombrie împlinește 50 de ani|"
        "născută pe șapteșpe iulie 1990|"
        "data nașterii trecută: 061268"
    ),
}
NOBODYS = {
    "en": (
        "born in May 1995|her birthday is in March, she is 33|"
        "birthday party of the project 14 December 2024|"
        "33 contacts on 10 June|the chat turned 3 in May|"
        "gave her the number of the clinic: 0800 480 552|"
        "our office number 020 7197 2249|invoice 20260114 was paid|a grid of 6x4, 796x158|"
        "visa, 123456 people applied|"
        "Zoom meeting ID 823 4455 1234|in 2016, 2020 and 2024|"
        "fixed number of the clinic is 0113 264 1234"
    ),
    "nl": (
        "geboren in januari 2000|jarig in mei, ze is 33|ons kantoor 030-2608765|balie 020 504 6486|"
        "het vaste nummer van de ggd is 010 4778193|paspoort geldig tot 17 november 2024|"
        "de chat werd 3 in mei|"
        "bestelnummer 482193|telefoonnummer 0800-0113|kamers 100, 282 en 397"
    ),
    "ro": (
        "născută în iunie 1996|ziua ei e în mai, are 33 de ani|biroul nostru: 0264 404 463|"
        "secretariat 0256-423788|"
        "sună la primărie, 0264 458 804|HG nr. 135/2016|cod comandă pliante 167244|"
        "nr. de inventar 004512|"
        "între 4586 și 20961|total 595243 accesări"
    ),
}


def _missed(texts: list[str], language: str) -> list[str]:
    return [text for text in texts if not findings(text, language)]


@pytest.mark.parametrize("language", MOBILES)
def test_a_number_in_two_pieces_is_found_in_figures_and_in_words(language: str) -> None:
    digits, words = MOBILES[language], [DIGITS[language][int(one)] for one in MOBILES[language]]
    texts = []
    for at in (4, 5, 6):
        front, back = digits[:at], digits[at:]
        told = " ".join(words[:at]), " ".join(words[at:])
        for frame in PIECES[language].split("|"):
            texts += [frame.format(front, back), frame.format(*told), frame.format(front, told[1])]
        for frame in TURNED[language].split("|"):
            texts += [frame.format(back, front), frame.format(told[1], told[0])]
    assert _missed(texts, language) == []


@pytest.mark.parametrize("language", MOBILES)
def test_a_number_told_backwards_is_found(language: str) -> None:
    digits = MOBILES[language][::-1]
    shapes = (digits, f"{digits[:4]} {digits[4:6]} {digits[6:]}")
    frames = BACKWARDS[language].split("|")
    texts = [frame.format(shape) for frame, shape in product(frames, shapes)]
    assert _missed(texts, language) == []


@pytest.mark.parametrize("language", ABROAD)
def test_a_number_is_found_as_it_is_dialled_abroad(language: str) -> None:
    assert _missed(ABROAD[language].split("|"), language) == []


def test_a_number_of_which_a_figure_is_hidden_is_found() -> None:
    assert _missed(HIDDEN.split("|"), "en") == []


@pytest.mark.parametrize("language", BIRTHS)
def test_a_birth_in_pieces_or_by_the_age_it_brings_is_found(language: str) -> None:
    assert _missed(BIRTHS[language].split("|"), language) == []


@pytest.mark.parametrize("language", NOBODYS)
def test_what_is_alike_and_nobodys_is_left_alone(language: str) -> None:
    assert [text for text in NOBODYS[language].split("|") if findings(text, language)] == []


BESIDE = {
    "en": (
        "age 34, {}, prefers evenings|paid £80, {}|clinic will call {} on 12/05|"
        "GP surgery has {} on file|"
        "told the clinic to ring {} between 9 and 11|hostel reception takes messages, own phone {}|"
        "Samaritans 116 123, hers {}|room 204 {}|12/05/2026 {}"
    ),
    "nl": (
        "34 jaar, {}, liever laat|betaalde €80, {}|ggd belt {} op 12-05|"
        "hulplijn 0800-0113, zelf {}|"
        "ggd gevraagd {} te bellen tussen 9 en 11|"
        "balie neemt berichten aan, eigen telefoon {}|kamer 204 {}"
    ),
    "ro": (
        "34 de ani, {}, seara|a plătit 80 lei, {}|clinica sună la {} pe 12.05|"
        "linia 0800 500 333, al ei {}|"
        "am rugat clinica să sune la {} între 9 și 11|camera 204 {}"
    ),
}
FIXED = {"en": "0113 264 1234", "nl": "030-2608765", "ro": "0264 404 463"}


@pytest.mark.parametrize("language", BESIDE)
def test_a_number_is_found_beside_sums_ages_lines_and_who_is_to_call_it(language: str) -> None:
    numbers = (MOBILES[language], FIXED[language])
    frames = BESIDE[language].split("|")
    texts = [frame.format(number) for frame, number in product(frames, numbers)]
    assert _missed(texts, language) == []


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            "zero eight nine fiev nine two seven two six eight|077855545684 is hers|O77 6O OS244l",
        ),
        ("nl", "nul zes één vier vifj zeven drie drie twee acht|app 031639309464|O62-IB5-3I23"),
        ("ro", "zero șapte cinci opt zero patur nouă opt cinci zero|sim bulgăresc: 0882 632774"),
    ],
)
def test_a_number_is_found_with_a_slip_in_a_word_or_a_figure_too_many(
    language: str, texts: str
) -> None:
    assert _missed(texts.split("|"), language) == []


OFFICES = {
    "en": (
        "the jobcentre: {}|gave her head office, {}|{} is the needle exchange|"
        "call the library on {}|"
        "signposted to Citizens Advice ({})|MASH, tel {}|{} (the law centre)|"
        "the women's centre - {}, 9 to 5"
    ),
    "nl": (
        "{} (UWV)|bel de vakbond op {}|verwezen naar de ambassade ({})|{} is de helpdesk|"
        "doorverwezen naar het Leger des Heils, {}|stichting Open Deur: {}|gaf haar de balie, {}"
    ),
    "ro": (
        "sună la asociația noastră la {}|ARAS: {}|îndrumată la inspectorat, {}|{} e banca|"
        "am trimis-o la DGASPC ({})|numărul de la bibliotecă e {}|biblioteca: {}|"
        "cabinetul - {}, 9-17"
    ),
}
NO_OFFICES = {
    "en": "the library will call {}|her office {}|number for the flat {}|the union has {} on file",
    "nl": "de vakbond belt {}|haar kantoor {}|nummer van de flat {}|de school van haar zoon {}",
    "ro": "banca sună la {}|biroul ei {}|numărul de la apartament {}|școala fiului ei {}",
}


@pytest.mark.parametrize("language", OFFICES)
def test_a_fixed_line_of_whom_it_belongs_to_is_published_and_hers_is_not(language: str) -> None:
    published = [text.format(FIXED[language]) for text in OFFICES[language].split("|")]
    hers = [text.format(FIXED[language]) for text in NO_OFFICES[language].split("|")]
    mobiles = [text.format(MOBILES[language]) for text in OFFICES[language].split("|")]
    assert [text for text in published if findings(text, language)] == []
    assert _missed([*hers, *mobiles], language) == []
