"""Interpret between two people face to face: who speaks what, and by which path it is translated.

What is decided here is the session and the path of each direction; the sound is the voice's.  Any
language becomes English by the recognizer's own translation (Radford et al. 2022, "Robust speech
recognition via large-scale weak supervision", section 2.3); out of English, and between others, it
takes the wearer's larger model.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel

from agent.config import Section
from agent.context import Context, Memory
from agent.events import Input, SkillNoted
from agent.phrases import duration
from agent.ports import Recall
from agent.skill import MINUTE, Answer, Evidence, NoArguments, Proposal, Skill, Tool, sayings

SILENCE = timedelta(minutes=10)
SESSION_MAX = timedelta(hours=4)
ENGLISH = "en"
NAMES = {
    "ar": "Arabic", "zh": "Chinese", "cs": "Czech", "da": "Danish", "nl": "Dutch", "en": "English",
    "fi": "Finnish", "fr": "French", "de": "German", "el": "Greek", "he": "Hebrew", "hi": "Hindi",
    "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "no": "Norwegian", "fa": "Persian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "es": "Spanish", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian",
    "vi": "Vietnamese",
}  # fmt: skip
PATHS = {
    "recognizer": "by the recognizer itself, if it is the multilingual one",
    "larger": "by your larger model, if one is set up",
}


class Settings(Section):
    """The interpreter has no settings of its own."""


class Between(BaseModel):
    """The language of the other person."""

    language: str


def path(spoken: str, wanted: str) -> str:
    """Return what translates *spoken* into *wanted*: `recognizer` or `larger`; "" for one alone."""
    if spoken == wanted:
        return ""
    return "recognizer" if wanted == ENGLISH else "larger"


def begin(asked: Between, _: Recall, context: Context) -> Answer:
    """Begin a session between English and another language."""
    theirs = asked.language
    if theirs not in NAMES or theirs == ENGLISH:
        return Answer("I can't tell which language the other one speaks.", known=False)
    name = NAMES[theirs]
    there, back = PATHS[path(theirs, ENGLISH)], PATHS[path(ENGLISH, theirs)]
    evidence = (
        Evidence(role=f"{name} to English", value=there, kind="text", said=True),
        Evidence(role=f"English to {name}", value=back, kind="caveat", said=True),
    )
    return Answer(
        f"I interpret between English and {name}: {name} becomes English {there}, "
        f"English becomes {name} {back}.",
        evidence,
        events=(_note(context, "begun", theirs=theirs),),
        undo=(_note(context, "ended"),),
        offer=f"interpret between English and {name}",
    )


def end(_: NoArguments, __: Recall, context: Context) -> Answer:
    """End the session."""
    since = session(context)
    if since is None:
        return Answer("I am not interpreting just now.", known=False)
    told = f"after {duration(context.now - since)}"
    return Answer(
        f"I have stopped interpreting, {told}.",
        events=(_note(context, "ended"),),
        offer="stop interpreting",
    )


def state(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return between which languages a session runs."""
    since = session(context)
    if since is None:
        return Answer("I am not interpreting just now.")
    name = NAMES[str(context.own("interpreter")["theirs"])]
    told = f"between English and {name}"
    return Answer(
        f"I am interpreting {told}, for {duration(context.now - since)}.",
        (Evidence(role="session", value=told, kind="name", since=since),),
    )


class Interpreter(Skill):
    """Speaks only to say that a session ended by itself."""

    name = "interpreter"
    theme = "promised"
    fresh_min = 15
    settings = Settings
    reads = frozenset(("heard_at",))
    wakes = frozenset((MINUTE,))
    does = frozenset(("promise",))
    folds = frozenset(("skill_noted",))
    tools = (
        Tool(
            name="interpret",
            what="interpreting between you and another person",
            examples=sayings("""
                interpret between us, she speaks {language} | interpret from {language}
                translate for us from {language} | be our interpreter for {language}
                he only speaks {language}, interpret for us | start interpreting {language}
                help me talk with someone who speaks {language} | interpreter for {language}
                translate between me and Maria, she speaks {language}
                I need an interpreter for {language} | interpret {language} for me please
                translate what he says from {language} | let's talk, he speaks {language}
                interpret this conversation in {language} | {language} interpreter on
                turn on the interpreter for {language} | can you interpret {language}
                my guest speaks {language}, translate for us | live translation from {language}
                translate our conversation, the other one speaks {language}
                be the interpreter between English and {language}
                they speak {language}, please interpret | translate {language} speech for me
                begin to interpret between English and {language}
                I'm talking to a {language} speaker, translate
                um interpret for us it's it's {language}
                face to face translation with {language}
                do the interpreting into English from {language}
                we don't share a language, she has {language}
                help us understand each other in {language}
            """),
            arguments=Between,
            answer=begin,
            acts=True,
            frames=(
                r"\b(?:interpret|interpreter|interpreting)\b(?!.*\b(?:stop|end|off|are you)\b)",
                r"\btranslate (?:for us|between|our conversation|what (?:he|she|they) say)",
            ),
            asks={"language": "Which language does the other person speak?"},
        ),
        Tool(
            name="stop_interpreting",
            what="ending the interpreting",
            examples=sayings("""
                stop interpreting | end the interpreting | interpreter off | stop translating for us
                we are done talking, stop interpreting | no more interpreting | end the translation
                you can stop interpreting now | turn the interpreter off | quit interpreting
                finish interpreting | that's all, stop translating | the interpreter can stop
                stop the live translation | thank you, no more translating
                she has left, stop interpreting | stop to translate please | interpreting is over
                close the interpreter | end our translated conversation | stop the interpreter
                enough translating | we understand each other now, stop interpreting
                halt the interpreting | I don't need the interpreter any more
                switch off the interpreter | interpreter, stop | leave the translating
                um stop the interpreting | shut the interpreter down
                no translation any longer
            """),
            arguments=NoArguments,
            answer=end,
            acts=True,
            removes=True,
            frames=(
                r"\b(?:stop|end|quit|finish|no more|enough|off|halt)\b.*\b(?:interp|transl)\w*\b",
            ),
        ),
        Tool(
            name="interpreting",
            what="whether a conversation is being interpreted",
            examples=sayings("""
                are you interpreting | is the interpreter on | which language are you interpreting
                do you translate for us right now | are you translating | is the translation running
                between which languages do you interpret | what are you interpreting
                how long have you been interpreting | is the interpreter still running
                who are you translating for | is live translation on | interpreter state
                are you still translating | did you stop interpreting | is someone being interpreted
                from which language do you translate now | the interpreter, is it on
                has the interpreter stopped | are you our interpreter now
                is the interpreting going on | do you still interpret
                what language pair is on | tell me if the interpreter runs
                is there an interpreting session | are we being translated
                um are you are you translating now | interpreter status | did the interpreter end
                is the interpreter listening
            """),
            arguments=NoArguments,
            answer=state,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose to tell that a session has ended, once nobody has spoken for long."""
        memory = context.own(self.name)
        if "since" not in memory or "until" in memory or session(context) is not None:
            return ()
        since = datetime.fromisoformat(str(memory["since"]))
        return (
            Proposal(
                topic=f"ended {since:%Y-%m-%dT%H:%M:%SZ}",
                glance="Interpreting has ended",
                text="I have stopped interpreting: nobody spoke any more.",
                evidence=(f"no speech for {duration(SILENCE)}",),
                evidence_at=context.now,
                urgency="promised",
                expires=since + SESSION_MAX + timedelta(hours=1),
            ),
        )

    def fold(self, memory: Memory, event: Input, context: Context) -> Memory:
        """Begin or end a session."""
        if not isinstance(event, SkillNoted):
            return memory
        at = event.at.isoformat()
        if event.name == "begun":
            return {"since": at, "mine": ENGLISH, "theirs": str(event.data.get("theirs", ""))}
        return {**memory, "until": at} if "since" in memory and "until" not in memory else memory


def session(context: Context) -> datetime | None:
    """Return since when a session runs; it ends by itself after SILENCE without a word."""
    memory = context.own("interpreter")
    if "since" not in memory or "until" in memory:
        return None
    since = datetime.fromisoformat(str(memory["since"]))
    running = context.now - max(since, context.heard_at) <= SILENCE
    return since if running and context.now - since <= SESSION_MAX else None


def _note(context: Context, name: str, *, theirs: str = "") -> SkillNoted:
    data = {"theirs": theirs} if theirs else {}
    return SkillNoted(at=context.now, skill="interpreter", name=name, data={**data})
