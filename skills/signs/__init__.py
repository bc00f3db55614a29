"""Ask after a fall; tell signs of the body that were held for minutes or days, never a cause."""

from collections.abc import Sequence

from pydantic import Field

from agent.config import Section
from agent.context import Context
from agent.fusion.illness import SHIPS_ON
from agent.skill import NoArguments, Proposal, Skill, Tool, sayings
from skills.signs import proposals
from skills.signs.answers import body_signs, fallen, heart_rhythm, illness_signs


class Settings(Section):
    """What it may say unasked beyond falls, acute signs and rhythm."""

    illness: bool = Field(
        default=SHIPS_ON, description="Tell early signs of illness over days unasked: unproven."
    )


class Signs(Skill):
    """Speak of the body only where something was held long enough, and never name an illness."""

    name = "signs"
    # Each estimate says itself when it is too old; this is the longest of them, that of days.
    fresh_min = 2880
    settings = Settings
    theme = "safety"
    reads = frozenset(("acute", "fall", "illness", "latest", "motion", "recall", "rhythm"))
    wakes = frozenset(("minute", "motion_peak", "schedule_due"))
    does = frozenset(("promise", "urgent"))
    tools = (
        Tool(
            name="heart_rhythm",
            what="whether your heart beats regularly",
            own=True,
            exact=True,
            examples=sayings("""
                is my heart beating regularly | is my heartbeat regular | is my pulse even
                is my heart rhythm normal | do I have an irregular heartbeat
                is my heart skipping beats | does my heart stumble | is my pulse irregular
                check my heart rhythm | heart rhythm | is my rhythm okay | is my ticker in time
                are my beats even | do my heartbeats come evenly | is my heart out of rhythm
                have you seen any irregular beats | has my heart been beating unevenly
                my heart feels like it skips, does it | how regular is my heartbeat
                any arrhythmia | is my heart beating steadily | does my pulse have extra beats
                is the rhythm of my heart alright | tell me if my heartbeat is regular please
                my heart is jumping about, is it really | is my pulse all over the place
                heart regular or not | has my heart missed a beat | irregular heartbeat
                um is my heart is it beating regular | is my pulse steady
            """),
            arguments=NoArguments,
            answer=heart_rhythm,
            now_only=True,
        ),
        Tool(
            name="body_signs",
            what="whether a body signal is unusual now",
            own=True,
            exact=True,
            examples=sayings("""
                is anything wrong with my body signals | are my vital signs okay
                are my vitals normal | do you see anything unusual in my body
                any warning signs | is there anything alarming in my readings
                is everything alright with my body | are all my body signals fine
                is something off with my body | anything worrying in my measurements
                check my vitals | vitals | warning signs | body signs | how are my vital signs
                do my signals look normal | is there a sign I should worry about
                should I be worried about my readings | is my body okay right now
                are my readings in the normal range | do you notice anything strange about my body
                any abnormal signs | give my body a quick check | are my numbers concerning
                is anything out of the ordinary with my vitals | all vitals good
                does my body show anything odd | are there red flags in my data
                do any of my signals worry you | um is there something wrong with my my signals
            """),
            arguments=NoArguments,
            answer=body_signs,
            now_only=True,
        ),
        Tool(
            name="illness_signs",
            what="whether your last days were as usual, or your body works harder",
            own=True,
            exact=True,
            examples=sayings("""
                do I show signs of illness | do I show early signs of an illness
                am I coming down with something | am I getting sick | could I be getting ill
                is my body fighting something off | am I catching a cold | am I fighting off a bug
                do my readings look like I'm getting sick | any early signs of a cold
                is an illness on the way | does it look like I'm coming down with the flu
                do I seem to be brewing something | signs of illness | early illness signs
                is my resting heart rate up because I'm getting ill | have I caught something
                does my body work harder than usual | is my body under unusual load
                have you noticed signs of infection | is there an infection starting
                do I look like I'm getting unwell | am I sickening for something
                do I have a fever coming on | does my body fight an infection
                tell me if I'm getting ill | do you think I'm coming down with a bug
                are there signs that I'm falling ill | um am I am I getting sick
                is my body getting run down | have I picked up a virus
            """),
            arguments=NoArguments,
            answer=illness_signs,
            now_only=True,
        ),
        Tool(
            name="fallen",
            what="whether you fell",
            own=True,
            exact=True,
            examples=sayings("""
                did I fall | have I fallen | did I fall down | did I have a fall today
                was there a fall | did you notice a fall | did I take a tumble
                have you seen me fall | did I fall over | was that a fall | any falls today
                did I hit the ground | did I trip and fall | when did I fall
                did you think I fell | did I go down hard | have I had a fall | did I slip and fall
                did I collapse | was there an impact | did you feel me hit the floor
                did I fall last night | have you noticed that I fell | did I faint
                was I lying on the ground | did I fall off my bike | did I crash down
                did the watch notice a fall | tell me whether I fell | fall | falls | a fall
                did I go over | had I fallen | I think I fell, did I | did I land on the floor
                um did I did I fall | have I been on the floor | did I topple over
            """),
            arguments=NoArguments,
            answer=fallen,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Ask after a fall, and of nothing else then; else propose each sign that holds."""
        fell = context.fall.open_at(context.now)
        if fell is not None:
            return (proposals.fall(context),)
        if not (context.acute.spells or context.rhythm.grade != "none" or settings.illness):
            return ()
        acute = [proposals.acute(one, context) for one in context.acute.at(context.now)]
        days = proposals.illness(context) if settings.illness else ()
        return (*acute, *proposals.rhythm(context), *days)
