"""Saints, streets, clinics and shops that are called after somebody."""

import re

SAINT = re.compile(
    r"\b(?:pill|pil|pilula|pastila|merk|brand|(?:the|an|de|een|this|our|new|nieuwe)\sapp|aplica[țţ]ia|film|filmul|boek|cartea|song|ship|St|Saint|San|Santa|S[ãa]o|Sint|Sf|Sf[âa]nt(?:ul|a)?|Queen|King|Prince|Princess|Prins|Prinses|Lord|Pope|Koning|Koningin|Regele|Regina"
    r"|Mo[șş]|proiectul|programul|ONG-ul|ad[ăa]postul|campania|platforma|compania|ziarul|revista|emisiunea|postul|supermarketul|charity|campaign|magazine|supermarket|festival|vereniging|campagne|inloophuis|supermarkt|krant|Sf[âa]ntu|Sfin[țţt]ii|Sfin[țţt]ilor|Sfintei|Sf[âa]ntului|Sta[țt]ia|Autogara|Prim[ăa]ria|Consiliul|Tribunalul|Judec[ăa]toria|tankstation|benzinepomp|pompstation|benzin[ăa]ria|Petrom|Podul|Complexul|Cinema|Teatrul|Universitatea|Colegiul|C[ăa]minul|Mall|Magazinul|Farmacia|Restaurantul|Barul|Salonul|Hanul|Cabana|Pensiunea|Motelul|M[ăa]n[ăa]stirea|Catedrala|Capela|Cimitirul|Lacul|Muntele|Halte|Metrostation|Storm|Hurricane|Hotel|Caf[ée]|Club|Sauna|Bar|Radio|Stichting|Huize|Station|Ziekenhuis|Kliniek|Operation|Project|Casa|Villa|Vila|Ad[ăa]postul|Radio|Str|Strada|Calea"
    r"|Bulevardul|B-dul|Bd|Pia[țţt]a|Aleea|[ȘŞS]oseaua|Parcul|Spitalul|Liceul|[ȘŞS]coala|Biserica|Gara|Funda[țţt]ia|Asocia[țţt]ia|Clinica"
    r"|Institutul|Legea|salat[ăa]|supa|ceaiul|motel|statuia|placa|bustul|cofet[ăa]ria|crema|testul|furtuna|penitenciarul|terasa|complexul|campusul|trupa|forma[țt]ia|c[âa]ntecul|concertul|magazinul|revista|cafenea(?:ua)?|patiseria|brut[ăa]ria|Caf[ée]neaua|Maternitatea|Centrul|Metrou|satul|comuna|ora[șşs]ul|cartierul|jude[țţt]ul)\.?\s(?:(?:(?-i:[A-ZÀ-ÞȘȚĂÎ])[^\W\d_]{1,20}|called|named|the|de|la|genaamd|heet|numit[ăa]?|cu|hramul)\s)?\Z|\bhet\s\Z|\b(?:legea|podul|emisiunea|filmul|cartea|statuia|c[âa]ntecul|concertul|muzica|opera|piesa|colindul)\slui\s\Z|\bSfin[țţt]ii\s[^\W\d_]{2,20}\s[șşs]i\s\Z",
    re.IGNORECASE,
)
OF_PUBLIC_LIFE = re.compile(
    r"\b(?:Marie Stopes|Terrence Higgins|Mary Seacole|Florence Nightingale|Elizabeth Garrett|Josephine Butler|Anne Frank|Martin Luther|Matei Bal[șs]"
    r"|Victor Babe[șs]|Marius Nasta|Ana Aslan|Ana Ip[ăa]tescu|Mihai Viteazu\w*|Alexandru Ioan|Regina Maria|Maria Magdalena|Albert Heijn|Albert Cuyp|Anton de Kom"
    r"|Johan Cruij?ff|Charlie Gard|Clare's Law|Sarah's Law|Helen's Law|Jack Wills|Harry Potter|Matei Corvin|Iulia Hasdeu|Petre Ispirescu|Doamna Ghica|Doamna Stanca|Victoria Beckham|Maarten Luther|Dan Diaconescu|[A-ZȘȚ]\w{2,12} cel (?:Mare|B[ăa]tr[âa]n|Frumos|Bun|R[ăa]u)|Willem II|Maria Middelares|Antoni van Leeuwenhoek|Traian Popovici|Adam [șs]i Eva|Toma necredinciosul|Dan Sp[ăa]taru|Albert Dock|Alexandra Palace|Door of Hope|Florin Piersic|Ana are mere|Horia, Clo[șs]ca|Decebal|Ask Frank|Talk to Frank|Christmas Eve|New Year's Eve|M[áa]xima Centrum|Prinses M[áa]xima|Moeder Teresa|Mother Teresa|Maica Tereza|Den Haag|Den Helder|Den Bosch|Ten Boer|De Bilt|De Kwakel|Bridget Jones|James Bond|Anna Paulowna|Mihai Bravu|Ana Pan|Drumul Taberei|Dr\.? Taberei|Ion Mihalache|Prins Hendrik|Anne Summers|Ann Summers|Holland & Barrett|Stephen Lawrence|Emma Humphreys|Laura Ashley|Calvin Klein|Tommy Hilfiger|Ben & Jerry|Uncle Ben|Victoria's Secret|Lidia House|Johan de Witt|Willem de Zwijger|Willem Arntsz|Emma Kinderziekenhuis|Sophia Kinderziekenhuis|Pieter Baan|Maria Sk[łl]odowska|Louis Vuitton|Steve Jobs|Elon Musk|Donald Trump|Taylor Swift|Justin Bieber|Kees Verhoeven|Piet Hein|Jan van Galen|Jan Evertsen|Frans Hals|Vincent van Gogh|Paul Smith|Thomas Cook|John Lewis|Marks & Spencer|George Square|Sarah Everard|Jamie Oliver|Alba Iulia|Turnu Severin|Sf[âa]ntul? Gheorghe|Maria[ -](?:Ten)?[Hh]emel|Dr\.? (?:Max|Oetker)|Jack Daniel|Captain Morgan|Johnnie Walker|Jip[ -]en[ -]Janneke|Max Havelaar|Ion Creang[ăa]|Mihai Eminescu|Nicolae B[ăa]lcescu|Tudor Vladimirescu|Avram Iancu|[ȘS]tefan cel Mare|Iuliu Maniu|Vasile Alecsandri"
    r"|George Enescu|Lucian Blaga|Carol Davila|Nicolae Titulescu|Spiru Haret|Traian Vuia|Aurel Vlaicu|Iuliu Ha[țt]ieganu|Grigore Alexandrescu|Marie Curie|Mihail Kog[ăa]lniceanu|Constantin Br[âa]ncoveanu)"
)
"""Clinics, laws, streets and shops that are called after somebody."""
NO_PERSON = re.compile(
    r"\.?(?:,|\s?[-/]|\s(?:en|and|[șs]i|t/m|to|tot))\s?(?i:feb|mrt|mar|apr|febr)\b|\s(?:from|by|to)\s[0-9]|(?:,?\s(?:col[țt]|bulevard|str\.|sta[țt]ia)|,\s(?:the|a|de|het|een|o|un)\s(?:\w{3,12}\s)?(?:shelter|clinic|project|charity|service|app|site|helpline|opvang|kliniek|dienst|stichting|ad[ăa]post\w*|asocia[țt]i\w*|clinic[ăa])\b|(?:['’]s|(?<=['’]s))\s(?:[A-Z]\w{0,19}[a-z]\w{0,19}|laws?|bar|caf[ée]|kitchen|bakery|salon|shop|day|tea|oil|arms|head)\b|(?<!['’]s)\s(?:[A-Z]\w{1,20}\s)?(?i:street|road|avenue|lane|house|hospital|clinic|centre|center|trust|foundation|university"
    r"|college|school|station|square|park|project|council|act|law|award|day|group|community|leader|laws|tea|oil|institute|service|services|singers|concert|line|church|theatre|bridge|estate|gardens"
    r"|straat|laan|plein|ziekenhuis|huis|stichting|spital|strada|universitate\w*)\b)",
)
"""What follows a month, a law, a street or a shop rather than somebody."""
OF_AN_OFFICE = re.compile(
    r"\s(?:&|(?:[A-Z]\w+\s)?(?:House|Centre|Center|Project|Trust|Alert|Foundation|Fund|Day|Act|Team|Group|Court|Hotel|Bar|Club|Caf[ée]|Church|Union|Housing|Hostel"
    r"|Support|Services?|Line|Helpline|Week|Month|Close|Gate|Towers?|Rooms?|Sauna|Spa|Massage|Lounge|Bay|Island|City|Kliniek|Huis|Centrum|Fonds|Dag|Period|Scheme|Programme"
    r"|Network|Alliance|Partnership|Charity|Health|Care|Women|Girls|Meth|Palace|Hall|Lodge|Inn|Arms|Buildings?|Estate|Village|Beach|Hill|Bridge|Ward|Unit|Building)\b)"
)
