"""The facts we know of: their themes, the words of their roles, and those that mark them.  Pure."""

# Theme: its words, and the facts that belong to it.
THEMES: tuple[tuple[str, str], ...] = (
    (
        "sleep slept asleep sleeping bed night rest",
        "asleep/bedtime/wake time/usual sleep/asleep needed",
    ),
    (
        "walked walking walk counted count legs feet taken took steps step",
        "steps/goal/left to goal",
    ),
    ("chair seated sat sit sitting", "sitting"),
    ("place", "place/since/stayed/thing"),
    (
        "list lists items item buy get need needs shopping basket put pick grab store",
        "items/count/list/aisle order/added/removed",
    ),
    (
        "meeting meetings calendar diary way room there's",
        "meeting/start/end/room/time until/with whom/travel time/first meeting",
    ),
    (
        "meeting meetings calendar diary day them they",
        "meetings/time in meetings/titles/longest/next free",
    ),
    ("stress", "stress/level/since/cause"),
    (
        "reminder reminders remind asked remember",
        "reminders/reminder list/next reminder/reminder/due/cancelled",
    ),
    ("timer timing", "time left/timer/ends at"),
    ("medicine dose take took taken taking pill tablet", "medicine/dose/due/taken at"),
    ("parked park car left", "parked at/since/distance"),
    ("met person", "name/relation/last met/note"),
    ("training workout load recovery body trained", "load/recovery/last workout/workout"),
    ("sound noise loud heard ears level", "loudest/time in noise"),
    ("home house room door lights light temperature", "room temperature/front door/lights on"),
    (
        "messages message held waiting notifications wrote",
        "messages/senders/urgent/held during/latest",
    ),
    ("day", "places/visits/highest stress/steps/workout/meetings/asleep"),
    ("heart pulse rate rest resting reads read", "heart rate/usual heart rate"),
    ("battery power charge charger leaves left within", "battery/time left"),
)
ROLES: dict[str, str] = {
    "asleep": (
        "got get gave came comes come makes made ran all sum behind spent slept began carried start"
    ),
    "bedtime": "from when went go turned turn got bed between began fell asleep keep puts off",
    "wake time": "woke wake waking awake up got get ended end until till to eyes opened when",
    "usual sleep": "usual rule normally get comes next set against",
    "asleep needed": "need needs get gives give room to",
    "steps": "done made today's covered come comes stand stands from got did shoes legs came",
    "goal": "goal aiming set target reach aim to left asks",
    "left to goal": (
        "left remain remaining go goal reach between leaves remains to missing away stand"
    ),
    "sitting": "makes comes stretch legs chair sat",
    "place": "from found left near arrived to place where got walked kept may",
    "since": (
        "since from came got arrived began started when where stayed same drink drank glass dry "
        "stress parked tense go"
    ),
    "stayed": "stayed spent makes comes all how total stay counting",
    "items": "list says namely written left buy out where",
    "count": (
        "makes leaves comes holds left all counted count list things total altogether remain to "
        "wanted"
    ),
    "list": "list off to from added changed am reading lost aisle order",
    "aisle order": "order aisle aisles go walk through begin start route shop follow",
    "added": "added put noted went goes done list gone joined now",
    "removed": "removed off took taken crossed out gone went struck rid done lost",
    "meeting": (
        "next goes come comes called begin begins coming ahead up follows then waiting will off "
        "go leave set way reach get until to"
    ),
    "start": "starts start begins begin from kicks opens runs goes when starting beginning",
    "end": "ends end until till to finishes finish runs goes closes ending when finished come",
    "room": "room to place takes held where go meet waiting get make want reach opens",
    "time until": (
        "until starts begins start left before away go within to remain remains expects get"
    ),
    "with whom": "meet meeting see join joined together will",
    "travel time": "takes take away travel journey trip road need way leave to",
    "first meeting": (
        "first begin begins start starts comes opens waiting then day meeting began started "
        "opened went"
    ),
    "meetings": (
        "shows show counts count lists see come comes holds hold booked went through sat held "
        "opened run asked"
    ),
    "time in meetings": (
        "take took spend spent all time total comes come came fill filled makes adds after goes "
        "sat gave behind"
    ),
    "titles": "namely called they lists named",
    "longest": "longest takes lasted took one biggest",
    "next free": "free gap slot open next room breathing comes window between",
    "stress": "reads read stands stand comes make measured measures level shows to",
    "level": "level seems see went looks put sits stands reads why tense",
    "cause": (
        "cause causes behind comes from due to like likely suspect perhaps linked "
        "reason may looks trace why"
    ),
    "reminders": "hold holding kept set pending waiting noted",
    "reminder list": "namely noted kept set they to wanted",
    "next reminder": "next comes first up coming then says",
    "reminder": "set will remind about noted written to kept tell told done",
    "due": "due set will remind tell come comes hear from until rings asked noted kept take when",
    "cancelled": "cancelled dropped gone off removed deleted crossed taken struck",
    "time left": (
        "left remain remains to go rings done leaves remaining until gives within find charger"
    ),
    "timer": "timer running runs called set rings left go until",
    "ends at": "ends end rings ring until runs done goes off finishes to stops",
    "medicine": "called time due dose to waiting asked please mention ready",
    "dose": "dose amount each one due please ready",
    "taken at": "took taken last when swallowed",
    "parked at": "find stands car parked to look",
    "distance": "away from walk distance far off to go",
    "name": "name called meet speaking talking last about note know person",
    "relation": "related know contacts say",
    "last met": "met last saw seen whom",
    "note": "note noted wrote remember about says notes who",
    "load": "load came felt measured",
    "recovery": "recovered recovery stands back reads stood put",
    "last workout": "last did workout behind",
    "workout": "did went out moved exercise got fitted",
    "loudest": "loudest peak peaked reached reaches loud to came got peaks peaking around",
    "time in noise": "spent noise loud time all",
    "room temperature": "reads stands warm room inside",
    "front door": "door front",
    "lights on": "lit burning light",
    "messages": "got came come arrived waiting kept hold held all sent they",
    "senders": "from sent wrote heard they came come",
    "urgent": "urgent pressing matters look first attention see marked please needs",
    "held during": "during held kept back they came come",
    "latest": "latest last newest came reads from says",
    "places": "went visited places to spent time took moved between way led saw",
    "visits": "visited visits saw dropped met came went made make paid",
    "highest stress": "stress peaked highest peak reached came to point out topped",
    "thing": "left behind check forgotten look think looks bag kept stayed may",
    "heart rate": "heart rate pulse see reads measured beats",
    "walk": "try would out fresh air go step suit could help outside walking take",
    "usual heart rate": "usual beside where next to comes",
    "battery": "battery power reads stands charge left plug my",
    "when": "",
}
# A value that could be taken for another one's is said only beside a word that tells which it is.
MARKED: dict[str, str] = {
    "bedtime": "bed bedtime from fell turned turn began asleep lights ",
    "wake time": "woke wake waking awake up ended end until till to eyes got",
    "usual sleep": "usual rule normally",
    "asleep needed": "need needs to gives",
    "goal": "goal aiming target aim of",
    "left to goal": "left remain remaining remains go away missing leaves between to",
    "since": "since from got arrived came began started parked drink drank dry",
    "start": "starts start begins begin from kicks opens runs starting at beginning to",
    "end": "ends end until till to finishes finish closes ending finished out",
    "time until": "until in start starts begins left away go have within remain remains",
    "travel time": "takes take travel way journey trip road need away",
    "longest": "longest biggest",
    "next free": "free gap slot open room between",
    "due": "due set will remind until by noted asked rings for tell is comes",
    "taken at": "took taken had last swallowed",
    "ends at": "ends end rings ring until done goes finishes to stops",
    "distance": "away walk distance far off go here from",
    "last met": "met last saw seen",
    "recovery": "recovered recovery",
    "load": "load training trained",
    "last workout": "last did workout",
    "loudest": "loudest peak peaked peaks peaking reached reaches around here",
    "time in noise": "noise loud spent",
    "room temperature": "room temperature warm inside",
    "battery": "battery power charge left",
    "urgent": "urgent pressing first attention matters",
    "latest": "latest last newest",
    "highest stress": "peaked highest peak reached topped",
    "first meeting": "first begin begins start starts began started opened opens open",
    "usual heart rate": "usual",
    "stayed": "been here stayed spent stay total for",
    "time left": "left remain remains go rings done leaves remaining until time within",
    "sitting": "sitting sat seated chair stretch sit",
    "added": "added put on noted went joined list",
    "removed": "removed off out crossed gone struck rid lost took",
    "cancelled": "cancelled dropped gone removed deleted crossed off",
    "cause": "cause causes behind from due to likely suspect perhaps reason looks trace why put",
}
PLAIN = frozenset(
    """
    place items count list meeting room meetings titles stress level reminders
    """.split()
) | {
    "aisle order", "with whom", "compared with usual", "reminder list", "next reminder", "reminder",
    "medicine", "dose", "parked at", "name", "relation", "note", "front door", "lights on",
    "messages", "senders", "held during", "places", "visits", "workout", "thing", "steps", "walk",
    "timer", "when", "sure", "urgent", "last workout", "first meeting", "last met",
}  # fmt: skip
"""Facts whose values say themselves what they are: "4 meetings", "38 min less than usual"."""
