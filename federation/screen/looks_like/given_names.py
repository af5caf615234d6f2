"""Given names that are common in Britain, the Netherlands and Romania, and as working names.

Those that are words, months or towns as well are left out: they count only beside a surer sign.
"""

GIVEN = frozenset(
    """
    aaliyah aaron abbie abdul abel abigail achim adam adela adelaida adelin adelina adi adina
    adrian adriana agata aglaia agnieszka agnos agripina ahmed aida aiden aimee aimée aisha alan
    albert alberta albertina aleodor alex alexa alexander alexandra alexandrina alexandru alexe
    ali alice alicia alida alin alina alis alison alistar allan alma alyssa amalia amanda amara
    amedeu amelia amelie amin amina amir amira amy amza amélie ana anabela anaida anamaria
    anastasia anatolie anca ancuta ancuța anda andra andrada andrea andreea andrei andrew
    andrian anemona aneta angela angelina anghel anghelina ania anica anisoara anișoara ann anna
    annabel anne annelies annemijn annette anouk anthony antim antoaneta anton antonela antonia
    antonie antoniu antony anuta anuța ariadna arian ariana arie arina aristide aristita
    aristița aron arsenie artemisa arthur ashleigh ashley astrid atena augustin augustina aura
    aurel aurelia aurelian aureliana aurica aurică aurora axenia axinte aya ayden aylin ayoub
    azra banel barbara barbu barry bartolomeu basarab bastiaan beatrice beau bebe bella     beniamin benjamin benone bente benthe berat berend bernard beth bethan bethany betina
    beverley bianca bibi bilal billy bjorn blanduzia boaz bogdan bogdana boris bradley bradut
    bram brandon brandusa brenda brent brett brian britt bruce bruna bryan brândușa brăduț bucur
    bănel caius calin callum camelia cameron camil camila cantemir carina carl carla carlijn
    carly carmen carmina carole caroline carolyn cas casandra casian casiana casper catalin
    catalina caterina catharina catherine catinca cato catrina catrinel cazimir cecilia cedrin
    celia cerasela ceylin cezar cezara chantal charlene charles charlie charlotte cheryl chidi
    chloe chloé chloë chris christian christine christopher cindy ciprian cipriana claire clara
    clare clarisa claudia claudiu clementina cleopatra clifford clive codin codrin codrina
    codrut codruta codruț codruța colin collin connor conor constantin constantina consuela
    coralia corina cornel cornelia cornelis corneliu corvin cosmin cosmina costache costel
    costin craig crenguta crenguța crin crina cristea cristian cristina cristobal cristofor
    călin cătălin cătălina daan dacian daciana dafina daiana dale dalia damian damien dana dani
    daniel daniela danielle danique daniël danny daphne daria dariana darius darren dave david
    deborah debra decebal declan delia demetra demi denis denisa denise dennis derek despina
    dewi dex diana diane dida didina dimitrina dina dinu dion dirk dochia doina dominic domnica
    donald donna dora dorel dorian doriana dorin dorina dorinel dorli dorothy doru douglas draga
    dragos dragoș ducu dumitra dumitrana dumitru duncan duuk dylan dylano ecaterina ecrin edgar
    edmond eduard edward eftimia eftimie eileen ekaterina elaine eleanor elena eleonora eliana
    elias elif elin eline elisa elisabeta elisabeth elisaveta elise eliza elizabeth elize ella
    ellie elliot elliott elodia elvira emanoil emanuel emanuela emanuil emil emilia emilian
    emily emir emma eremia eric erica ernest esila esmee esmée esperanza estera esther eufrosina
    eugen eugenia eusebia eusebiu eustatiu eustațiu eva evanghelina evelien evelina evi evie evy
    faas fabia fabian fabiana fabienne fabiënne fatima fedde felicia feline felix fem femke
    fenna fenne fernanda fien fiene filip filofteia finn fiodor fiona flavia flaviu floare     floortje flora florea florentin florentina florian floriana florica florin florina floris
    frances francesca francis francisc frederic frederick frederique frusina féline gabi gabriel
    gabriela gabriella gareth garry gary gavin geanina gelu gemma gentiana gențiana geoffrey
    george georgel georgeta georgian georgiana georgina gerald geraldine gerard gerrit geta
    ghenadie gheorghe gheorghita gheorghiță gherghina ghita ghiță gianina gica gicu gică giel
    gijs gillian gina giorgian giorgiana giovanni glen glenn gordon graeme graham gratian
    gratiana gratiela grațian grațiana grațiela gregorian gregory grigore guusje hailey hamza
    hanna hannah haralamb haralambie harriet harry hassan hayley hazel heather helen helena
    hendrik henrieta henry heracleea hidde hilary hollie horatiu horațiu horea horia hortensia
    howard hugh hugo iacob iain ian iancu ianis iasmina ibrahim ica ieremia ilarie ilarion
    ileana ilie ilinca ilona ilse imke imran ina inaya indy ingrid inocentiu inocențiu ioan
    ioana ioanina iolanda ionel ionela ionelia ionica ionică ionut ionuț iosefina iosif irene
    iridenta irina irinel iris isabel isabela isabella isabelle ise iulia iulian iuliana iuliu
    iurie iustin iustina iustinian ivan ivona izabela ize jack jacob jacqueline jade jake james
    jamie jana jane janet janeta janice janina janna janne jari jasmijn jasmina jasmine jason
    jasper jayda jayden jaylinn jayne jayson jeana jeffrey jelle jelte jemma jenel jenna
    jennifer jens jente jeremy jesper jesse jessica jet jill jim jinthe jip joan joanna joanne
    jodie joe joel joelle joep joey johanna johannes john jolene jolie jolijn jonas jonathan
    joost jordy joris jorn jort joseph josephine josh joshua joyce joël joëlle judith jules
    julia julian juliana julie julieta juliette julius jurre justin juul karen karl karlijn
    kasia katarzyna kate katherine kathleen kathryn katie katy katya kaylee kayleigh keano keith
    kelly kenneth kerry kevin kian kick kieran kiki kim kimberley kirsty kitty koen kofi kwame
    kyan kyano kyara kyle kyra lacramioara ladislau lana lara larisa lars lascar lascăr laura
    lauren laurens laurentia laurentiu laurenția laurențiu laurian lavinia lawrence layla lazar
    lazăr leah leana leanne leigh leila lelia lena lenn leon leonard leontin leontina leopoldina
    leordean lesley leslie leticia letitia letiția levi lewis lexi liam liana lica lică lidia
    lieke lieve ligia lili liliana lily lina linda linde lindsey linn lioara lisa lisanne lise
    liv livia liviu liz liza lize lizz lizzy loek loes lois lola loredana lorelei lorena lorenzo
    lorin lorraine lotte louis louise loïs luana luc luca lucas lucentiu lucențiu lucia
    lucian luciana lucretia lucretiu lucreția lucrețiu lucy ludmila ludovic ludovica luiza luka
    lukas luke luminita luminița luna luuk lydia lynda lynn lynne lăcrămioara maaike maarten
    maartje madalin madalina madelief mads magdalena maia maja malcolm malina malvina mandy
    manole manuela marc marcel marcela marcheta marcu marcus mare marga margaret margareta maria
    marian mariana maricica marie marieke marijn marilena marilyn marina marinela marinus
    marioara marion marisol marit mariuca marius mart marta martin martyn mary maryam mason
    matei mathew mathijs matilda matthew matthias matthijs maud maureen maurice maurits maxim
    maximilian maya mees megan mehmet meike melania melanie melina melissa melle merel merijn
    merle mette mia micha michael michelle mihaela mihai mihail mihnea mika mike mila milan
    milena milo milou mina minodora mioara mirabela mircea mirela miron mirona mirte mirthe
    miruna misty mitchell mitica mitică mitrut mitruț mohamed mohammad mohammed molly mona
    monalisa monica monika morris mugur mugurel muhammed mustafa myrthe mădălin mădălina mălina
    mărioara măriuca nadia nadine nae naomi narcis narcisa natalia natalie natasa natasha natașa
    nathan naud nechifor neil nelu ngozi nichifor nicholas nick nicoara nicoară nicodim nicola
    nicolae nicolaie nicole nicoleta nicu niculina niculita niculiță nicusor nicuta nicușor
    nicuță nidia niek niels nienke nigel nikki nina ninthe nisa noa noah noelle noemi noor
    noortje nora norah norbert norica norman noud nout nova noëlle nynke oana octav octavia
    octavian octaviana octaviu ofelia olga olimpia olimpian olimpiu oliver olivia olivier oliviu
    omar ortansa oscar otilia ovidiu owen ozana paige pamela pamfil panagachie panait paraschiva
    patricia patrick patru paul paula paulica paulina pauline pavel pepijn peter petre petrica
    petrică petrisor petrișor petronela petru petrut petruta petruț petruța phileine philip
    phillip pien pieter pim pippa plesu pleun pleșu pompilia pompiliu profira puck puk pătru
    quinn quinten quinty rachael rachel rachida rada radu raducu raf rafael rafila raluca ramona
    rares rareș raul ravi rayan raymond razvan rebeca rebecca reece relu remus renata rens
    renske rhys rica richard rick ricky rik riley rita roan robert roberta robertina rodica
    roger romanita romanița romeo romina romulus romy ronald rosa rosalie rosemary rosie rowan
    roxana roxanne roxelana roxy roy roza rozalia ruben ruby russell ruth ruxanda ruxandra ryan
    răducu răzvan saar sabin sabina sabrina safta sally salomea samantha sami samira samuel
    sander sandra sandu sanne sanziana sapphire sara sarah sasha sava saveta savina scarlett
    scott sean sebastiaan sebastian selena selina sem semenica senn sep sepp serban sergiu seth
    sever severin severina shane shannon sharon shaun sheila shirley sian sidonia siem sienna
    sil silke silvana silvia silvian silviana silviu simi simina simion simon simona sinica
    sinică sjoerd smaranda sofia sofie sonia sophia sophie sorana sorin sorina speranta speranța
    stacey stana stanca stancu stanley stefan stefana stefania stela stelian steliana stella
    steluta steluța sten stephanie stephen sterre steven stewart stijn stuart susan suzana
    suzanne suze sven svetlana sylvia sylvie sânziana tamara tania tara tatiana teea teodor
    teodora teodosia teofil teohari teona terence teresa terry tessa teun thais theodor thijmen
    thijn thijs thom thomas tiberia tiberiu tiffany tijmen tijn tijs tim timea timo timotei
    timothy tina tinca tincuta tincuța tirza titus tobias toby todor tom toma tony tracey tracy
    traian trevor tristan trixie tudor tudora tudorita tudorița tudosia tunde twan tycho tyler
    vajen vajèn valentijn valentin valentina valeria valerie valeriu valter vanesa vanessa
    varvara vasile vasilica vasilică veerle venera veniamin vera veronica veta vicentia vicentiu
    vicenția vicențiu vicky victor vigo vince vincent vincentiu vincențiu violeta viorel viorela
    viorica visarion viviana vlad vladelina vladimir vlaicu vlădelina voichita voichița voicu
    wayne wendy wesley wessel willem william wouter xavi xenia ximena yara yasmin yasmine yassin
    yfke yinthe youssef yusuf yvonne zaharia zakaria zamfir zamfira zara zaraza zeno zenobia
    zenovia zeynep zina zoe zoey zoë șerban ștefan ștefana ștefania
    """.split()
)
