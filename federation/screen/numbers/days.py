"""Days, months and years as people tell them in three languages, in figures and in words."""

MONTHS = r"(?:(?:jan|ian|feb|mar|maa|mrt|mrz|apr|avr|may|mei|mai|maj|jun|iun|jul|iul|aug|sep|okt|oct|nov|noi|noe|dec|dez)[a-zëăâî]{0,8})"
"""By how they begin, since tired people write the rest in many ways."""
ROMAN = r"(?:I{1,3}|IV|VI{0,3}|IX|XI{0,2})"
TEN = (
    r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|oh|hundred|thousand)"
)
ONE = r"(?:one|two|three|four|five|six|seven|eight|nine)"
SPELLED_YEAR = (
    rf"(?:(?:nineteen|twenty|two\sthousand(?:\sand)?)[ -]{TEN}?(?:[ -]?{ONE})?|two\sthousand(?:\sand\s{ONE})?"
    r"|(?:negentien|tweeduizend)[ -]?(?:honderd)?[ -]?(?:en)?\w{0,20}|(?:o\smie\snou[ăa]\ssute|dou[ăa]\smii)(?:\s\w{2,16}){0,3}|nou[ăa]s(?:pre)?zece\s\w{5,12}(?:\s[șşs]i\s\w{3,6})?)"
)
SHORT_YEAR = (
    r"(?:(?:fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"|(?:\w{3,6}(?:[eë]n|\s[eë]n\s))?(?:vijftig|zestig|zeventig|tachtig|negentig)"
    r"|(?:cinci|[șşs]ai|[șşs]apte|opt|nou[ăa])zeci(?:\s[șşs]i\s\w{3,6})?)"
)
"""As one says the year in which somebody was born: ninety-four, tachtig."""
DAY = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth"
    r"|twenty[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirty[ -]first"
    r"|eerste|tweede|derde|vierde|vijfde|zesde|zevende|achtste|negende|tiende|elfde|twaalfde|(?:der|veer|vijf|zes|zeven|ach|negen)t(?:t)?iende|(?:\w{3,5}[eë]n)?twintigste|(?:een[eë]n)?dertigste"
    r"|een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|(?:der|veer|vijf|zes|zeven|ach|negen)t(?:t)?ien|(?:\w{3,5}[eë]n)?twintig|(?:een[eë]n)?dertig"
    r"|[îi]nt[âa]i|unu|doi|trei|patru|cinci|[șşs]ase|[șşs]apte|opt|nou[ăa]|zece|(?:un|doi|dou[ăa]|trei|pai|cinci|[șşs]ai|[șşs]apte|opt|nou[ăa])s(?:pre)?zece"
    r"|(?:un|doi|dou[ăa]|trei|pai|cin|[șşs]ai|[șşs]apte|opt|nou[ăa])[șşs]pe|dou[ăa]zeci(?:\s[șşs]i\s\w{3,6})?|treizeci(?:\s[șşs]i\sunu)?)"
)
FEAST = (
    r"(?:christmas(?:\s(?:day|eve))?|new\syear\W?s(?:\s(?:day|eve))?|boxing\sday|valentine\W?s(?:\sday)?|hallowe\W?en|bonfire\snight"
    r"|(?:(?:eerste|tweede|1e|2e)\s)?kerst(?:dag|avond|mis)|nieuwjaars?(?:dag)?|oud(?:ejaars(?:dag|avond)|\sen\snieuw)|koning(?:s|inne)dag|valentijns?(?:dag)?|sinterklaas(?:avond)?|pakjesavond|dierendag|bevrijdingsdag"
    r"|(?:ziua\sde\s)?cr[ăa]ciun\w*|anul\snou|revelion\w*|ajun\w*|(?:sf\.|sf[âa]ntul)\s(?:valentin|nicolae|andrei|gheorghe|ion)|dragobete\w*|m[ăa]r[țţt]i[sșş]or\w*|ziua\sna[țţt]ional[ăa])"
)
"""Days of the year that everybody knows."""
FIGURES = r"(?:0?[1-9]|[12][0-9]|3[01])"
