"""Words that follow where a name could, and are none."""

NO_ANSWER = frozenset(
    """
    not never no nobody none unknown private secret safe important confidential anonymous known here
    there asked needed required optional enough fine hidden protected kept stored shared recorded given
    written used mentioned spelled spelt wrong different the a an on in at to of for with and or but if
    what who that this these those it its our your you we they i he she me us him them mine yours
    back again tomorrow today tonight later now soon anytime whenever when before after by from about as
    is was are were be been do does did have has had will would can could should may might must
    please just only also so very really too maybe perhaps always sometimes often still yet already
    niet nooit geen niemand geheim onbekend veilig belangrijk vertrouwelijk anoniem bekend hier daar nodig
    het de een en of maar als wie wat dat dit die deze je jij u ons onze mij mijn zijn haar hun hen wij
    waar wanneer hoe nu straks morgen vandaag later terug weer altijd soms nog al ook alleen op in aan met van voor door
    nu niciodată nimeni secret necunoscut sigur important confidențial anonim cunoscut aici acolo nevoie
    un o și sau dar dacă daca unde când cand cum cine ce care acest această asta eu tu el ea noi voi ei ele meu mea tău ta lui
    la în pe cu de din pentru prin acum mâine azi mai târziu înapoi iar mereu uneori încă deja doar
    call bel sună sună-i sunați ca
    moet kan mag wordt wil zou heeft staat blijft este era sunt fi trebuie poate nostru voastră
    """.split()
)
COMMON = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
    januari februari maart mei juni juli augustus oktober luni marți miercuri joi vineri sâmbătă duminică
    ianuarie februarie martie aprilie mai iunie iulie septembrie octombrie noiembrie decembrie
    good bad new old free open closed ready happy sorry sad glad afraid scared worried sure well ill sick
    tired alone okay ok fine busy available online offline interested looking trying going coming working
    partners worker workers escort escorts client clients volunteer volunteers student nurse doctor lawyer
    coordinator supervisor colleague team staff service services project projects outreach support help
    hello hi hey dear thanks thank regards cheers love kind best yours everyone everybody all anyone
    someone somebody people person woman women man men girl girls boy boys lady friend friends partner
    pregnant homeless migrant trans transgender gay straight bi independent self employed new
    police hospital clinic council court bank office shop home house street road town city area
    hiv sti std pep prep nhs gum gp uk eu us asap faq dm sms id ok tv pc vat hmrc dwp pecr gdpr ico num
    one two three four five six seven eight nine ten first second third last next this every each
    reply only re read how why where there here yes no maybe hoi hallo dag beste lieve groet groetjes
    blij bang moe ziek klaar goed slecht nieuw oud vrij vol alleen online bezig zzp zzper vrijwilliger
    politie gemeente ziekenhuis huisarts ggd arts verpleegkundige bună salut dragă mulțumesc bine rău nou
    nouă veche bolnavă obosită gata liberă liber singură acasă poliția spital medic doctor asistentă
    lucrătoare client clienți voluntar voluntară studentă crisis urgent emergency danger private
    codul legea zona programul proiectul linia casa centrul clubul code fase level operation universal salvation social citizens
    shelter crisis red rode crucea group groep contact team national international public first
    mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec ma di wo vr za zo
    socială sociala medicală medicala poporului echipa echipă colectivul nachtploeg european europeană night day
    security safety health legal rights tax benefits housing money work sex chat live forum text message
    """.split()
)
PLACES = frozenset(
    """
    british english scottish welsh irish dutch romanian polish bulgarian hungarian brazilian thai chinese
    spanish french german italian portuguese nigerian ghanaian turkish russian ukrainian albanian american
    african asian european caribbean jamaican filipino vietnamese moldovan czech slovak lithuanian latvian
    tagalog thais georgië jordanië greek swedish danish norwegian belgian colombian venezuelan argentinian mexican indian pakistani
    bangladeshi muslim christian catholic jewish hindu buddhist black white roma
    nederlandse nederlander britse engelse schotse ierse roemeense roemeen poolse bulgaarse hongaarse
    braziliaanse thaise chinese spaanse franse duitse belg belgische surinaamse marokkaanse turkse oekraïense
    româncă român olandeză englezoaică britanică poloneză maghiară
    britain england scotland wales ireland netherlands holland romania poland bulgaria hungary germany
    france spain italy belgium europe london leeds manchester birmingham bristol newcastle glasgow edinburgh
    cardiff belfast dublin liverpool sheffield nottingham leicester norwich york bradford hull brighton
    middlesbrough sunderland amsterdam rotterdam utrecht haag eindhoven groningen tilburg breda nijmegen
    arnhem antwerpen brussel gent bucurești bucharest cluj iași timișoara brașov constanța galați craiova
    oradea sibiu ploiești chișinău nederland engeland schotland roemenië românia anglia olanda scoția
    """.split()
)
OFFICES = frozenset(
    """
    apple microsoft android windows iphone icloud outlook santa monzo revolut starling knab bunq wise tide vinted deliveroo glovo tazz emag temu shein bupa vodafone sainsbury mcdonald wetherspoon domino nando morrisons lloyds barclays natwest nationwide monese klarna afterpay postnl dhl fedex
    shelter basis refuge samaritans mind crisis unseen umbrella spectra barnardo's barnardos mencap relate nspcc police council ofcom
    nordic boots superdrug aldi lidl tesco asda greggs costa starbucks primark poundland argos airbnb booking uber bolt google zoom
    humanitas gemeente politie belastingdienst fier moviera comensha amphia cash practitioner crăciun craciun arkin jellinek sensoa payoke violett espace ghapro hema etos kruidvat jumbo
    calea șoseaua soseaua strada bulevardul aleea piața intrarea splaiul primăria primaria anaf poliția politia direcția directia inspectoratul tribunalul judecătoria consiliul guvernul parlamentul ministerul
    spitalul dumnezeu iisus isus domnului maicii catena penny kaufland carrefour profi orange vodafone digi telekom
    saint sint sfântul sfanta sfânta google facebook instagram telegram whatsapp signal snapchat tiktok twitter tinder onlyfans
    everybody mum mam dad mother father baby landlord landlady worker client nurse lunch parking told someone volunteers women's
    children's people's today's yesterday's tomorrow's everyone's women children clienta clientul proprietarul patronul moeder vader
    mama tata tatăl sora fratele doctorul doctorița medicul avocatul colega colegul voluntarii lucrătoarele fetele băieții soțul soția
    huisbaas klant werker werkers vrouwen mannen kinderen ouders vrijwilligers buren buurman niemand
    """.split()
)
"""Services, shops and sites that stand where somebody could, and words for people."""
PARTNERS = frozenset(
    """
    bedford bradford brent carlisle chelmsford cleveland clifton columbus constanta
    constanța denver devon dudley elgin essex grecia halle hamilton harlow hema houston ireland kendal kennedy
    lafayette leigh libia lincoln london mansfield melbourne oakley odessa preston roma rome richmond
    stafford stanford trent warwick weston riyad sanaa kobe cairo bentley
    """.split()
)
"""Of towns that are names, those that are spoken with as a partner rather than as somebody."""
ROLES = frozenset(
    "director directoare primar primarul ministru doctor doctorul asistentă asistenta profesor profesoară inspector judecător"
    " procuror președinte coordonator coordonatoare psiholog avocat directeur burgemeester wethouder officier rechter"
    " voorzitter notaris president mayor chair judge speaker ghica stanca".split()
)
TITLES = frozenset(
    "& royal saint st new old great north south east west port mount lake fort upper lower little big green noord"
    " zuid oost west oud nieuw groot klein sint mount casa vila hotel cafe café bar club sauna station project".split()
)
"""They belong to the name of a place that follows."""
