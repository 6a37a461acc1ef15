"""Word lists: which verbs report, which nouns speak, and which capitals are no names.

All entries are lower case. Lists are closed by design: a word that is not here costs a claim, a wrong word invents one.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


def word_set(text: str) -> frozenset[str]:
    """The words of a list written as prose."""
    return frozenset(text.split())


# --- verbs that report -----------------------------------------------------------------------------------------------


class Sort(Enum):
    """What a reporting verb takes for its content."""

    SAY = "say"
    """A clause or a thing, with or without "that": said, warned, announced."""
    MARKED = "marked"
    """Only what is marked as a report by "that", a quotation or its place: added, continued, noted."""
    TELL = "tell"
    """A hearer first: told, informed."""
    SHOW = "show"
    """Reports only with a document, an outlet or people of study for a subject: found, shows, suggest."""
    ASK = "ask"
    """A request: asked, urged, called for."""
    ACCUSE = "accuse"
    """A charge: accused of, blamed for."""
    FRAME = "frame"
    """A description in the source's own words: called it "dangerous", described … as."""


class Form(Enum):
    """The inflections that attribution needs to tell apart."""

    BASE = "base"
    PRESENT = "present"
    PAST = "past"
    PARTICIPLE = "participle"
    """The -ing form."""


class Verb(NamedTuple):
    """One inflected form of a reporting verb."""

    lemma: str
    sort: Sort
    form: Form


_LEMMAS = {
    Sort.SAY: """acknowledge admit allege announce argue assert claim concede conclude confirm contend declare deny
        disclose dispute estimate forecast insist pledge predict proclaim promise refute reject report reveal say state
        testify tweet vow warn write believe""",
    Sort.MARKED: """add affirm agree boast caution clarify comment complain continue counter elaborate emphasise
        emphasize explain guess joke lament maintain mention muse note observe opine point quip reason recall recount
        reiterate remark repeat reply respond retort speculate stress think underline underscore rule""",
    Sort.TELL: "tell inform assure remind notify",
    Sort.SHOW: "show find indicate suggest read rate",
    Sort.ASK: "ask urge recommend request demand order plead encourage propose call advise appeal",
    Sort.ACCUSE: "accuse blame",
    Sort.FRAME: "describe characterise characterize label dub brand dismiss slam hail",
}
_IRREGULAR = {
    "say": "said", "tell": "told", "write": "wrote", "read": "read", "think": "thought", "find": "found",
    "show": "showed", "forecast": "forecast", "admit": "admitted", "quip": "quipped", "label": "labelled",
}  # fmt: skip
_DOUBLING = {"admit": "admitting", "quip": "quipping", "label": "labelling"}


def _inflect(lemma: str) -> tuple[tuple[str, Form], ...]:
    """The forms of a regular verb by English spelling, the past of an irregular one by table."""
    soft_y = lemma.endswith("y") and lemma[-2] not in "aeiou"
    stem = lemma[:-1] if lemma.endswith("e") or soft_y else lemma
    if soft_y:
        present, past = stem + "ies", stem + "ied"
    else:
        present = lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x")) else "s")
        past = stem + "ed"
    participle = lemma + "ing" if soft_y or not lemma.endswith("e") else stem + "ing"
    return (
        (lemma, Form.BASE),
        (present, Form.PRESENT),
        (_DOUBLING.get(lemma, participle), Form.PARTICIPLE),
        (_IRREGULAR.get(lemma, past), Form.PAST),
    )


VERBS: dict[str, Verb] = {
    form: Verb(lemma, sort, kind)
    for sort, lemmas in _LEMMAS.items()
    for lemma in lemmas.split()
    for form, kind in _inflect(lemma)
}
VERBS["labeled"] = Verb("label", Sort.FRAME, Form.PAST)

DENIALS = word_set("deny reject dispute refute dismiss")
"""Verbs whose source does not stand behind the content."""

NOUN_LIKE = word_set(
    """report reports claim claims state states note notes comment comments request requests demand demands order
    orders call calls estimate estimates estimated point points rate rates rating forecast forecasts
    promise promises counter counters brand brands label labels rule rules rule ruling finding findings writing reading
    reason reasons show shows showing pledge pledges"""
)
"""Forms that are as often nouns or adjectives: they report only beside "that", a quotation or a plain subject."""

CITING = word_set("citing quoting")
HEARSAY = word_set("reportedly allegedly purportedly supposedly")
"""Adverbs that report without saying who."""

REPORT_NOUNS = word_set(
    "claims claim recommendation warning allegation allegations assertion assertions suggestion view"
)
"""Nouns that report when "that" follows: the WHO recommendation that …"""

AUXILIARIES = word_set(
    """has have had having is are was were be been being am do does did 's 've 'd hasn't haven't hadn't didn't doesn't
    don't isn't aren't wasn't weren't hasn’t haven’t hadn’t didn’t doesn’t don’t isn’t aren’t wasn’t weren’t"""
)
MODALS = word_set(
    """will would can could may might must shall should won't wouldn't can't cannot couldn't won’t wouldn’t can’t
    couldn’t"""
)
NEGATIONS = word_set(
    """not never hasn't haven't hadn't didn't doesn't don't hasn’t haven’t hadn’t didn’t doesn’t don’t won't wouldn't
    can't cannot couldn't won’t wouldn’t can’t couldn’t"""
)
PASSIVES = word_set("is are was were be been being isn't wasn't aren't weren't isn’t wasn’t aren’t weren’t")
ADVERBS = word_set(
    """also later then again previously already once recently today yesterday earlier now still even just first
    further thus therefore however instead often always sometimes tonight both all itself himself herself themselves
    long famously only simply twice ever"""
)
NO_ADVERBS = word_set("family assembly ally july reply supply italy fly police")
"""Nouns that end like adverbs."""

# --- words around noun phrases ---------------------------------------------------------------------------------------

PRONOUNS = word_set("he she it they")
PRO_FORMS = word_set(
    """i we you this that these those there here what which who whom whose one none nothing everything something
    someone anyone everyone nobody everybody somebody him her them us me each either neither such so as all many some
    more most few others another other much less how why when where whether if both his its their"""
)
NO_SOURCES = PRO_FORMS | word_set(
    """time times thing things way ways day days week weeks month months year years number numbers end result fact case
    part lot easier"""
)
"""Words that never stand alone for a source."""

DETERMINERS = word_set(
    """the a an this that these those his her its their our my your some many most several all both no every each one
    two three another any few"""
)
PREPOSITIONS = word_set(
    """of for from at in on to with by against about under over after before during into near within between among
    behind around inside outside including across"""
)
STOPS = word_set(
    """that which whom whose because while when where as if although though since whether than but or nor so yet
    until unless who whilst whereas meanwhile then there like what how why"""
)
"""Words that end a noun phrase on either side."""

ADVERBIALS = word_set(
    """on in at by after before during following under with without speaking asked when while as since for from despite
    although though if once upon amid earlier later last this next yesterday today meanwhile however still but and
    instead separately moreover furthermore additionally nevertheless also then according citing over through until
    because unless whereas of to given"""
)
"""Openers of a stretch before a comma that is no part of the noun phrase after it."""

WEEKDAYS = word_set(
    """monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun mondays
    fridays saturdays sundays"""
)
MONTHS = word_set(
    """january february march april may june july august september october november december jan feb mar apr jun jul
    aug sep sept oct nov dec"""
)
NO_NAMES = (
    WEEKDAYS
    | (MONTHS - {"may", "march", "april", "june", "august"})
    | PRONOUNS
    | PRO_FORMS
    | DETERMINERS
    | PREPOSITIONS
    | STOPS
    | ADVERBIALS
    | AUXILIARIES
    | MODALS
    | ADVERBS
    | word_set("and not yes no read more photo image credit update updated")
)
"""Words that a capital does not make a name: sentence openers, days, months."""

LINKS = word_set("of for from at in to with by on against about including")
"""Prepositions that carry a noun phrase on; the others begin a new part of the sentence."""
COMMON_VERBS = word_set(
    """spoke speaks talked walked looked turned asks beat came comes come made makes make went
    goes took takes gave gives began begins became becomes got gets left kept
    keeps held holds met saw sees ran fell rose grew brought brings sent built bought caught lost lives lived died
    needs wants wanted hopes hoped knows knew thought seems seemed appears appeared remains remained happened happens
    helped helps uses used believes includes included follows followed means meant expects expected plans planned
    tried tries faces faced allowed allows provides provided"""
)
"""Frequent verbs that report nothing: a noun phrase ends at them."""
PORTFOLIOS = word_set(
    """education health state defence defense finance justice interior foreign affairs trade energy transport
    environment agriculture labor labour culture commerce treasury homeland security housing home"""
)
"""What ministers are ministers of: no part of their names."""
POSSESSIVES = word_set("his her their its our")
"""Possessives that make "calls", "claims" a noun."""
AGENTLESS = word_set("said believed thought alleged estimated reported understood")
"""Participles that report without a source: "is said to", "were reported"."""

CLITICS = frozenset(
    pronoun + mark
    for pronoun in ("i", "you", "we", "he", "she", "it", "they", "that", "there", "what", "let", "here")
    for mark in "'’"
)
"""Beginnings of "I'd", "it's", "they're": pronoun and verb in one word."""
PERIODS = word_set("week month year night weekend summer winter spring autumn fall morning afternoon evening season")

PARTICLES = word_set("de da del della der den di do dos du van von le la bin ibn al el ben ter ten zu y af")
"""Lower-case words inside names of people."""

TITLES = word_set(
    """mr mrs ms miss dr sir dame lady lord prof rev fr sen rep gov gen lt col maj sgt capt cmdr adm st hon major
    general colonel captain lieutenant sergeant admiral commander brigadier president vice minister prime secretary
    senator congressman congresswoman representative governor mayor chief justice judge king queen prince princess pope
    professor doctor archbishop bishop cardinal imam sheikh ayatollah emeritus father sister brother chancellor
    premier deputy former ex-president then-president acting undersecretary ambassador commissioner attorney
    constable inspector detective superintendent sheriff officer councillor mp mep"""
)
"""Ranks and forms of address that stand before a name."""

FEMININE = word_set("mrs ms miss lady dame queen princess sister she her spokeswoman chairwoman congresswoman actress")
MASCULINE = word_set("mr sir lord king prince father brother he his spokesman chairman congressman actor")

ROLES = TITLES | word_set(
    """spokesman spokeswoman spokesperson director manager chairman chairwoman chairperson chair head leader member
    founder co-founder cofounder owner author co-author editor reporter journalist correspondent columnist critic coach
    captain player scientist researcher analyst economist expert historian lawyer barrister solicitor prosecutor
    investigator geologist biologist physicist chemist astronomer epidemiologist engineer doctor nurse surgeon physician
    teacher student resident neighbour neighbor witness victim activist campaigner organiser organizer protester farmer
    worker executive ceo cfo cto coo official aide adviser advisor envoy diplomat lawmaker legislator politician
    candidate fellow lecturer dean principal coordinator consultant strategist specialist psychologist psychiatrist
    sociologist anthropologist archaeologist ecologist climatologist meteorologist veterinarian curator artist singer
    musician actor actress filmmaker producer designer architect developer programmer trader investor banker broker
    entrepreneur businessman businesswoman partner counsel veteran soldier pilot driver fisherman guide pastor priest
    rabbi monk nun mother wife husband son daughter uncle aunt cousin friend colleague friends boss secretary-general
    undersecretary-general vice-president whistleblower publicist host presenter anchor commentator striker goalkeeper
    midfielder defender manager trainer umpire referee treasurer trustee patron ombudsman registrar auditor defendant
    suspect source woman man boy girl insider publisher novelist agent commenter neurologist
    practitioner graduate patient creator follower blogger poet writer"""
)
"""Nouns for a single person by office, work or kin."""

GROUPS = word_set(
    """officials residents analysts researchers scientists experts critics authors activists protesters protestors
    demonstrators witnesses lawyers prosecutors doctors economists lawmakers legislators politicians diplomats aides
    advisers advisors investigators detectives officers soldiers sources authorities observers campaigners neighbours
    neighbors relatives parents students teachers workers employees executives traders investors historians leaders
    members supporters opponents backers organisers organizers engineers journalists reporters editors commentators
    people locals villagers survivors passengers users customers consumers farmers voters republicans democrats
    conservatives senators ministers commanders medics rescuers firefighters friends colleagues fans spokesmen
    spokespeople representatives deputies attorneys advocates insiders families academics professors physicians
    psychologists astronomers archaeologists biologists epidemiologists organisations organizations associations groups
    companies firms unions governments agencies countries states charities businesses shareholders developers owners
    veterans pundits rebels militants defendants proponents detractors respondents participants women men americans
    britons russians ukrainians palestinians israelis chinese team crew jury panel"""
)
"""Nouns for a collective without a name."""

DOCUMENTS = word_set(
    """report reports study studies survey surveys poll polls statement letter memo document documents research analysis
    data figures estimates estimate intelligence article articles review indictment lawsuit complaint filing filings
    ruling sentence verdict law bill census email emails e-mail record records paper papers results findings evidence
    investigation inquiry assessment dossier transcript notice petition affidavit manifesto questionnaire website
    statistics projections forecasts post tweet book text release audit probe experiment trial message"""
)
"""Nouns for what is written."""

SPEAKING_NOUNS = ROLES | GROUPS | DOCUMENTS
"""Common nouns that may stand for a source."""

OUTLET_WORDS = word_set(
    """times post news herald guardian tribune telegraph gazette chronicle observer journal reuters bbc cnn afp
    associated yonhap kcna bloomberg npr cbs nbc abc msnbc itv politico axios newsweek economist spiegel figaro monde
    pais interfax tass ria xinhua jazeera bild haaretz independent mirror dispatch inquirer examiner sentinel bulletin
    courier daily weekly magazine newspaper broadcaster radio televsion television channel press buzzfeed vox forbes
    fortune wired verge vice techcrunch dpa ansa pti ndtv dw rfi nhk kyodo aljazeera propublica breitbart infowars
    wikinews sputnik rt"""
)
"""Words that make a capitalised name an outlet's."""

ORGANISATION_WORDS = word_set(
    """ministry department agency police inc inc. corp corp. ltd ltd. llc plc co. company university college institute
    institution commission council committee bank army navy force forces government court organisation organization
    association union party house senate congress parliament office bureau administration authority service services
    centre center foundation fund group federation league club society trust board school hospital church airlines
    airways motors industries technologies systems labs laboratory observatory museum academy nations crown command
    guard municipality city state embassy assembly cabinet campaign coalition alliance network treasury pentagon kremlin
    nato unicef unesco nasa fbi cia fda cdc epa who opec imf google apple microsoft amazon facebook twitter tesla meta
    boeing airbus samsung huawei hamas hezbollah taliban military prosecutor's watchdog regulator charity firm partners
    holdings exchange syndicate crescent cross greenpeace amnesty interpol europol brussels reserve district county
    security defence defense standards team studio studios entertainment pictures records energy"""
)
"""Words that make a name, or stand for, an organisation."""

PLACES = word_set(
    """afghanistan albania algeria argentina armenia australia austria azerbaijan bahrain bangladesh belarus belgium
    bolivia bosnia brazil britain bulgaria cambodia cameroon canada chad chile china colombia croatia cuba cyprus
    denmark ecuador egypt england eritrea estonia ethiopia europe finland france georgia germany ghana greece guatemala
    haiti honduras hungary iceland india indonesia iran iraq ireland israel italy jamaica japan jordan kazakhstan kenya
    korea kosovo kuwait laos latvia lebanon libya lithuania malaysia mali malta mexico moldova mongolia morocco
    mozambique myanmar nepal netherlands nicaragua niger nigeria norway oman pakistan palestine panama paraguay peru
    philippines poland portugal qatar romania russia rwanda scotland senegal serbia singapore slovakia slovenia somalia
    spain sudan sweden switzerland syria taiwan tanzania thailand tunisia turkey uganda ukraine uruguay uzbekistan
    venezuela vietnam wales yemen zambia zimbabwe us u.s u.s. uk u.k u.k. eu e.u un u.n u.n. uae dprk america washington
    moscow beijing london paris berlin kyiv kiev tehran ankara jerusalem brussels tokyo seoul pyongyang delhi islamabad
    riyadh cairo rome madrid warsaw ottawa canberra damascus baghdad havana caracas zealand states kingdom arabia
    africa lanka california texas florida ohio michigan arizona nevada oregon illinois pennsylvania virginia ontario
    quebec alberta queensland tasmania catalonia crimea gaza"""
)
"""Countries and capitals: beside a reporting verb they stand for a government."""

INSTITUTIONS = ORGANISATION_WORDS | OUTLET_WORDS | PLACES
"""Words that tell that a name is no person's."""

OUTLET_REFERENCES = word_set(
    """outlet paper newspaper broadcaster network channel magazine website site publication daily weekly tabloid station
    wire"""
)
ORGANISATION_REFERENCES = word_set(
    """police company firm ministry agency organisation organization department group government university bank
    regulator watchdog charity institute council committee commission court party union association body army military
    force carrier airline maker manufacturer giant retailer club team city office"""
)
DOCUMENT_REFERENCES = word_set(
    """report study survey poll statement letter memo document research analysis intelligence paper article indictment
    lawsuit complaint review"""
)
"""Nouns that, after "the", point back to the last of their kind."""

# --- names: what tells people, organisations and outlets apart -------------------------------------------------------

OUTLET_NAMES = word_set(
    """ledger chron evening morning argus mercury echo express star standard globe globes advertiser zeitung
    aftenposten asahi mainichi nikkei wire television tv fm gazeta pravda nacion mundo repubblica folha globo liberation
    statesman republic register intelligencer enquirer picayune digest broadcasting journalism insider newswire"""
) - word_set("standard star evening morning express globe republic register")
"""Words that, capitalised, tell an outlet beside those of `OUTLET_WORDS`."""

BUSINESS_WORDS = word_set(
    """ag gmbh sa nv spa oy ab asa bv pty limited incorporated corporation compact shipping semiconductor semiconductors
    devices pharmaceuticals pharma therapeutics biotech logistics foods brands stores retail media capital ventures
    insurance mutual electric power utilities water gas oil petroleum mining minerals steel metals chemicals software
    networks telecom telecommunications airline airways rail railway railways line lines ferries transport transit buses
    dairy farms brewery breweries hotels resorts homes housing properties estates estate investments securities
    consulting solutions international global worldwide automotive aerospace aviation dynamics robotics analytics
    interactive digital publishing press record theatre theater opera orchestra gallery library archive archives zoo
    rovers united athletic wanderers fc olympics games cup project programme program initiative forum network register
    registry tribunal inspectorate directorate secretariat division branch unit squad brigade fleet union unions
    confederation chamber guild order mission parish diocese synod convention conference congress caucus front movement
    brotherhood watch monitor survey laboratories clinic hospice infirmary surgery prison jail port harbour airport
    energies renewables solar wind grid mills works factory manufacturing engineering construction builders"""
) - word_set("order works unit")
"""Words that, capitalised in a name, tell that it is an organisation's."""

ORGANISATION_NOUNS = word_set(
    """police coastguard navy army military air-force government ministry department agency authority company firm bank
    court council committee commission party union university college school hospital museum charity regulator watchdog
    bureau office administration parliament senate congress embassy church board association federation league club team
    institute institution foundation trust society airline carrier operator supplier retailer manufacturer maker startup
    start-up group organisation organization campaign coalition fund consortium conglomerate developer landlord insurer
    lender brewer utility utilities company's prosecution defence defense crown cabinet treasury consulate municipality
    parish diocese gallery library theatre theater zoo laboratory lab force service nonprofit non-profit ngo cooperative
    co-operative tribunal inquest jury panel inspectorate constabulary brigade fleet tank think-tank network chain giant
    cartel gang militia management leadership business shop store factory plant port airport delegation mission"""
) - word_set("jury panel developer gang management")
"""Common nouns that stand for an organisation."""

STYLES = word_set(
    """speaker billionaire millionaire mogul tycoon nominee republican democrat democratic gop tory labour conservative
    liberal front-runner frontrunner president-elect whip det supt insp ch cpl pc dc trooper star superstar rapper
    comedian pop rock legendary sheikh baroness baron count duke duchess emir sultan emperor chef violinist pianist
    cellist conductor composer swimmer sprinter boxer quarterback pitcher midfielder winger golfer cyclist lifeguard
    paramedic firefighter deputy ranger dispatcher electrician plumber carpenter welder baker butcher tenant"""
)
"""What stands before a name like a title beside `ROLES`."""

PASTS = word_set(
    """sold bought won led cut drew hit set spent paid built shut split quit struck flew drove wrote rose shot stood
    sat swore
    taught threw wore chose ate dealt dug fed felt fled forgot froze hung hurt laid lay lent let lit rang rode sank
    sang shook slept slid sought spread sprang stole stuck swam swept swung took tore understood withdrew overtook
    wept leapt knelt burst bore woke awoke broke hid shrank strode trod bid cast cost forbade lost caught wound"""
)
"""Irregular past forms of frequent verbs that report nothing."""

ORGANISED_GROUPS = word_set(
    """organisations organizations associations groups companies firms unions governments agencies countries states
    charities businesses academics professors"""
)
"""Those among `GROUPS` whose singular is no person."""

PAPERS = word_set(
    """sign placard banner note label plaque listing letter brochure leaflet flyer poster guide handbook manual
    constitution treaty contract agreement deal order warrant certificate receipt invoice diary memoir memoirs biography
    autobiography blog column editorial op-ed bulletin newsletter briefing communique declaration resolution directive
    regulations rules guidelines guidance statute act legislation amendment proposal plan budget accounts minutes log
    database register scans test images footage video videos recording recordings photographs charter
    code headline headlines caption inscription verse gospel bible koran quran bill submission deposition testimony
    disclosure advisory alert forecast outlook barometer index ranking league-table scorecard figure account
    ad advert advertisement tape cable numbers documents files papers archives slides presentation prospectus
    spreadsheet readout draft white-paper summary abstract subpoena
    correspondence motion brief plea calendar excerpt remarks response quotation picture chart sheet schedule map"""
)
"""Nouns for what can be read beside `DOCUMENTS`."""

FEMININE_KIN = word_set(
    """wife mother daughter aunt niece grandmother widow girl woman mum mom girlfriend stepmother granddaughter hostess
    businesswoman saleswoman congresswoman councilwoman policewoman heroine landlady baroness duchess countess nun
    midwife grandma mrs ms miss bride"""
)
MASCULINE_KIN = word_set(
    """husband father son uncle nephew grandfather widower boy man dad boyfriend stepfather grandson businessman
    salesman congressman councilman policeman hero landlord baron duke count monk schoolboy grandad mr fisherman
    priest pope
    fireman groom"""
) - word_set("hero count landlord")
"""Kin and callings that tell the gender of whoever bears them."""

FEMININE_NAMES = word_set(
    """mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret ashley
    kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca sharon laura cynthia dorothy amy
    kathleen angela shirley emma brenda pamela nicole anna samantha katherine christine debra rachel carolyn janet maria
    olivia heather helen catherine diane julie victoria joyce lauren kelly christina ruth joan virginia judith evelyn
    hannah andrea megan cheryl jacqueline madison teresa abigail sophia martha sara gloria janice kathryn ann isabella
    judy charlotte julia grace amber alice jean denise frances danielle marilyn natalie beverly diana brittany theresa
    kayla alexis doris lori tiffany ellen sheila fiona claire kate katie lucy zoe chloe ella mia ava nadia fatima aisha
    leila layla yasmin mei ling priya anjali sunita indira greta ingrid astrid sofia elena olga natalia svetlana irina
    tatiana marta rosa carmen lucia ines pilar ana beatriz camila valentina gabriela francesca giulia chiara simone
    monique sylvie brigitte heidi ursula angelika petra hana yuki sakura keiko naomi rosie beth bea meg ria tessa mari
    gina hillary melania ivanka kamala nikki condoleezza theresa liz nicola jacinda marine christiane annalena"""
)
MASCULINE_NAMES = word_set(
    """james robert john michael david william richard joseph thomas christopher charles daniel matthew anthony mark
    donald steven andrew paul joshua kenneth kevin brian timothy ronald george jason edward jeffrey ryan jacob gary
    nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick frank raymond
    jack dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan jeremy christian walter
    keith austin roger terry sean gerald carl dylan harold jordan jesse bryan lawrence arthur gabriel bruce logan billy
    joe alan juan elijah willie albert wayne randy mason vincent liam roy bobby caleb bradley russell lucas tom tim jim
    bill bob mike dan ben sam max leo oscar hugo felix simon martin neil graham ian colin nigel trevor gareth alun dev
    owen evan rhys hugh phil ray ed ted fred harry oliver charlie luke mohammed muhammad mohamed ahmed ali hassan
    hussein omar yusuf ibrahim abdul khalid tariq ravi raj sanjay arjun vikram vladimir dmitry sergei ivan boris mikhail
    alexei nikolai viktor igor jens lars erik sven nils olaf bjorn hans klaus jurgen wolfgang dieter pierre jacques
    francois antoine luis carlos miguel diego pablo javier fernando jorge pedro manuel antonio marco giovanni luca paolo
    giuseppe hiroshi kenji takeshi wei jun barack joe jeff greg steve matt chris nick rick ron doug barry craig donny"""
)
"""Common first names; those that men and women share are in neither list."""
