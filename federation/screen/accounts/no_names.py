"""Words that stand where a user name could, and are none."""

COUNTED = frozenset(
    "covid windows office room rooms week weeks flat sector publi article version chat session form unit kamer versie artikel"
    " sesiune formular level hepatitis vitamin vitamine vitamina python iphone galaxy android euro channel section protocol"
    " etapa punct camera legea pagina figure table group groep grupa station block blok blocul point phase fase stage"
    " house number nummer numar year jaar anul sarscov kanaal canal locatie build error fout eroare ticket order bestelling".split()
)
NO_NAME = frozenset(
    "and or the is not now here there open closed down private public full new old best fine good gone"
    " banned blocked deleted hacked only also too very still just live account page post posts message"
    " messages us me you them him her it en of niet dicht open weg vol nieuw ook nog si și nu este deja"
    " sau pe la in on op at for with from about active present us all people them one team project"
    " someone anybody workers escorts posted advert adverts advertising working talk talking chat chats"
    " services service link links group groups profile profiles app apps message iemand mensen"
    " profiel berichten mesaj mesaje oameni grup grupuri contul cont blocat blocată închis sters șters"
    " shut locked offline online safe unsafe popular useful busy quiet free slow suspended being used"
    " great okay important allowed door daar hier via met zonder voor naar over tot bij aan uit dat die deze"
    " that this these those because when while where which who what how why then than more most less many"
    " some any every each both she he they we she's i'm ze zij hij wij het een als dan toen want maar omdat"
    " como dar că ca să nici mai doar cu de din prin pentru despre după sub fără când unde cum care ce acum"
    " everybody everyone nobody nothing something anything well our their his hers yours mine ours your"
    " contact contacts number numbers photo photos picture pictures video videos story stories ad ads scam"
    " fake fakes name names user users username usernames password passwords handle handles id ids worker"
    " client clients klanten klant werkers nummer nummers foto foto's wachtwoord naam namen gebruikers"
    " gebruiker number call calls dead better worse easier enough a an un o niet geen not no yes ja nee da"
    " first last next same other another second main voorbeeld exemplu instance example usual always never"
    " often sometimes today yesterday tonight tomorrow later soon again once twice since until before after"
    " well-known ever much little big small high low long short much lower hard easy risky fun bad sad"
    " fully mostly mainly partly channel channels kanaal kanalen tool tools platform platforms site sites"
    " source sources way option options place plek werk work bron bronnen manier middel optie verboden"
    " veilig onveilig handig onhandig kapot traag gratis beter slechter fijn lastig uit aan populair leeg"
    " bun bună rău rea mort moartă gol goală lent sigur sigură nesigur nesigură gratuit periculos util gratis"
    " greu ușor usor scump ieftin nou nouă vechi interzis plin plină liber singur mare mic toată toate toți"
    " prima primul unde când safer cheaper anon anonymous anoniem anonim anonymously work professional"
    " victim victims reason required needed wanted asked told said nothing niets nimic none geen niciun nicio please zet puneți doi două two three twee drie elkaar unique shown seen given such hers wherever required visible taken free changed uniek zichtbaar gewijzigd bezet unic vizibil ocupat schimbat known unknown called named found lost"
    " january february march april may june july august september october november december"
    " andere pressure druk review investigation control ours construction evidence proof intermediary intermediate screenshots screenshot report reports reported".split()
)
