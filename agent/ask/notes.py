"""What a reminder is to say: the sentence without its frame and its time.  Pure."""

import re

from agent.ask import dues
from agent.ask.frames import FILLERS, cased, unwrapped
from agent.context import Context

TEXT_MAX = 200
_SHOUT = r"(?:nudge|shout|poke|ping|buzz|reminder|heads[- ]up|tap|call|prod|kick|alert)"
_FRAMES = (
    r"(?:please )?remind(?:er)? (?:me|us)", r"(?:please )?(?:to )?remember me",
    r"(?:set |make |an? |my |the )*alarm", r"wake (?:me|us)(?: up)?",
    (
        r"(?:set|create|make|add|put|schedule|leave|save|start)(?: up| in| me)*(?: (?:a|an"
        r"|another|new))*"
        rf" {_SHOUT}"
    ),
    rf"(?:give|send|get) me (?:a |another )?(?:little |quick )?{_SHOUT}",
    r"(?:a |new |another )*(?:reminder|heads[- ]up)", r"note to self", r"make a note",
    r"(?:please )?(?:don't|do not|never|not) let me forget",
    r"so i (?:don't|do not|won't) forget",
    r"make sure(?: that)?(?: i)?", r"see to it that i",
    (
        r"i (?:need|have|want|would like|wanna|ought)(?: to)?"
        r" (?:be reminded|remember|not forget|a reminder)"
    ),
    r"i'd like (?:to be reminded|a reminder)", r"i(?:'ve| have) got to remember",
    r"i (?:must|should|can)(?:n't| not)? ?(?:remember|forget)", r"i better not forget",
    r"(?:tell|nudge|ping|poke|alert|warn|nag|notify|buzz|prod|message|bug) (?:me|us)",
    r"remember to (?:tell|remind) me", r"let me know", r"(?:help|get) me (?:to )?remember",
    r"(?:jog|wake|refresh) my memory", r"(?:say|shout|yell|holler) (?:to|at) me", r"memo",
    r"gimme (?:a )?(?:nudge|shout|reminder|poke|ping)", r"(?:beep|tap|kick|pester|hit) me",
    r"(?:lemme|let me) not forget", r"(?:keep|stop) me (?:from )?forgetting", r"mind me",
    r"i keep forgetting", r"i always forget", r"don't forget(?: to remind me)?", r"remember",
)  # fmt: skip
_LINKS = (
    r"(?:to|that|about|of|for|regarding|so (?:that )?(?:i|we)|it's time to|time to"
    r"|when it's time to|i (?:should|have to|need to|must|ought to|want to|wanted to|gotta)"
    r"|i've got to|i have got to|we (?:should|have to|need to|must)|not to forget|saying"
    r"|which says|with|called)\b"
)
_START = re.compile(rf"^(?:{'|'.join(_FRAMES)})\b[\s,:|-]*")
_LINK = re.compile(rf"^{_LINKS}[\s,:|-]*")
_OWN = re.compile(
    r"^(?:i|we)(?:'ve| have)? (?:got to|have to|need to|must|should|gotta|want to)\b[\s|]*"
)
_END = re.compile(
    rf"[\s,.;:|-]*\b(?:remind|(?:and |so |but )*(?:please |can you |could you |would you )*"
    r"(?:remind|tell|nudge|ping|alert|warn|poke) me(?: (?:about|of|to do) (?:it|that))?(?: then)?"
    rf"|(?:so )?(?:give|send) me a {_SHOUT}|(?:so )?(?:don't|do not) let me forget(?: it| that)?"
    r"|set a reminder(?: for (?:it|that))?|i (?:mustn't|must not|can't"
    r"|don't want to) forget(?: it)?"
    r"|make sure (?:that )?i (?:do|don't forget|remember)(?: it| that| to)?"
    r"|make a note(?: of it)?|needs a reminder|is the reminder)[\s.!?|]*$"
)
_EDGES = re.compile(rf"^(?:{FILLERS}\b[\s,|]*)+|[\s|]+(?:at|on|in|by|for|around|and|the|to|um|uh)$")
_CANCEL = frozenset(
    """
    cancel delete remove drop scrap forget clear kill lose undo take back turn off away get
    rid of the a my our that this reminder reminders reminding remind me to about for i i've
    ive don't dont do not need any more anymore no never mind stop you please set have has had
    done is sorted needed already did could would can it one and was were be been want um uh
    alert nudge ping go call as well too now just nah actually hey ok okay so on with from out
    up yesterday today tomorrow tonight at in s ll ve longer you're youre bother bothering
    nagging nag telling tell notification anymore. we us which said saying thing there's
    theres got gotten finished handled over all every
    """.split()
)
_ANY = re.compile(
    rf"\b(?:(?:remind|nudge|ping|poke|prod|bug|beep|buzz|tap|tell|kick|alert|pester) (?:me|us)"
    r"|(?:shout|yell|holler) (?:at|to) (?:me|us)"
    rf"|(?:give|gimme) (?:me )?a (?:little |quick )?{_SHOUT}|(?:don't|do not|never) let me forget"
    r"|(?:set|create|make) (?:me )?a reminder|(?:jog|wake|refresh) my memory)"
    r"\b[\s|]*(about (?:it|that)\b)?"
)
_WAKES = re.compile(r"\balarm\b|\bwake (?:me|us)\b")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_ALL = re.compile(r"\b(?:all|every|everything|each)\b|\breminders\b|\bboth\b")


def text(sentence: str, context: Context) -> str | None:
    """Return what *sentence* asks to be reminded of, as one would note it down."""
    left = dues.read(sentence, context).rest.replace("|", " | ")
    left = unwrapped(_behind(" ".join(left.split())))
    for _ in range(4):
        shorter = _unframed(left)
        if shorter == left:
            break
        left = shorter
    left = " ".join(left.replace("|", " ").split()).strip(" ,.!?:;-\"'")
    if not left and _WAKES.search(sentence.lower()):
        return "Wake up"
    return cased(left, sentence)[:TEXT_MAX] or None


def _behind(text: str) -> str:
    """Return what begins with the frame, where something stands behind it: before is only talk."""
    for match in _ANY.finditer(text):
        after = re.sub(r"[^\w]|\b(?:please|then|ok|thanks)\b", "", text[match.end() :])
        if after and not match[1]:
            return text[match.start() :]
    return text


def which(sentence: str, context: Context) -> str | None:
    """Return the text of the reminder that *sentence* means, `all`, or the words that it has."""
    coming = [context.reminders[id_] for _, id_ in context.queue]
    said = [_stem(word) for word in _WORD.findall(sentence.lower()) if word not in _CANCEL]
    every = [one.text for one in coming] + [one.text for one in context.awaited.values()]
    scored = [(_overlap(said, text), text) for text in every]
    best = max((score for score, _ in scored), default=0.0)
    if best > 0:
        names = {text for score, text in scored if score == best}
        return names.pop() if len(names) == 1 else None
    if _ALL.search(sentence.lower()) and not said:
        return "all"
    if coming and said in (["next"], ["first"]):
        return coming[0].text
    if coming and set(said) <= {"last", "latest", "newest"} and said:
        return max(coming, key=lambda one: one.at).text
    return " ".join(said) or None


def _unframed(text: str) -> str:
    bare = _START.sub("", text).strip()
    if bare != text:
        bare = _LINK.sub("", bare.lstrip(" |,:"))
    bare = _END.sub("", bare)
    bare = _OWN.sub("", bare)
    bare = _EDGES.sub("", bare).strip(" |,.!?:;-")
    return unwrapped(bare)


def _overlap(said: list[str], text: str) -> float:
    words = [_stem(w) for w in _WORD.findall(text.lower()) if w not in _CANCEL]
    hits = sum(word in said for word in dict.fromkeys(words))
    return hits / len(words) if words else 0.0


def _stem(word: str) -> str:
    for ending in ("'s", "ing", "ies", "es", "ed", "s", "y"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending)
    return word
