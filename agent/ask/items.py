"""Things for a list in a sentence: "milk, two lemons and a loaf of bread".  Pure."""

import re

from agent.ask import todos
from agent.ask.frames import FILLERS, cased, unwrapped
from agent.ask.numbers import NUMBER, number, shown
from agent.ask.spelled import plain
from agent.context import Context
from agent.events import Item
from agent.fusion.lists import folded

NAME_MAX = 64
WORDS_MAX = 5
ITEMS_MAX = 30
_MEASURES = (
    "loaf|loaves|bottle|bag|pack|packet|box|boxe|can|tin|carton|jar|kilo|kilogram|kg|gram"
    "|g|litre|liter|l|ml|pint|bunch|bunche|piece|slice|tube|roll|pair|stick|bar|head|cup"
    "|pound|lb|ounce|oz|tub|crate|punnet|sack|net|portion|sheet|block|wedge|sachet"
    "|six-pack|metre|meter|m"
)
_AMOUNT = re.compile(
    rf"^(?:(?P<count>{NUMBER})(?:\b ?|(?=(?:k?g|m?l)\b)))?"
    r"(?:(?P<size>(?:big|small|large|fresh|little) )?"
    rf"(?P<measure>{_MEASURES})s?\b (?:of )?)?(?:of )?(?P<name>.+)$"
)
_ARTICLES = re.compile(
    r"^(?:(?:some|any|the|my|our|more|another|a bit of|a little|a few|few|extra|those|these|that"
    r"|lots of|enough|no)\b ?)+"
)
_LIST = re.compile(
    r"[\s,]*\b(?:(?:my|the|our) (?:shopping |grocery |packing )?list\b|(?:(?:back )?(?:on|to"
    r"|onto|in"
    r"|into|off|from|of|for|out of|over to) )"
    r"(?:of )?(?:the |my |our |that |a )*(?:[a-z]{2,20} )?(?:list|shopping|groceries|grocery"
    r"|shop|store"
    r"|supermarket|market|basket|trolley|cart|bag|kitchen|fridge|cupboard|house|suitcase|pantry)\b)"
)
_BEGIN = re.compile(
    r"^(?:(?:add|put|stick|write|note|jot|chuck|throw|get|buy|grab|pick up|bring|include|pop|bung"
    r"|off|remove|take|delete|cross|tick|strike|scratch|drop|clear|scrap|lose|leave|mark"
    r"|check|forget"
    r"|pack|packed|erase|kill|bought|got|found|have|need|want|chalk|stock up on|order|note|skip"
    r"|get rid of|we could do with|could do with|ditch|ran|run|running|bin)"
    r"(?: (?:off|out|down|up|back|away|about|in|on|onto|of|low on|low|out of|rid of))*\b"
    r"|(?:to )?the (?:[a-z]{2,20} )?list:?"
    r"|(?:should|shall|can|may|must|do|did|could) (?:i|we)|(?:a )?new item|another thing"
    r"|(?:shopping|grocery) list|also|not|anymore|that|to|of|is|it's"
    r"|there(?:'s| is| are)(?: no| none)?(?: more)?|no need for|(?:no )?more"
    r"|i'm missing|i am missing|we're short of|we are short of|short of|don't let me forget"
    r"|remember"
    r"|make a note|(?:i|we|you|he|she|they|my \w+|the kids|someone)(?:'ve|'re|'m|'d|'ll| have| are"
    r"| am| had| has| would| will)?(?: (?:already|just|also|really|all|now|still|never"
    r"|definitely))*"
    r"(?: (?:need|want|don't need|do not need|don't want|have|haven't|bought|got|gotten"
    r"|picked up|had"
    r"|forgot|should|must|could|can|like|ran|run|running|found|packed|purchased|grabbed|lack|miss"
    r"|won't need|use|used))*(?: (?:to|to buy|to get|out of|low on|up|a look))*"
    rf"|{FILLERS}|on (?:the |my |our )?(?:[a-z]{{2,20}} )?list|from (?:the "
    rf"|my )?(?:[a-z]{{2,20}} )?list"
    r"|(?:for|in) (?:the |my )?(?:shopping|shop|kitchen|(?:[a-z]{2,20} )?list))\b[\s,:|-]*"
)
_END = re.compile(
    r"[\s,|]*\b(?:on|off|to|onto|from|out|down|back|away|too|as well|also|please|already|any ?more"
    r"|after all|left(?: at home)?|at home|at the (?:shop|store|supermarket|market)|today|tomorrow"
    r"|next time|soon|again|now|instead|(?:is|are|were|was|'s)(?: (?:all|already|now|nearly"
    r"|almost))*"
    r" (?:bought|done|gone|finished|empty|packed|there|in|not needed|needed|out|low|missing|over"
    r"|running low|running out|used up|sorted|available|in)|isn't needed|aren't needed|not needed"
    r"|(?:as|is|are) (?:bought|done|got|packed|purchased)|done|bought|packed|can (?:come|go)|gone"
    r"|off the list|if you (?:can|would)|for (?:me|us|dinner|tomorrow|tonight|the weekend|the party"
    r"|breakfast|lunch)|and that's it|that's (?:it|all)|cross it|so (?:take|cross|tick) (?:it|them)"
    r"|(?:and )?(?:take|cross|tick|put|add|write|remove) (?:it|them|that)|remove|both|all|it|them)"
    r"[\s.!?,|]*$"
)
_BY_OTHERS = re.compile(r"^\w+ (?:has |have )?(?:already )?(?:bought|got) (?:some|it|them|one)$")
_WORD = re.compile(r"[^\W_][\w'-]*")
_BEFORE = (
    r"(?:the|my|our|of|and|some|a|an|got|bought|have|took|take|off|out|packed|need|more|any"
    r"|no|cross"
    r"|tick|remove|delete|forget|grabbed|found|with|about|for|had|is|already|then|these|those|that)"
)
_PRONOUNS = frozenset(
    "it them that this those these one ones some all both something anything stuff things thing "
    "everything nothing list shopping me us".split()
)
_SPLIT = re.compile(r"\s*(?:,|;|\band\b|\bplus\b|&|\bas well as\b|\balso\b|\bthen\b|\|)\s*")
_TOGETHER = (
    "mac and cheese",
    "fish and chips",
    "salt and vinegar",
    "half and half",
    "bits and bobs",
)
_ALONE = frozenset(
    "milk eggs bread butter cheese rice pasta sugar flour salt apples bananas tomatoes onions "
    "potatoes carrots yoghurt yogurt coffee tea bacon ham chicken lettuce cucumber garlic lemons "
    "oranges socks towels batteries toothpaste shampoo soap nails screws".split()
)


def items(sentence: str, context: Context) -> tuple[Item, ...] | None:
    """Return the items that *sentence* names; None for none, or for what looks like none."""
    if tasks := todos.tasks(sentence):
        return tasks
    bare = _bare(_without_names(todos.unnamed(plain(sentence)), context))
    for place, together in enumerate(_TOGETHER):
        bare = bare.replace(together, f"\x00{place}")
    parts = [one for part in _SPLIT.split(bare) for one in _dictated(part)]
    found: dict[str, Item] = {}
    for part in parts:
        item = _item(_joined(part), sentence)
        if item is not None:
            found.setdefault(item.name.lower(), item)
    return tuple(found.values())[:ITEMS_MAX] or None


def _without_names(text: str, context: Context) -> str:
    """Return *text* without "on packing", "for the hardware": that is where, and not what."""
    names = "|".join(re.escape(name.lower()) for name in context.list_names)
    where = rf"\b(?:on|to|onto|for|in|into|off|from) (?:the |my )?(?:{names})\b(?: list)?"
    return re.sub(where, " ", text) if names else text


def listed(sentence: str, context: Context) -> tuple[Item, ...] | None:
    """Return the items that *sentence* names, those alone that are on a list where some are."""
    if done := todos.done(sentence, context):
        return done
    said = items(sentence, context) or ()
    known = {folded(item.name) for name in context.list_names for item in context.items(name) or ()}
    there = tuple(item for item in said if folded(item.name) in known)
    if there:
        return there
    if said and all(len(item.name.split()) < 3 for item in said):
        return said
    words = " ".join(_WORD.findall(plain(sentence)))
    found = [name for name in known if re.search(rf"(?:^|\b{_BEFORE} ){re.escape(name)}\b", words)]
    found = [one for one in found if not any(one != other and one in other for other in found)]
    return tuple(Item(name=one) for one in sorted(found, key=words.index)) or said or None


def _bare(text: str) -> str:
    """Return *text* without its frame, at both ends."""
    text = unwrapped(text)
    for _ in range(6):
        shorter = _LIST.sub(" ", text).strip(" ,.!?:|")
        shorter = _END.sub("", _BEGIN.sub("", shorter, count=1)).strip(" ,.!?:|")
        if shorter == text:
            break
        text = shorter
    return text


def _joined(part: str) -> str:
    for place, together in enumerate(_TOGETHER):
        part = part.replace(f"\x00{place}", together)
    return part


def _dictated(part: str) -> list[str]:
    """Return the words of "milk eggs bread", which no comma keeps apart; else *part* alone."""
    words = part.split()
    return words if len(words) > 1 and all(word in _ALONE for word in words) else [part]


def _item(part: str, original: str) -> Item | None:
    text = _ARTICLES.sub("", _bare(part.strip(" .!?\"'"))).strip()
    match = _AMOUNT.match(_BY_OTHERS.sub("", text))
    if match is None:
        return None
    name = _ARTICLES.sub("", match["name"]).strip(" .!?\"'")
    count = number(match["count"]) if match["count"] else None
    name = re.sub(r"'(?:s|re)$", "", name)
    wordy = len(name) > NAME_MAX or len(name.split()) > WORDS_MAX
    name = " ".join(name.split())
    if wordy or name in _PRONOUNS or number(name) is not None or not re.search(r"[^\W_]", name):
        return None
    return Item(name=cased(name, original), amount=_amount(count, match))


def _amount(count: float | None, match: re.Match[str]) -> str:
    article = match["count"] in ("a", "an")
    if match["measure"] is None:
        return "" if count is None or article else shown(count)
    measure = match["measure"].replace("boxe", "box").replace("bunche", "bunch")
    many = (
        count is not None and count > 1 and measure not in ("g", "kg", "l", "ml", "lb", "oz", "m")
    )
    measure = (
        {"loaf": "loaves"}.get(measure, f"{measure}s") if many and measure[-1:] != "x" else measure
    )
    if many and measure[-1:] == "x":
        measure = f"{measure}es"
    return f"{shown(count if count is not None else 1)} {measure.replace('loavess', 'loaves')}"
