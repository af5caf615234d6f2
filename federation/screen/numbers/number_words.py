"""Digits that somebody spelled, in English, Dutch and Romanian."""

DIGITS = {
    "0": "zero oh nought naught nil nul zerou ziro zeero",
    "1": "one een één ene unu una un",
    "2": "two twee doi doua două",
    "3": "three drie trei",
    "4": "four vier patru",
    "5": "five vijf cinci",
    "6": "six zes sase șase şase",
    "7": "seven zeven zeuven sapte șapte şapte",
    "8": "eight acht opt",
    "9": "nine negen noua nouă",
    "10": "ten tien zece",
    "11": "eleven elf unsprezece unspe unșpe",
    "12": "twelve twaalf doisprezece douăsprezece douasprezece doispe doișpe douaspe",
    "13": "thirteen dertien treisprezece treispe treișpe",
    "14": "fourteen veertien paisprezece paispe paișpe",
    "15": "fifteen vijftien cincisprezece cinspe cinșpe cincispe",
    "16": "sixteen zestien saisprezece șaisprezece saispe șaișpe",
    "17": "seventeen zeventien saptesprezece șaptesprezece saptespe șapteșpe saptispe",
    "18": "eighteen achttien optsprezece optispe optișpe optspe",
    "19": "nineteen negentien nouasprezece nouăsprezece nouaspe nouășpe",
    "20": "twenty twintig douazeci douăzeci",
    "30": "thirty dertig treizeci",
    "40": "forty fourty veertig patruzeci",
    "50": "fifty vijftig cincizeci",
    "60": "sixty zestig saizeci șaizeci",
    "70": "seventy zeventig saptezeci șaptezeci",
    "80": "eighty tachtig optzeci",
    "90": "ninety negentig nouazeci nouăzeci",
    "00": "hundred honderd sute sută suta",
    "06": "nulzes",
    "07": "zeroșapte zerosapte ohseven zeroseven",
}
SPELLED = {word: digits for digits, words in DIGITS.items() for word in words.split()}
PLURALS = {
    f"{word}{end}": digit
    for digit, words in DIGITS.items()
    if len(digit) == 1
    for word, end in ((word, "es" if word.endswith(("o", "x")) else "s") for word in words.split())
}
PLURALS |= {"nullen": "0", "zerouri": "0"}
"""The sevens of `two sevens`."""
REPEATING = frozenset("times keer maal ori".split())
"""Between how often a digit stands and the digit: `twee keer zeven`, `de două ori șapte`."""
HUNDREDS = "00"
TIMES = {
    "double": 2,
    "dubbel": 2,
    "dubbele": 2,
    "dublu": 2,
    "triple": 3,
    "treble": 3,
    "driedubbel": 3,
    "tripel": 3,
    "triplu": 3,
    "tripla": 3,
    "tripele": 3,
    "drievoudig": 3,
    "quadruple": 4,
    "dubla": 2,
    "dublă": 2,
    "twin": 2,
    "tweemaal": 2,
    "driemaal": 3,
}
_ROMANIAN_TENS = {
    "2": "douăzeci douazeci douăș douas", "3": "treizeci treij treiș treis", "4": "patruzeci patruș patrus",
    "5": "cincizeci cinzeci cinciș", "6": "șaizeci saizeci șaiș", "7": "șaptezeci saptezeci șapteș",
    "8": "optzeci optș", "9": "nouăzeci nouazeci nouăș nouas",
}  # fmt: skip
_ROMANIAN_ONES = {
    "1": "unu", "2": "doi două doua", "3": "trei", "4": "patru", "5": "cinci", "6": "șase sase",
    "7": "șapte sapte", "8": "opt", "9": "nouă noua",
}  # fmt: skip
SPELLED |= {
    f"{ten}{joint}{one}": f"{tens}{ones}"
    for tens, words in _ROMANIAN_TENS.items()
    for ten in words.split()
    for ones, said in _ROMANIAN_ONES.items()
    for one in said.split()
    for joint in ("", "și", "si")
}
SPELLED |= {ten: f"{tens}0" for tens, words in _ROMANIAN_TENS.items() for ten in words.split()}
SPELLED |= {
    f"{word.removesuffix('zece')}ce": digits
    for word, digits in [*SPELLED.items()]
    if word.endswith("sprezece")
}
"""As one says them in haste: douășcinci, paisprece."""
JOINING = {"and", "en", "și", "si", "şi"}
PLUS = {"plus"}
_UNITS = {"een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7}
_UNITS |= {"acht": 8, "negen": 9}
_TENS = {"twintig": 2, "dertig": 3, "veertig": 4, "vijftig": 5, "zestig": 6, "zeventig": 7}
_TENS |= {"tachtig": 8, "negentig": 9}
SPELLED |= {
    f"{unit}{joint}{ten}": f"{tens}{ones}"
    for unit, ones in _UNITS.items()
    for ten, tens in _TENS.items()
    for joint in ("en", "ën")
}
SPELLED |= {f"{unit}honderd": f"{ones}00" for unit, ones in _UNITS.items()}
_DUTCH_TEENS = {
    "tien": 10, "elf": 11, "twaalf": 12, "dertien": 13, "veertien": 14, "vijftien": 15,
    "zestien": 16, "zeventien": 17, "achttien": 18, "negentien": 19,
}  # fmt: skip
BELOW_A_HUNDRED = {
    **{unit: f"0{ones}" for unit, ones in _UNITS.items()},
    **{word: str(number) for word, number in _DUTCH_TEENS.items()},
    **{ten: f"{tens}0" for ten, tens in _TENS.items()},
    **{
        f"{unit}{joint}{ten}": f"{tens}{ones}"
        for unit, ones in _UNITS.items()
        for ten, tens in _TENS.items()
        for joint in ("en", "ën")
    },
}
SPELLED |= {
    f"{unit}honderd{joint}{word}": f"{ones}{digits}"
    for unit, ones in {**_UNITS, "": 1}.items()
    for word, digits in BELOW_A_HUNDRED.items()
    for joint in ("", "en")
}
"""In Dutch one writes zeshonderdvijfenvijftig in one word."""
BETWEEN_PARTS = frozenset(
    """
    half second other helft tweede andere jumătate jumatate doua cealaltă
    the rest is are of it its a number that then and followed by next after comes ends end ending in with last first
    digits part begins starts goes on continues dot dash space slash hyphen point pause wait
    de het die rest is zijn daarna dan en gevolgd door eindigt op met vervolgens nummer laatste streepje spatie punt pauze
    cijfers deel begint gaat verder met eerst ook nog
    restul e este sunt apoi si și şi urmat urmate de se termina termină cu in în dupa după aceea numarul numărul ultimele
    cifre continua continuă liniuta liniuță punct spatiu spațiu linie pauza pauză
    """.split()
)
"""What somebody says between two parts of one number: it starts 07700, the rest is 900 123."""
