"""Words in three languages before or after which a name stands."""

import re

from federation.screen.words.known_names import CAPITALS

QUOTE = r"['\"“”„‘’«»]"

WORD = r"[^\W\d_][^\W\d_'’-]{0,30}(?:['’-][^\W\d_]{1,30})?"
CAPITAL = rf"(?:(?:[OD]['’]|Mc|Mac)?[{CAPITALS}][^\W\d_]{{1,30}}(?:['’-][^\W\d_]{{1,30}})?|[A-Z]\.)"
PARTICLE = r"(?:v\.\s?d\.|v\s?d|vd|v\.|de|van|der|den|ten|ter|te|het|'t|’t|la|le|du|di|da|dos|el|al|ben|bin|von|zu)"
PARTICLES = rf"(?:(?:{PARTICLE}|De|Van|Der|Den|El|Al|Ten|Ter|Von|Ben|Bin|Da|Di|Le|La)\s){{1,3}}"
FULL = rf"(?:{PARTICLES})?{CAPITAL}(?:\s(?:{PARTICLES})?{CAPITAL}){{0,3}}"

_OWN = r"(?:my|her|his|their|our|your)"
_NAME_OF = (
    r"(?:real|full|first|last|given|working|work|stage|escort|trade|trading|online|chat|other|legal|birth|actual"
    r"|advert|ad|profile|true|maiden|family|pet|street|sauna|parlour|professional|new|old|second)"
)
SAID = re.compile(
    rf"""\b(?:
      (?:{_OWN}|the)\s(?:{_NAME_OF}\s){{0,2}}(?:sur|nick)?names?(?:['’]s|\s?(?:is|was|are|were|=|:|being|would\sbe))(?:\s(?:now|really
        |actually|still|apparently|called|something\slike|probably))?
      | (?:name|naam)\s(?:of|van)\s(?:my|her|his|their|mijn|haar|zijn|hun)\s\w{{2,15}}\s(?:is|was)
      | numele\s(?:fiicei|fiului|copilului|mamei|tat[ăa]lui|surorii|fratelui|so[țţt]ului|so[țţt]iei|iubitului|prietenei|prietenului|patronului|bebelu[șs]ul(?:ui)?|gemenele|amica|amicul|fosta|fostul|gagica|gagicul|clientului|clientei|bebelu[șş]ului|b[ăa]iatului|fetei|feti[țţt]ei|colegei|[șşs]efului|proprietarului)(?:\s(?:ei|lui|mele|meu))?\s(?:e|este|era)
      | (?:{_NAME_OF})[ -]name\s?(?:is|was|:|=)(?:\s(?:now|really|actually))?
      | (?:surname|alias|aka|a\.k\.a\.?|nickname|pseudonym)\b\s?(?:is|was|:|=)?
      | (?:mijn|haar|zijn|hun|m'n|d'r|z'n|de)\s(?:(?:echte|volledige|voor|achter|nieuwe|oude|andere|eigen)\s?)?(?:naam|werknaam|voornaam
        |achternaam|artiestennaam|schuilnaam|roepnaam|bijnaam|alias|escortnaam|schermnaam|clubnaam|straatnaam)\s?(?:is|was|:|=|luidt)(?:\s(?:nu|eigenlijk|nog))?
      | (?:werknaam|artiestennaam|schuilnaam|roepnaam|bijnaam|achternaam|voornaam|echte\snaam)\s?(?:is|was|:|=)
      | (?:ik|ze|zij|hij|die|meisje|vrouw|klant)\sheet(?:te)?(?:\s(?:eigenlijk|echt|nu|ze|hier|daar|gewoon|in\shet\secht))*
      | (?:m[ăa]|te|o|[îi]l)[\s-](?:nume[sșş]c|nume[sșş]te|cheam[ăa]|chema)(?:\s(?:de\sfapt|acum))?
      | (?:numele|porecla|prenumele|pseudonimul)\s?(?:meu|ei|lui|lor|s[ăa]u|real|adev[ăa]rat|nou|vechi|acum|din\sanun[țţt]|din\sbuletin|din\sacte|de\s(?:scen[ăa]|lucru|familie|botez|fat[ăa]|club|strad[ăa]))?
        (?:\s(?:ei|lui|real|adev[ăa]rat|nou|de\sscen[ăa]|de\slucru|de\sfamilie))?\s?(?:este|e|era|:|=|,|ar\sfi)(?:\s(?:acum|de\sfapt))?
    )[:,]?\s{{0,2}}(?P<quote>{QUOTE})?""",
    re.VERBOSE | re.IGNORECASE,
)
"""After these a name follows, whatever its letters."""
SHOWN = re.compile(
    rf"""\b(?:
      (?:please\s)?call(?:s|ed|ing)?\s(?:me|her|him|them|herself|himself|themselves|myself|themself)\b
      | (?:working|work|stage|escort|real|full|screen)[ -]names?,?
      | (?:sur|nick)name | alias | aka | a\.k\.a\.?,?
      | werknaam | artiestennaam | schuilnaam | echte\snaam | achternaam | bijnaam
      | (?:called|named|nicknamed|christened|dubbed) | knows?\s(?:me|her|him|them)\s(?:only\s|just\s)?(?:as|by)
      | (?:known|advertis(?:es|ing|e|ed)|work(?:s|ing|ed)?|post(?:s|ing|ed)|listed|signed|signs|trad(?:es|ing|ed)|introduc(?:ed|es)|registered
        |danc(?:es|ing|ed)|perform(?:s|ing|ed)|appears?|answers|going|saved|goes)
        \s(?:\w{{1,10}}\s){{0,3}}?(?:as|under|to)(?:\sthe\s(?:working\s)?names?(?:\sof)?)?
      | (?:goes|go|going|went|gone)\s(?:\w{{1,6}}\s)?by(?:\sthe\s(?:working\s)?name(?:\sof)?)?
      | (?:under|with|by|uses|using|used|has|chose|took|picked|gave|gives|wants|use|kept)\s(?:the|her|his|a)\s(?:\w{{1,10}}\s){{0,2}}names?(?:\sof)?
      | (?:die|heet(?:\s(?:ik|ze|zij|hij))?|klant|vrouw|man|meisje)\sheet(?:te)? | heet(?:te)?(?:\s(?:ik|ze|zij|hij))?\b
      | noem(?:t|en|de|den)?\s(?:me|mij|zich(?:zelf)?|haar|hem|ze|zij|haarzelf)\b(?:\s(?:zich|nu|hier|tegenwoordig|altijd|gewoon))?
      | zich | zichzelf
      | (?:bekend|werkt|werk|werkte|adverteert|staat|kent|kennen|kenden|danst|tekent|gaat|ging|doorgegeven)\s(?:\w{{1,10}}\s){{0,3}}?(?:als|onder|bij)(?:\sde\s(?:werk)?naam)?
      | voorgesteld\sals | stelde\szich\svoor(?:\sals|(?=:))
      | (?:onder|met|gebruikt|heeft|koos|kreeg|draagt)\s(?:de|haar)\s(?:\w{{1,10}}\s)?(?:werk|artiesten|schuil)?naam | genaamd\b | geheten | luistert\snaar(?:\sde\snaam)?
      | se\s(?:nume[sșş]te|semneaz[ăa]|prezint[ăa](?:\s(?:ca|drept))?) | (?:[îi]mi|[îi]i|[îi][sșş]i|i\sse|li\sse)\s?(?:zice|spune|zic|spun|zicea|spunea|spunem|zicem|mai\szice|mai\sspune)(?:\s(?:acum|toat[ăa]\slumea|lumea|to[țţt]i))?
      | (?:zis[ăa]|(?<=,\s)zis|poreclit[ăa]?|numit[ăa]?|botezat[ăa]?) | pe\snume\b | pe\snumele(?:\sde)?
      | nume(?:le)?\sde\s(?:lucru|scen[ăa]|club|strad[ăa]|artist[ăa]) | introduc(?:ed|es)\s(?:herself|himself|themselves)(?=:)
      | s-a\sprezentat(?:\s(?:ca|drept)|(?=[:,]))
      | (?:sub|cu|folose[șsş]te|[șsş]i-a\sales|are)\snumele(?:\s(?:de(?:\s(?:scen[ăa]|lucru))?))? | cunoscut[ăa]?\s(?:\w{{1,8}}\s){{0,2}}?(?:ca|drept|sub\snumele(?:\sde)?)
      | (?:cunosc|cunoa[șsş]te|[șsş]tie|[șsş]tiu|salvat[ăa]?|trecut[ăa]?)\s(?:\w{{1,8}}\s){{0,2}}?(?:ca|drept|de(?!\sani\b))
      | (?:lucrez|lucreaz[ăa]|danseaz[ăa])\s(?:ca|sub\snumele(?:\sde)?)
    )[:,]?\s{{0,2}}(?P<quote>{QUOTE})?""",
    re.VERBOSE | re.IGNORECASE,
)
"""After these it is one if it is written as one."""
CALLS = re.compile(
    r"\b(?:by|zich(?:zelf)?|zice|zic|spune|heet(?:te)?|called|named|genaamd|(?:calls|noemt)\s\w+)\W*\Z",
    re.IGNORECASE,
)
"""After these even a word that nobody knows is how somebody is called; after `works as` a trade is."""
RANG = re.compile(
    r"(?:\A|[.!?;:\n]\s*|\b(?:i|we|she|he|they|you|and|then|also|just|have|has|had|who|to|again)\s)\Z",
    re.IGNORECASE,
)
"""Before a `called` that means that somebody rang."""
THING = re.compile(
    r"\b(?<!\bin\s)(?:project|service|site|tool|page|form|app|pool|channel|campaign|scheme|organi[sz]ation|charity|group|forum|street|road|bar|pub|hotel"
    r"|clinic|centre|centrum|dienst|wet|law|act|legea|ziekte|boala|disease|condition|formulier|formularul|campagne|campania|proiectul?|serviciul?|website|platform|text|session|answer|it|this|that|what|place|club|sauna|town|village|drug|pill"
    r"|which|dit|dat|het|hoe|wat|ce|straat|plek|bedrijf|stichting|organisatie|firma|strada|locul|clubul|organiza[țţ]ia|asocia[țţ]ia|firma)\W{1,3}(?:\w{1,8}\s){0,2}\Z",
    re.IGNORECASE,
)

_NICK = r"(?:Big|Little|Wee|Daft|Mad|Skinny|Tall|Tiny|Crazy|Drunk|Posh|Turkse|Turkish|Old|Young|Fat|Lil|Dikke|Kleine|Lange|Grote|Rooie|Ouwe|Blonde|Gras[au]|Mica|Lunga|Mo[șş]|B[ăa]tr[âa]na)"
NICKNAMED = re.compile(
    rf"\b(?:for|after|by|with|saw|know|knows|knew|both|zag|zagen|zien|v[ăa]zut|to|called|naar|met|van|ene|door|aan|de|cu|lui|pe|zis|zis[ăa]|ca|drept)\s(?P<name>{_NICK}\s(?!Issue|Ben\b|Markt|Berg|Lottery|Society|Brother|Bazar){CAPITAL})"
)
_TITLE = (
    r"(?:Mr|Mrs|Ms|Mx|Dr|Prof|Professor|Mister|Mevr|Mevrouw|Mw|Mej|Mejuffrouw|(?:de\s)?Heer|Drs|Dominee|Pater|Pastoor|P[ăa]rintele|Maica|Dhr|Meneer|Mijnheer|Dokter|Doctor|Zuster|Dl|Domn|Doamn[ăa]|Domnul|Domnului|D-na|Dna|D-ra|Doamna|Doamnei"
    r"|Domni[șş]oara|Domnisoara|Doctorul|Doctori[țţ]a|Doctorita|Nurse(?!\sPractitioner)|Officer(?!\s(?:PC|DC|DS|DI|WPC)\b)|Sergeant|Sgt|Inspector|Agent|Tante|Oom|Aunt|Auntie|Uncle|Tanti|Nea|Nenea"
    r"|Madam|Madame|Mistress|Notaris|Rechter|Judge|Detective|Constable|DC|DI|DS|PC(?!\sWorld)|WPC|Rechercheur|Wijkagent|Agente|Officier|Ofi[țţ]erul|Procurorul|Procuroarea|Judec[ăa]toarea|Judec[ăa]torul|Psihologul|Psiholoaga|Psycholoog|Psychologist|Solicitor|Midwife|Verloskundige|Avocatul|Avocata|Asistenta|Comisarul|Agentul|Juf|Meester)"
)
TITLED = re.compile(rf"\b(?i:{_TITLE})\.?\s(?P<name>{FULL})|\bMiss\s(?P<miss>{FULL})")
TITLED_SMALL = re.compile(
    r"\b(?i:(?P<short>mr|mrs|ms|dhr|mevr|mw)|miss|dr|dokter|doctor|mevrouw|meneer|domnul|doamna|domnului|doamnei|dl|dna)\.?\s(?:(?:van|der|den|de|el)\s){0,2}(?P<name>[^\W\d_]{3,20})(?![\w'’])"
)
PERSON = (
    r"girl|lady|woman|man|guy|lad|bloke|client|punter|regular|customer|worker|friend|mate|bestie|boyfriend|girlfriend|bf|gf|partner|fella|husband|wife|ex"
    r"|son|daughter|kid|baby|toddler|brother|sister|bro|sis|mum|mam|mom|mother|dad|father|cousin|aunt|uncle|nephew|niece|nan|gran"
    r"|manager|boss|madam|pimp|landlord|landlady|driver|roommate|flatmate|housemate|colleague|coworker|caseworker|volunteer|escort|maid|receptionist|twin"
    r"|fianc[ée]e?|beheerder|beheerster|administratora?|administratorul|interpreta?|stagiara|stagiair(?:e)?|voluntar(?:ul|a)|coordonatoarea|receptionist|huisarts|tandarts|arts|consulent|consulente|ambtenaar|psychiater|psycholoog|verpleegkundige|beveiliger|portier|vrijwilliger|vrijwilligster|werkster|werkneemster|medewerker|medewerkster|oppas|interpreter|doctor|dentist|consultant|advocate|barrister|guard|nanny|babysitter|student|intern|gp|dentistul|paznicul|portarul|poli[țt]istul|poli[țt]ista|traduc[ăa]toarea|bona|gazda|mediatoarea|lucr[ăa]toarea|asistenta|neighbour|keyworker|girls|ladies|dancer|stripper|minder|trafficker|abuser|attacker|dog|cat"
    r"|meid|meisje|vrouw|dame|klant|vaste\sklant|vriend|vriendin|vriendje|vriendinnetje|zoon|zoontje|dochter|dochtertje|kind|kindje|broer|broertje|zus|zusje|moeder"
    r"|vader|nicht|nichtje|neef|neefje|tante|oom|baas|huisbaas|verhuurder|chauffeur|collega|huisgenoot|huisgenote|pooier|begeleider|begeleidster|advocaat|advocate|oma|opa"
    r"|kamergenoot|kamergenote|uitbater|bewaker|buurman|buurvrouw|echtgenoot|verloofde|loverboy|jongen|jongedame|hond|kat"
    r"|fata|fat[ăa]|fetei|femeia|femeie|clientul|client[ăa]|clienta|prietenul|prietena|prieten|prieten[ăa]|iubitul|iubita|so[țţt]ul|so[țţt]ia|fiul|fiica|fiic[ăa]"
    r"|b[ăa]iatul|b[ăa]ie[țţt]elul|feti[țţt]a|copilul|fratele|sora|surioara|mama|tata|tat[ăa]l|m[ăa]tu[șşs]a|unchiul|veri[șşs]oara|veri[șşs]orul|v[ăa]rul|[șşs]eful|[șşs]efa|patronul|patroana"
    r"|proprietarul|proprietara|[șşs]oferul|colega|colegul|pe[șşs]tele|bunica|bunicul|vecina|vecinul|nepoata|nepotul|logodnicul|cumnata|nora|tipul|tipa|b[ăa]rbatul|domni[șşs]oara|cumnatul|proxenetul|nasul|na[șşs]a"
    r"|owner|tenant|bouncer|doorman|therapist|midwife|teacher|eigenaar|eigenares(?:se)?|bezoeker|bezoekster|cli[eë]nte?|hulpverlener|hulpverleenster|vizitatoarea|chiria[șs]ul|consilierul|consilierului|asistentul"
    r"|kids|children|sons|daughters|sisters|kinderen|kindjes|zonen|dochters|zussen|broers|vriendinnen|copiii|fetele|b[ăa]ie[țt]ii|clientului|clientei|prietenului|prietenei|colegului|colegei|[șs]efului|[șs]efei|so[țt]ului|so[țt]iei|iubitului|patronului|fiului|fiicei|fratelui|surorii|mamei|tat[ăa]lui|vecinei|vecinului|doctorului|copilului|b[ăa]iatului|fetei"
)
_BETWEEN = r"(?:\s(?:ei|lui|lor|mea|meu|sa|s[ăa]u|nou[ăa]|nou|mic[ăa]?|mare|t[ăa]u|ta|noastr[ăa]|mai\smic[ăa]?|mai\smare|van\s\w{1,6},|of\s\w{1,6},|de\s\w{1,8}\sani,|\(|\([0-9]{1,2}\)|called|named|heet|genaamd|numit[ăa]?|,)){0,2}"
KIN = re.compile(
    rf"\b(?i:{PERSON})(?i:{_BETWEEN}),?\s(?P<name>{FULL})|\b(?i:{PERSON})\s\((?P<within>{FULL})[,)]"
)
KIN_SMALL = re.compile(
    rf"\b(?i:{PERSON}|spoke\s(?:to|with)|ask(?:ed)?\sfor|gesproken\smet|vraag\snaar|vorbit\scu|[îi]ntreab[ăa]\sde)(?i:{_BETWEEN}),?\s(?P<name>[^\W\d_]{{3,20}})(?![\w'’])"
)
"""The word for a person, then somebody: her son Callum, nieuw meisje Destiny, băiatul ei Dănuț."""
OWNED = (
    r"complaint|questions?|messages?|report|story|photos?|pictures?|number|address|email|account|advert|ad|profile|post|reply|note|visit|booking|name|face|situation|wages|money|file|intake|bruises|injur(?:y|ies)|scan|pregnancy|operation|birthday|BRP|ID|GP|CV|BSN|NINO|dob|landline|laptop|letter|application|claim|arrest|interview|asylum|family|parents|eviction|debts?|loan|medication|blood|waters|stuff|things|turn|idea|suggestion|answer|voice|English|go"
    r"|klacht|vragen|vraag|bericht|verhaal|foto['’]?s?|nummer|adres|advertentie|profiel|account|geld|loon|vergunning|dossier|verjaardag|aangifte|verzoek|spullen|familie|ouders|verblijf\w*|aanvraag|idee|voorstel|beurt|gezicht|situatie|schuld(?:en)?|bloed|zwangerschap|operatie"
)
"""What belongs to somebody, as much of it to no thing."""
OWNING = re.compile(
    rf"{CAPITAL}(?:['’]s|s|['’])?\s(?:new\s|old\s|nieuwe\s|oude\s)?(?i:{PERSON}|flat|phone|baby|visa|passport|case|bag|room|mother's|shift|boss|huis|kamer|telefoon|paspoort|zaak|tas|appointment|afspraak|lease|tenancy|deposit|rent|prescription|results|test|solicitor|papers|contract|statement|coat|keys|hearing|recept|uitslag|borg|huur|sleutels|jas|zitting|advocaat)\b"
    rf"|{CAPITAL}(?:['’]s?|s)\s(?:new\s|old\s|last\s|first\s|nieuwe\s|oude\s|laatste\s|eerste\s)?(?i:{OWNED})\b"
)
"""Somebody to whom somebody or something belongs: Ruby's ex, Robins kamer."""
APPOSED = re.compile(
    rf"\b(?:them|these|one|other|others|third|second|hen|hun|andere|anderen|tweede|derde|eentje|ele|ei|alta|cealalt[ăa]|altele|una|doua|treia|contact|contactul)\s?,\s(?P<name>{CAPITAL}(?:\s{CAPITAL})?),\s(?![{CAPITALS}])"
)
"""Somebody between two commas: one of them, Shireen, will come."""
AGED = re.compile(
    rf"(?:\A|[.!?:]\s|,\s)(?P<name>{CAPITAL}(?:\s{CAPITAL})?)(?:,\s|\s\()(?:1[6-9]|[2-6][0-9])s?(?:\)|,|\s(?:years|yrs|yo\b|jaar|jr\b|de\sani|ani)\b)"
)
"""Somebody and how old they are: Kirsty, 24, new to the area."""
MEETING = re.compile(
    rf"\b(?i:spoke\s(?:to|with)|speak\s(?:to|with)|talked\s(?:to|with)|chat(?:ted)?\swith|ask(?:ed)?\s(?:for|after)|say\s(?:hi|hello)\sto|greetings\sto"
    rf"|love\sto|hello\sto|contact(?:\sthere|\sperson)?(?:\sis|:)|name:|naam:|nume(?:le)?:|client:|worker:|klant:|clienta?:|signed|signed:|getekend|semnat|gesproken\smet|sprak\smet|gebeld\smet|gechat\smet"
    rf"|gepraat\smet|vraag\s(?:naar|om)|vroeg\snaar|doe\sde\sgroeten\saan|groeten\s(?:aan|van)|vorbit\scu|[îi]ntreb(?:[iăa]|a[țt]i)?\sde|[îi]ntreab[ăa]\sde|[îi]ntrebat\sde|discutat\scu|sunat-o\spe|sunat-o|sunat-l\spe|salut[ăa]-o\spe|salut[ăa]ri\slui"
    rf"|contactul\se|contactpersoon(?:\sis|:)?|persoana\sde\scontact(?:\se|:)?|met\s+with|love,?|regards,?|kisses,?|this\sis|dit\sis|aici|xx+,?|groetjes,?|groet,?|liefs,?|cu\sdrag,?|pupici,?|salut[ăa]ri,?|mul[țţt]umesc,?|thanks,?|cheers,?|dear|beste|lieve|drag[ăa]|hi|hey|hello|hoi|hallo|bun[ăa],?|salut,?)"
    rf"[,:]?\s(?P<name>{FULL})"
)
"""After these somebody follows rather than something, but places and offices can."""
IS = re.compile(
    rf"\b(?:I\s?am|I['’]?m|[Ii]k\sben|[Ee]u\ssunt|(?:(?<=[.,:!?\n]\s)|(?<![\w\s,.])|\A)[Ss]unt)\s(?P<name>{FULL})(?!\s\w+ian\b)"
)
"""After these somebody says who it is, unless it is how they are or where they are from."""
CLOSING = re.compile(
    rf"(?i:(?:^|[\n.!?,]\s?)(?:signed|love|regards|best|kisses|x+|grtz?|groetjes|groet|liefs|gr|cu\sdrag|pupici|semnat|getekend|thanks|thx|bedankt|mersi|mul[țţt]umesc))[:,.]?\s(?P<name>{CAPITAL}(?:\s{CAPITAL})?)\W{{0,3}}\Z"
)
_WHERE = r"(?:\s(?:from|at|in|of|uit|van|bij|op|de\sla|din|de\spe)(?:\s[\w'’-]{1,20}){1,3})?"
NO_SEASON = r"(?!Summer|Winter|Autumn|Spring|Dawn|Hope|Faith|Love|Luck)"
IS_SOMEWHERE = re.compile(
    rf"{NO_SEASON}{CAPITAL}\s(?:been|gone|got|at|in|back|scared|pregnant|having|doing|moved|staying|asking|looking|working)\b"
)
"""Follows a name with 's: Rosie's in hospital."""
AFTER = re.compile(
    rf"(?:,\s(?:she|he|ze|zij|hij|who|die|care|ea|el|\d\d)\b|\s?\((?:\d\d|she|he|they|her|zij|ze|hij|ea|el|f|m|v|(?:the|that)\s\w{{2,12}}\sone|(?:die|aia|[ăa]la|cea|cel)\s\w{{2,12}}|(?:room|kamer|camera|flat|ap)\s[0-9]{1, 3}|[2-6]0s)\b"
    rf"|{_WHERE}\s(?:signed\s(?:for|in|out)|opened\sthe|opened,|is\sout\sof\s(?:hospital|prison)|is\shome|tekende|deed\sopen|(?:om\s[0-9]{{1,2}}\s|weer\s|net\s|nog\s|even\s|toen\s)?(?:thuisgebracht|opgehaald|weggebracht|afgezet|gesproken|gebeld|opgezocht|gerustgesteld|meegenomen)|(?:weer\s)?uit\shet\sziekenhuis|said|says|told|texted|texts|phoned|rang|called|calls|wrote|replied|mentioned|messaged|whatsapped|cried|asked|complained|admitted|explained|reported|wants|wanted|needs|needed|lives|"
    r"was\s(?:seen|scared|raped|beaten|robbed|arrested|upset|tired|crying|assaulted|attacked|deported|frightened|threatened)|is\s(?:scared|pregnant|upset|worried|afraid|back|new|frightened|homeless)|works\s(?:at|in|on|with|near|from|alone|nights)"
    r"|zei|zegt|vertelde|vertelt|belde|belt|appte|appt|schreef|schrijft|huilde|wilde|wil|woont|werkt|vroeg|vraagt|stuurde|meldde|klaagde|is\s(?:bang|zwanger|moe|ziek|nieuw|terug)|was\s(?:bang|moe|boos|ziek|overstuur)"
    r"|(?:ne-|mi-|i-|ne\s|mi\s)?a\s(?:spus|zis|[îi]ntrebat|sunat|scris|pl[âa]ns|r[ăa]spuns|povestit|cerut|trimis|m[ăa]rturisit|f[ăa]cut\spl[âa]ngere)|zice|spune|[îi]ntreab[ăa]|vrea|voia|lucreaz[ăa]|locuie[șşs]te|st[ăa]\s(?:la|[îi]n|cu)|plânge|e\s(?:speriat[ăa]|obosit[ăa]|bolnav[ăa]|[îi]ns[ăa]rcinat[ăa]|gravid[ăa])"
    r")\b)",
)
"""Only people do this."""
CALLED_AFTER = re.compile(
    rf"(?P<name>{CAPITAL})(?:\s(?:heet\s(?:ze|zij|hij)|genaamd|genoemd|is\s(?:her|his|my|haar|zijn|mijn)\s(?:\w{{1,10}}\s)?(?:working|stage|real|work|ad)?\s?(?:werk|artiesten|schuil)?na(?:me|am)|e\snumele|este\snumele|o\scheam[ăa]|[îi]l\scheam[ăa]|she\scalls\sherself|noemt\s(?:ze|zij)\szich|[îi][șşs]i\s(?:spune|zice)|[îi]i\s(?:spune|zice)))\b"
    rf"|\b(?:dat|omdat|of|als)\s(?:ze|zij|hij)\s(?:\w{{1,10}}\s)?(?P<dutch>{CAPITAL}(?:\s{CAPITAL})?)\s(?:heet|heette|genoemd)\b"
    rf"|\b(?:dat|of)\s(?:ze|zij|hij)\s(?!zo\b|anders|ook\b|echt|eigenlijk|precies|nu\b)(?P<small>[^\W\d_]{{2,20}})\s(?:heet|heette)\b"
    rf"|\b(?:as|als|ca|drept|name|naam|numele|noemde|spelled|signed|signs|(?:onder)?tekende(?:\smet)?|semnat(?:\scu)?|semneaz[ăa])\s{QUOTE}(?P<quoted>{CAPITAL}(?:\s{CAPITAL})?){QUOTE}"
    rf"|\b(?:wordt|werd)\s(?P<passive>{CAPITAL}(?:\s{CAPITAL})?)\sgenoemd\b"
)
