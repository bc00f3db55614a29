"""Tell the house when you leave, come home, sleep and wake, so that lights and heating follow.

What is published is a state, `away`, `home`, `asleep` or `awake`, under
`carpal/WEARER/act/home/presence`; `data/home_assistant/carpal.yaml` makes lights and heating of it.
It asks once for each: a yes holds from then on, a no too, until the wearer says
otherwise.  No lock and no alarm hangs on it: where you are can be faked.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from pydantic import BaseModel, Field

from agent.config import Section
from agent.context import Context, Memory
from agent.events import Action, GrantChanged, Input, Publish
from agent.phrases import clock, listing
from agent.ports import Recall
from agent.skill import Answer, Evidence, NoArguments, Proposal, Skill, Tool, sayings

State = Literal["away", "home", "asleep", "awake"]
STATES: tuple[State, ...] = ("away", "home", "asleep", "awake")
SOON = timedelta(minutes=15)  # later, the house has long noticed by itself
GONE = timedelta(minutes=30)  # who was away for less has only taken the rubbish out
ASLEEP = timedelta(minutes=10)  # who has slept for less may get up again
CONFIDENCE = 0.9
WORTH = 0.7
ASKED = {
    "away": "You have left home: shall the house save light and heat, now and whenever you leave?",
    "home": "You are home: shall the house come back to life, now and whenever you come home?",
    "asleep": "You sleep: shall lights and heating go down, now and whenever you fall asleep?",
    "awake": "You are awake: shall the house wake too, now and whenever you wake up?",
}
GLANCES = {
    "away": "House to away?",
    "home": "House to home?",
    "asleep": "House to sleep?",
    "awake": "House to day?",
}
SPOKEN = {
    "away": "when you leave",
    "home": "when you come home",
    "asleep": "when you sleep",
    "awake": "when you wake",
}


class Settings(Section):
    """What the house is told of."""

    away: bool = Field(default=True, description="That you have left home.")
    home: bool = Field(default=True, description="That you have come home.")
    asleep: bool = Field(default=True, description="That you have fallen asleep at home.")
    awake: bool = Field(default=True, description="That you have woken up at home.")


class When(BaseModel):
    """Of which states the wearer speaks."""

    presence: tuple[State, ...] = Field(default=STATES)


class _Change(NamedTuple):
    state: State
    at: datetime
    why: str


def alone(asked: When, _: Recall, context: Context) -> Answer:
    """Let the house be told without asking, of what the wearer names."""
    before = _alone(context)
    after = tuple(sorted({*before, *asked.presence}))
    told = listing([SPOKEN[state] for state in asked.presence])
    return Answer(
        f"I tell the house without asking {told}.",
        (Evidence(role="told", value=told, kind="list"),),
        events=(_grant(context, after),),
        undo=(_grant(context, before),),
        offer=f"tell the house without asking {told}",
        weighty=True,
    )


def ask_first(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Ask again before the house is told anything."""
    before = _alone(context)
    if not before:
        return Answer("I ask before I tell the house anything.")
    return Answer(
        "From now on I ask before I tell the house anything.",
        events=(_grant(context, ()),),
        undo=(_grant(context, before),),
        offer="ask before I tell the house anything",
    )


def house(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return what the house was told last, and what it is told without asking."""
    done = [one for one in context.shown if one.skill == "home" and one.answer == "accepted"]
    by_itself = listing([SPOKEN[state] for state in STATES if state in _alone(context)])
    how = f"It is told without asking {by_itself}." if by_itself else "I always ask first."
    if not done:
        return Answer(f"You have let me tell the house nothing lately. {how}")
    state, at = done[-1].topic.partition(" ")[0], clock(done[-1].answered_at, context.local)
    return Answer(
        f"I told the house at {at}: {state}. {how}",
        (
            Evidence(role="state", value=state, kind="name"),
            Evidence(role="when", value=f"at {at}", kind="window", until=done[-1].answered_at),
        ),
    )


class Home(Skill):
    """Notice the four changes, each once."""

    name = "home"
    theme = "home"
    fresh_min = 30
    settings = Settings
    reads = frozenset(("entities", "place", "sleep"))
    wakes = frozenset(("minute", "location_measured", "region_crossed"))
    does = frozenset(("publish",))
    folds = frozenset(("feedback_given", "gesture_made", "grant_changed"))
    tools = (
        Tool(
            name="alone",
            what="letting the house follow you without asking",
            examples=sayings("""
                tell the house by yourself {presence} | don't ask about the house {presence}
                let the house follow me by itself {presence} | tell the house without asking
                always tell the house {presence} | set the house to away by yourself
                the house may follow without asking | stop asking about the house, just tell it
                you can tell the house without asking {presence} | automate the house {presence}
                please tell the house alone {presence} | just tell the house {presence}
                the house need not wait for my yes {presence} | do the house without me {presence}
                no need to ask before you tell the house {presence}
                go ahead and tell the house on your own {presence}
                from now on the house follows me without a question
                you may tell the house on your own {presence} | the house can just follow me
                tell the house automatically {presence} | no questions about the house {presence}
                let the house know by yourself {presence} | inform the house on your own {presence}
                I don't want to be asked about the house {presence}
                the house should know by itself {presence} | stop asking before telling the house
                just let the house know {presence} | tell the house each time {presence}
                handle the house alone {presence} | the house can be told without a word from me
                update the house on your own {presence} | house on autopilot {presence}
                um the house you can do that alone {presence}
            """),
            arguments=When,
            answer=alone,
            acts=True,
            frames=(
                r"\bhouse\b.*\b(?:by (?:your|it)self|on your own|without (?:asking|me)|alone)\b",
                r"\b(?:automate|always tell) the house\b",
                r"\b(?:don't|do not|needn't|stop|no need to) ask(?:ing)?\b.*\bhouse\b",
            ),
            asks={"presence": "Of what shall the house be told: leaving, coming, sleep, waking?"},
        ),
        Tool(
            name="ask_first",
            what="asking before the house is told",
            examples=sayings("""
                ask me before you tell the house | ask first about the house
                always ask before the house is told | don't tell the house without asking
                stop telling the house by yourself | ask before you tell the house anything
                never tell the house without a yes of mine | ask me about the house again
                I want to be asked about the house | check with me before you tell the house
                don't automate the house any more | the house shall wait for my yes
                no more telling the house on your own | ask me first when it is about the house
                do not tell the house anything by yourself | question me before the house is told
                the house must not follow me by itself | wait for my okay before telling the house
                I'd like a question before you tell the house | ask again about the house
                stop the house from following me by itself | let me decide about the house
                always get my okay for the house | don't let the house follow on its own
                no autopilot for the house | ask me each time about the house
                keep asking me about the house | never do the house without me
                take back that the house follows by itself | the house only after I say yes
                um ask me before the before you tell the house
                you shouldn't tell the house alone any more
            """),
            arguments=NoArguments,
            answer=ask_first,
            acts=True,
            removes=True,
            frames=(
                r"\b(?:ask|check)\b.*\b(?:first|before|again|with me)\b.*\bhouse\b",
                r"\b(?:stop|don't|do not|never) tell(?:ing)? the house\b",
                r"\b(?:stop|don't|do not) automat\w+ the house\b",
            ),
        ),
        Tool(
            name="house",
            what="what the house was told",
            examples=sayings("""
                what did you tell the house | is the house on away | what state is the house in
                does the house know I'm home | did you tell the house I left
                what does the house do by itself | what is the house told without asking
                have you set the house to sleep | what have you told home assistant
                does the house know that I am away | what is the house set to
                when did you last tell the house something | house state | is the house asleep
                what has the house been told | which state did you send to the house
                does my house think I'm out | was the house told that I went to bed
                what did home assistant hear from you | has the house been set to away
                is the house told by itself or do you ask | what does the house believe
                did the house get the message that I'm back | status of the house
                what did you last say to the house | do you ask before you tell the house
                is the house in sleep mode | who told the house I was gone
                um what does the house know about me | does the house know I'm awake
            """),
            arguments=NoArguments,
            answer=house,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose to tell the house what has just changed."""
        if not context.entities:
            return ()  # no house listens
        found = [*_moved(context), *_slept(context)]
        refused = _kept(context.own(self.name), "refused")
        wanted = [one for one in found if getattr(settings, one.state) and one.state not in refused]
        return tuple(_asks(one, context) for one in wanted)

    def fold(self, memory: Memory, event: Input, context: Context) -> Memory:
        """Keep what may be done without asking, and what not: by a grant, a yes or a no."""
        if isinstance(event, GrantChanged):
            own = event.skill == self.name
            return {"alone": list(event.alone), "refused": []} if own else memory
        said = [one for one in context.shown if one.skill == self.name and one.answer]
        if not said or said[-1].answered_at != context.now:
            return memory
        answer, state = said[-1].answer, said[-1].topic.partition(" ")[0]
        if answer not in ("accepted", "dismissed"):
            return memory
        key, other = ("alone", "refused") if answer == "accepted" else ("refused", "alone")
        left = [one for one in _kept(memory, other) if one != state]
        return {key: [*sorted({*_kept(memory, key), state})], other: [*left]}


def _moved(context: Context) -> Iterator[_Change]:
    place, now = context.place, context.now
    if not place.known_at(now):
        return
    here, last = place.here, place.last
    if here is not None and here.kind == "home" and now - place.since <= SOON:
        if last is None or place.since - place.left_at >= GONE or last.kind != "home":
            yield _Change("home", place.since, f"at {here.name} since {_at(place.since, context)}")
        return
    left = last is not None and last.kind == "home" and (here is None or here.kind != "home")
    if left and now - place.left_at <= SOON and place.coming is None:
        yield _Change("away", place.left_at, f"left home at {_at(place.left_at, context)}")


def _slept(context: Context) -> Iterator[_Change]:
    place, sleep, now = context.place, context.sleep, context.now
    if place.here is None or place.here.kind != "home":
        return
    since = sleep.asleep_since
    if since is not None and ASLEEP <= now - since <= 3 * SOON and sleep.asleep_at(now):
        yield _Change("asleep", since, f"asleep since {_at(since, context)}")
    woke = sleep.awake_since
    if since is None and woke is not None and now - woke <= SOON:
        yield _Change("awake", woke, f"awake since {_at(woke, context)}")


def _asks(change: _Change, context: Context) -> Proposal:
    state = change.state
    deed = Publish(topic="presence", payload={"state": state, "at": change.at.isoformat()})
    return Proposal(
        topic=f"{state} {change.at:%Y-%m-%dT%H:%MZ}",
        glance=GLANCES[state],
        text=ASKED[state],
        evidence=(change.why,),
        evidence_at=min(context.now, max(change.at, context.place.measured_at)),
        confidence=CONFIDENCE,
        worth=WORTH,
        # Nobody is woken to be asked whether the lights may go out.
        urgency="normal",
        expires=change.at + (3 if state == "asleep" else 1) * SOON,
        action=Action(name=state, deed=deed, standing=True),
    )


def _alone(context: Context) -> tuple[str, ...]:
    return _kept(context.own("home"), "alone")


def _kept(memory: Memory, name: str) -> tuple[str, ...]:
    kept = memory.get(name, [])
    return tuple(str(one) for one in kept) if isinstance(kept, list) else ()


def _grant(context: Context, names: tuple[str, ...]) -> GrantChanged:
    return GrantChanged(at=context.now, skill="home", granted=True, alone=names)


def _at(at: datetime, context: Context) -> str:
    return clock(at, context.local)
