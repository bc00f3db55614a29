"""Tell how long nobody walked, and suggest to, after an hour and a half; water only in a digest."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import Field

from agent.config import Section
from agent.context import Context
from agent.events import Fact
from agent.phrases import clock, duration, plural, short
from agent.ports import Recall
from agent.signals import HEART_RATE
from agent.skill import GLANCE_MAX, Answer, Evidence, NoArguments, Proposal, Skill, Tool, sayings

MINUTE = timedelta(minutes=1)
MEETING_SOON = timedelta(minutes=5)  # who has to sit down again at once does not get up
DAY_FROM_H, DAY_UNTIL_H = 9, 20  # by the wearer's clock: who rests in the evening may
SPELL_MAX = timedelta(hours=5)  # longer than that, a watch was put down or someone is ill
KNOWN_MIN = 30  # minutes of the day with motion before it can be told how much of it was moved
WATER_EVERY_H = 2
WORTH_MOVE = 0.5
WORTH_WATER = 0.3


class Settings(Section):
    """When sitting is too long, and whether water is spoken of."""

    seated_min: int = Field(
        default=90, ge=30, le=240, description="Without a walk for this long, in minutes."
    )
    water: bool = Field(default=False, description="Mention water, in a digest only.")


def seated(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return how long the wearer has not walked."""
    spell = context.seated.at(context.now)
    if spell is None:
        return Answer(f"I can't tell: {_missing(context)}.", known=False)
    since = clock(context.now - spell, context.local)
    told = duration(spell)
    evidence = (
        Evidence(role="without a walk", value=told, kind="duration", since=context.seated.since),
        Evidence(role="since", value=since, kind="time", since=context.seated.since),
    )
    return Answer(f"You have not walked for {told}, since {since}.", evidence)


def moved_today(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return how many minutes of the day were on foot, and the longest time without a walk."""
    today = context.seated
    if today.day != f"{context.local_now:%Y-%m-%d}" or today.known_min < KNOWN_MIN:
        return Answer("I can't tell: too little motion was measured today.", known=False)
    on_foot, longest = plural(today.foot_min, "minute"), duration(today.longest_min * MINUTE)
    measured = duration(today.known_min * MINUTE)
    evidence = (
        Evidence(role="moving", value=on_foot, kind="duration"),
        Evidence(role="longest without a walk", value=longest, kind="duration"),
        Evidence(role="measured", value=measured, kind="caveat"),
    )
    text = (
        f"You moved in {on_foot} of the {measured} measured today; the longest time without a "
        f"walk was {longest}."
    )
    return Answer(text, evidence)


class Move(Skill):
    """Suggest to get up after 90 minutes without two minutes on foot in a row (`seated_min`).

    Once for each such spell, by day (9 to 20 o'clock), awake, with the watch worn, not in a
    meeting nor shortly before one, and not while driving.  Water is off unless the wearer wants it.
    """

    name = "move"
    fresh_min = 10
    settings = Settings
    theme = "wellbeing"
    reads = frozenset(("calendar", "latest", "motion", "seated", "shown", "sleep"))
    wakes = frozenset(("minute",))
    tools = (
        Tool(
            name="seated",
            what="how long you have been sitting",
            own=True,
            examples=sayings("""
                how long have I been sitting | how long have I sat here | am I sitting too long
                have I been sitting too long | when did I last get up | when did I last stand up
                how long since I got up | how long have I not moved | how long since my last walk
                how long have I been at my desk | since when am I sitting
                when was I last on my feet | how long have I been seated
                when did I last leave my chair | how long have I sat still
                how long was I sitting without a break | since when have I not stood up
                how long am I sitting already | for how long have I been sitting
                how long have I been in this chair | how long have I been still
                when was my last walk | time since I last walked | sitting time | my sitting time
                how long was I glued to the chair | have I been up lately | did I get up recently
                how long have I been idle | tell me how long I have been sitting please
            """),
            arguments=NoArguments,
            answer=seated,
        ),
        Tool(
            name="moved_today",
            what="how much you moved today",
            own=True,
            examples=sayings("""
                have I moved enough | did I move enough | have I moved at all
                how many minutes was I on foot | how long was I on my feet
                how many active minutes do I have | active minutes | my active minutes
                how many minutes on foot do I have | how many minutes was I on my feet
                time on foot | longest time without a walk | am I moving enough | do I move enough
                have I sat all the time | did I sit too much | how long was my longest sit
                what was my longest time without a walk | how much of the time was I on foot
                was I a couch potato | how long was my longest spell of sitting
                do I sit too much | did I take enough breaks from sitting
                have I got enough exercise | did I get enough exercise
                my longest spell of sitting | minutes on foot | how much did I sit
                did I sit for too long at once | did I get up often enough
            """),
            arguments=NoArguments,
            answer=moved_today,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose to get up once in a spell, and water now and then where that is wanted."""
        found = _water(context) if settings.water else []
        since = context.seated.since
        if since is None or context.now - since < settings.seated_min * MINUTE:
            return found
        spell = context.seated.at(context.now)
        if spell is None or spell > SPELL_MAX or not _may(context):
            return found
        shown = context.answer(self.name, _topic(context.now - spell))
        told = shown is not None and shown.answer != "snoozed"
        return found if told else [*found, _get_up(context, spell)]


def _may(context: Context) -> bool:
    """Return whether getting up is something that the wearer could do just now."""
    if not _by_day(context) or context.sleep.asleep_since is not None:
        return False
    if context.motion.at(context.now) != "still" or context.value(HEART_RATE.id) is None:
        return False
    calendar, now = context.calendar, context.now
    soon = calendar.next_after(now, within=MEETING_SOON)
    return calendar.meeting_at(now) is None and soon is None


def _by_day(context: Context) -> bool:
    return DAY_FROM_H <= context.local_now.hour < DAY_UNTIL_H


def _get_up(context: Context, spell: timedelta) -> Proposal:
    told, since = duration(spell), clock(context.now - spell, context.local)
    return Proposal(
        topic=_topic(context.now - spell),
        glance=short(f"{told} without a walk: get up?", GLANCE_MAX),
        text=f"You have not walked for {told}: get up for two minutes?",
        evidence=(f"no two minutes on foot since {since}", "the watch is worn, and you are awake"),
        evidence_at=context.seated.known_at,
        worth=WORTH_MOVE,
        about="a pause",
        situation="sitting for long",
        facts=(Fact(name="without a walk", value=told),),
    )


def _topic(since: datetime) -> str:
    return f"seated since {since:%Y-%m-%dT%H:%MZ}"


def _water(context: Context) -> list[Proposal]:
    hour = context.local_now.hour
    if not _by_day(context) or context.sleep.asleep_since is not None:
        return []
    slot = hour - hour % WATER_EVERY_H
    return [
        Proposal(
            topic=f"water {context.local_now:%Y-%m-%d} {slot}",
            glance="A glass of water?",
            text="A glass of water?",
            evidence=(f"every {WATER_EVERY_H} hours by day, as you asked in the settings",),
            evidence_at=context.now,
            expires=context.now + timedelta(hours=WATER_EVERY_H),
            urgency="low",
            worth=WORTH_WATER,
        )
    ]


def _missing(context: Context) -> str:
    if context.sleep.asleep_since is not None:
        return "you are asleep, as far as I know"
    if context.motion.at(context.now) == "unknown":
        return "no motion was measured in the last minutes"
    return "you are on your feet, or were a moment ago"
