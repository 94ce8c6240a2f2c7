"""Words the check must know: ordinary words that are also names, short forms of names, street words."""


def words(text: str) -> tuple[str, ...]:
    """The words of a list that is written as a text."""
    return tuple(text.split())


MONTHS = words("january february march april may june july august september october november december")
MONTH_NUMBER = {name: number for number, name in enumerate(MONTHS, start=1)}
MONTH_NUMBER |= {name[:3]: number for name, number in MONTH_NUMBER.items()} | {"sept": 9}

# Each line: names that stand for one another, whichever of them is held.
_ALIKE = """
abigail abi abbie gail
aaron aron arron
alexander alex alec sandy xander alexandra alexa lexi lexie sasha
alfred alf alfie fred
amelia millie milly amy
andrew andy drew
anthony tony antony
ann anne annie anna
benjamin ben benny benji
catherine katherine kathryn katharine cathryn cath kath kate katie katy kathy cathy
katherine katarzyna katrin katarina kasia kate katie
charles charlie chas chuck charlotte lottie
christopher chris kit christina christine chrissie tina
daniel dan danny danielle dani
david dave davey davie dai
deborah debra deb debbie
dominic dom nic
edward ed eddie ted teddy ned
eleanor ellie elly nell nellie nora
elizabeth elisabeth liz lizzie lizzy beth betty bess eliza libby elsie lisa
emily emmy em millie
emmanuel manny
fatima fatimah fatema
francis frank frankie frances fran
frederick fred freddie freddy
gabriel gabe gabrielle gabby
geoffrey jeffrey geoff jeff
george georgie georgina gina georgia
gerald gerry jerry
grace gracie
harold harry hal
harriet hattie harry
helen nell helena lena
henry harry hal
hugh huw hughie
ian iain
isaac zac ike
isabella isobel isabel izzy bella belle
jacob jake
jacqueline jackie jacqui
james jim jimmy jamie jem
jane janey jayne
janet jan
jennifer jen jenny jenni
jeremy jez jerry
jessica jess jessie
joanne jo joanna joann
jonathan jon jonny jonty johnny
john jack johnny jon
joseph joe joey josephine josie jo
joshua josh
judith judy jude
julia julie jules juliet
kayleigh kayley kaylee kaleigh kayla
kenneth ken kenny
kimberley kim kimberly kimmy
lawrence laurence larry laurie loz
leonard leonardo leo len lenny
lewis louis lou louie
louise lou lulu
lucy lucia luce lu
luke lukasz luca lucas
madeleine madeline maddie maddy
margaret maggie meg peggy madge marge greta
maria mary marie mia
matthew matt mathew matty
megan meg meghan
michael mike mick mickey micky mikey michaela micky
mohammed mohammad muhammad mohamed muhammed mohamad mo
molly mollie
natalie nat natasha tasha
nathaniel nathan nate nat
nicholas nick nicky nicolas nicola nicky nikki
oliver ollie olly noll
olivia liv livvy livia
oluwaseun seun
patrick pat paddy rick patricia pat trish tricia patsy
penelope penny
peter pete
philip phillip phil pip
rachel rachael rach rae
raymond ray
rebecca rebekah becky becca beck
reece rhys rees
richard rich rick ricky dick dickie richie
robert rob robbie bob bobby bert
ronald ron ronnie
rosemary rose rosie
ryan rian
samuel sam sammy samantha sam sammie
sarah sara sally sadie
sean shaun shawn shane
sebastian seb bas
shannon shan
aoife eefa eva
siobhan shivaun shiv
sophie sophia sofia soph sofie
stephen steven steve stevie stefan stephanie steph stef
susan sue susie suzie susanna suzanne
terence terry terrence tel
theodore theo ted teddy
theresa teresa tess tessa terri
thomas tom tommy
timothy tim timmy
tyler ty
tyrone ty
tyrell ty tyrelle
valerie val
victoria vicky vicki vikki tori vic
vincent vin vince vinny
william will bill billy willy willie liam wills
winifred winnie freda
yusuf yousuf yousef youssef joseph
zachary zac zach zack zak
zoe zoey
"""


def _alike() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in _ALIKE.splitlines():
        names = line.split()
        for name in names:
            table.setdefault(name, set()).update(names)
    return {name: frozenset(names - {name}) for name, names in table.items()}


ALIKE = _alike()

# Names that are also ordinary words: taken for a name only where the sentence treats them as one.
ORDINARY_NAMES = frozenset(
    words("""
    able amber angel april art august autumn ash aster avenue baker banks bailey barber barn bay bell belle best bill
    bird bishop black blue bob bond bow brook brooks brown bush butcher carpenter carter case cash chance charity
    chase cherry chuck church clay clerk coach cole constable cook cooper court cross crystal daisy dale daily
    dance dawn day days dean dear destiny dick dolly drew early ebony eden ember england english fair faith farmer
    fern field fields finch finn fisher flint ford forest fort fox france frank free freedom french frost gale
    gardener gene genesis gill glen good grace grant gray green grey guy hale hall hand happy harmony harper harvest
    hazel head heath heather heaven hill hills holly home honour hope hopes hunt hunter hurst iris ivy jack jade jasmine
    jasper jay jewel joy june justice king kings kit knight lake lance land lane lark law lee light lily little long
    love low lucky mace major march marina mark marks marsh martin mason may mead mercy merit mike mill miller miles
    mills mint moon moor moore morning moss north noble olive page paige park parker parks parsons patience
    patient pearl penny pepper petal peace perry pier pike pine pip piper pitt pleasant pole poole pope poppy porter
    potter pounds power precious price pride prince prudence puck queen quick rain rainbow ray read reed rich ridge
    river rivers rob robin rock rocky rod rose rosemary rosie rowan ruby rush sage sales salt sally sandy scarlet self
    sharp shepherd short sharpe sky skipper smart smith snow song south spencer spring star steel sterling stone stones
    storm street strong sue summer summers sun sunny swift sydney taylor teal temple terry tiger tim tom tony trinity
    troop true tucker tulip turner unity usher valentine venture verity victor victory violet wade walker wall ward
    ware waters way weaver webb well wells west wheeler white wild will wills willow win winter winters wise wolf
    wood woods wren young chip chair general sir miss baron duke earl major deacon monk singer speaker
    """)
)

# Ordinary words of English and of practice: never taken for a misspelt or shortened name.
ORDINARY = (
    ORDINARY_NAMES
    | frozenset(MONTHS)
    | frozenset(
        words("""
    monday tuesday wednesday thursday friday saturday sunday christmas easter ramadan diwali eid
    a about above abuse access account accounts across act action actions active acts add adult adults advice after
    again against age agencies agency agree agreed all allow almost alone along already also although always among an
    and another answer any anyone are area areas around as ask asked assess assessed assessment assessments at
    attend attended audit audits auditor aware away back badly barrier based basis be became because become been
    before began begin behaviour being believe below benefit best better between big both brief bring britain broken
    brother brothers brought bruise bruises bruising build building but by call called calls came can cannot care cared
    career carer carers carry cases cause centre chair challenge chance change changed changes charge charlie check
    checked child childhood children choice choose chosen clear clearly close closed college come coming common
    community complete concern concerns conference confident consent consider contact contacts contain context control
    could council country county course courts cover create crime crisis culture current cut daily danger data date
    days decide decided decision decisions delay delays describe designated detail develop different difficult direct
    disclose discuss discussion distress district do does doing domestic done door down draw drift driven drop dropped
    drug drugs due during duty each earlier early ease east education effect either else emergency emotional end
    ended england enough ensure entry escalate escalation especially even events ever every everyone evidence evident
    example exclusion expect explain extra eye face faced fact failed fair families family far fast father fathers
    fear feel felt few figure file final find first five fixed focus follow followed for form formal forms forward
    found four framework from front full further gap gaps gave general get girl give given go goal going gone good got
    grade group grow guidance had half happen happened hard harm has have having he health hear heard held help helped
    her here hers herself high him himself his history hold holiday home hospital hospitals hour house housing how
    however hub ideas if ill impact important improve in include included incident infant inform information initial
    injury instead into involved is issue it its itself job join joined joint just keep kept key kind knew know known
    lack larger last late later lead leader leading leads learn learned learning learnt least leave led left legal less
    let letter level lie life like line lines list listen little live lived lives living local look looked looking lost
    lot made main make makes making man managed manager managers many map mark may meant measure medical meet meeting
    meetings men mental met middle might mind minute minutes missed missing model moment moments month more morning most
    mother mothers move moved much multi must my national near need needed needs neglect neighbour neighbourhood never
    new next night no nobody none nor north not note noted notes nothing notice now number nurse nurses nursery observe
    of off offer offered office officer officers often old on once one only open opened or order other others our out
    outcome outside over oversight own page paper parent parents part partner partners partnership parts past pathway
    patrol pattern pay people per perhaps period person phone physical picture place placed places plan planned planning
    plans play played please point points police policy poor poorly position possible post practice practitioner
    practitioners present pressure private probation problem process professional professionals prompt protect
    protection public pupil push put quality question questions quick quickly quite raise raised ran range rarely rate
    rather reach reached read reader ready real really reason reasons receive received recent recognise record
    recorded recording records reduce refer referral referrals referred region relied report reported reports request
    require research response rest result results return returned returns review reviewed reviews right rise risk risks
    role room rooms round routine rule rules safe safeguarding safely safer safety said same sample saw say says scale
    scene school schools score scrutiny see seek seem seemed seen senior sense sent separate serious service services
    session set seven several severe share shared sharing she sheet shift should show showed shown sibling siblings side
    sign signed signs simple since single sister sisters sit six skill sleep small so social some someone something
    sometimes soon sought sound source south speak speech spoke staff stage stages start started state stay stayed step
    steps still stood stop stopped stored stories story strategy strength strengths strong student such summary
    supervision support supported sure system table take taken takes talk talked task taught teach teacher teachers team
    teams tell tells ten term test text than thank that the their them themes themselves then there these they thing
    things think third this those though thought three threshold through time timely times to today together told too
    took tool top touch toward towards town track trace trained training transfer transport trauma travel treat tried
    trigger true trust truth try turn turned turning twice two under understand understood unit until up update upon us
    use used useful using valued very via victim view views visit visited visitor visitors visits voice voices wait
    waited waiting walk want wanted warm warn was watch way ways we week weeks weight welcome welfare well went were
    west what when where whether which while who whole whom whose why wide wider will willing with within without woman
    women word words work worked worker workers working world worried worry would write writing written wrong year years
    yes yet you young your youth camhs mash lado senco idva marac ofsted nhs mark drew tone dense denied danish janitor
    katy dart mart mars hale shore shire marine cannon carton carters careers jury alert alerts allegation allegations
    """)
    )
)

# After one of these, a capitalised ordinary word is the beginning of a title, not somebody's name.
ORGANISATION = frozenset(
    words("""
    academy act avenue board carer carers centre charter children church clinic close college court crescent
    drive fund
    foundation gardens group hospital house hub infants juniors lane lodge mews minds offender offenders park pathway
    people person persons place plan primary practice programme project road school service services space square
    street surgery team terrace together trust unit walk ward way women workers report review fair day
    """)
)

# A capitalised ordinary word before one of these is somebody.
PERSON_VERB = frozenset(
    words("""
    said says told tells was is had has felt feels asked asks went lives lived did does didn't disclosed attended moved
    reported wrote wanted described explained became began started could would slept cried talked spoke thought
    knew liked loved hated goes seemed stayed missed who
    """)
)

STREET = {
    "avenue": "avenue", "ave": "avenue", "av": "avenue", "close": "close", "cl": "close", "court": "court",
    "ct": "court", "crescent": "crescent", "cres": "crescent", "drive": "drive", "dr": "drive", "gardens": "gardens",
    "gdns": "gardens", "grove": "grove", "gr": "grove", "hill": "hill", "lane": "lane", "ln": "lane", "mews": "mews",
    "parade": "parade", "place": "place", "pl": "place", "rise": "rise", "road": "road", "rd": "road",
    "row": "row", "square": "square", "sq": "square", "street": "street", "st": "street", "terrace": "terrace",
    "terr": "terrace", "view": "view", "walk": "walk", "way": "way", "house": "house", "lodge": "lodge",
    "buildings": "buildings", "estate": "estate", "green": "green",
}  # fmt: skip

PARTICLES = frozenset(
    words(
        "al bin da de del der di dos du el ibn la le mc st ul van von mr mrs ms miss dr jr junior senior aka or and the"
    )
)
