"""Saints, streets, clinics and shops that are called after somebody."""

import re

SAINT = re.compile(
    r"\b(?:het|pill|pil|pilula|pastila|merk|brand|app|aplica[țţ]ia|film|filmul|boek|cartea|song|ship|St|Saint|San|Santa|S[ãa]o|Sint|Sf|Sf[âa]nt(?:ul|a)?|Queen|King|Prince|Princess|Prins|Prinses|Lord|Pope|Koning|Koningin|Regele|Regina"
    r"|Mo[șş]|proiectul|programul|ONG-ul|ad[ăa]postul|campania|platforma|compania|ziarul|revista|emisiunea|postul|supermarketul|charity|campaign|magazine|supermarket|festival|vereniging|campagne|inloophuis|supermarkt|krant|Sf[âa]ntu|Sfin[țţt]ii|Sfin[țţt]ilor|Sfintei|Sf[âa]ntului|Sta[țt]ia|Autogara|Podul|Complexul|Cinema|Teatrul|Universitatea|Colegiul|C[ăa]minul|Mall|Magazinul|Farmacia|Restaurantul|Barul|Salonul|Hanul|Cabana|Pensiunea|Motelul|M[ăa]n[ăa]stirea|Catedrala|Capela|Cimitirul|Lacul|Muntele|Halte|Metrostation|Storm|Hurricane|Hotel|Caf[ée]|Club|Sauna|Bar|Radio|Stichting|Huize|Station|Ziekenhuis|Kliniek|Operation|Project|Casa|Villa|Vila|Ad[ăa]postul|Radio|Str|Strada|Calea"
    r"|Bulevardul|B-dul|Bd|Pia[țţt]a|Aleea|[ȘŞS]oseaua|Parcul|Spitalul|Liceul|[ȘŞS]coala|Biserica|Gara|Funda[țţt]ia|Asocia[țţt]ia|Clinica"
    r"|Institutul|Legea|Maternitatea|Centrul|Metrou|satul|comuna|ora[șşs]ul|cartierul|jude[țţt]ul)\.?\s(?:[^\W\d_]{1,20}\s)?\Z|\bSfin[țţt]ii\s[^\W\d_]{2,20}\s[șşs]i\s\Z",
    re.IGNORECASE,
)
OF_PUBLIC_LIFE = re.compile(
    r"\b(?:Marie Stopes|Terrence Higgins|Mary Seacole|Florence Nightingale|Elizabeth Garrett|Josephine Butler|Anne Frank|Martin Luther|Matei Bal[șs]"
    r"|Victor Babe[șs]|Marius Nasta|Ana Aslan|Ana Ip[ăa]tescu|Mihai Viteazu\w*|Alexandru Ioan|Regina Maria|Maria Magdalena|Albert Heijn|Albert Cuyp|Anton de Kom"
    r"|Johan Cruij?ff|Charlie Gard|Clare's Law|Sarah's Law|Helen's Law|Jack Wills|Paul Smith|Thomas Cook|John Lewis|Marks & Spencer|George Square|Sarah Everard|Jamie Oliver|Alba Iulia|Turnu Severin|Sf[âa]ntul? Gheorghe|Maria[ -](?:Ten)?[Hh]emel|Dr\.? (?:Max|Oetker)|Jack Daniel|Captain Morgan|Johnnie Walker|Jip[ -]en[ -]Janneke|Max Havelaar|Ion Creang[ăa]|Mihai Eminescu|Nicolae B[ăa]lcescu|Tudor Vladimirescu|Avram Iancu|[ȘS]tefan cel Mare|Iuliu Maniu|Vasile Alecsandri"
    r"|George Enescu|Lucian Blaga|Carol Davila|Nicolae Titulescu|Spiru Haret|Traian Vuia|Aurel Vlaicu|Iuliu Ha[țt]ieganu|Grigore Alexandrescu|Marie Curie|Mihail Kog[ăa]lniceanu|Constantin Br[âa]ncoveanu)"
)
"""Clinics, laws, streets and shops that are called after somebody."""
