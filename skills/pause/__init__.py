"""Suggest a walk when hours of meetings without a pause have raised the stress."""

from collections.abc import Sequence
from datetime import timedelta

from pydantic import Field

from agent.config import Section
from agent.context import Context, Memory
from agent.events import Input
from agent.skill import NoArguments, Proposal, Skill, Tool, sayings
from skills.pause import walk
from skills.pause.answers import Meetings, meetings_today, stress_now

AFTER_RUN = timedelta(minutes=20)  # a pause is no longer news once it is being taken


class Settings(Section):
    """When meetings have been too many."""

    run_min: int = Field(
        default=240, ge=30, le=720, description="Back-to-back meetings this long, in minutes."
    )
    raised_min: int = Field(
        default=10, ge=1, le=120, description="Stress raised for this long, in minutes at rest."
    )


class Pause(Skill):
    """Notice four hours of meetings together with raised stress."""

    name = "break"
    fresh_min = 10
    settings = Settings
    theme = "wellbeing"
    reads = frozenset(("calendar", "latest", "motion", "sleep", "stress"))
    wakes = frozenset(("minute",))
    does = frozenset(("publish",))
    folds = frozenset(("feedback_given", "gesture_made"))
    tools = (
        Tool(
            name="stress_now",
            what="how stressed you are",
            own=True,
            examples=sayings("""
                how stressed am I | am I stressed | what is my stress level
                how is my stress right now | do I need a break | is my stress up | am I tense
                am I calm | should I take a break | how high is my stress
                do I look stressed to you | am I under pressure | is my stress higher than usual
                can I relax | stress | stress level | my stress | stress score | what's my stress at
                how wound up am I | am I overdoing it | am I pushing too hard
                do you think I should rest | do I need to slow down | is it time for a pause
                time for a breather | should I step out for a minute | am I getting worked up
                how am I holding up | am I frazzled | how am I doing stress-wise | am I on edge
                I feel tense, is it so | is this stressing me | would a walk do me good now
                tell me how stressed I am please | do I have too much stress | I'm stressed or not
                is my body stressed | how relaxed am I | am I at ease | do I need to calm down
                my head is bursting, how bad is my stress | check my stress
                could I do with a break | um am I am I stressed | how much stress have I now
                am I okay or am I stressed | should I have a rest now | is my stress down again
                how's the pressure | should I take a break now | can I take a break
                is it time to take a break | do I have to take a break
                should I take a short break | may I take a rest | should I take a breather
            """),
            arguments=NoArguments,
            answer=stress_now,
            now_only=True,
        ),
        Tool(
            name="meetings_today",
            what="how many meetings you have today",
            own=True,
            examples=sayings("""
                how many meetings do I have today | how many meetings did I have today
                how long was I in meetings today | how busy is my day
                what meetings are there today | how full is my calendar today
                list my meetings today | what is on my calendar today | what is my schedule today
                which appointments do I have today | how many hours of meetings do I have today
                is today a busy day | do I have many meetings today
                how many meetings do I have tomorrow | how many meetings are there this afternoon
                how many meetings did I have yesterday | how many meetings {period}
                what meetings do I have {period} | am I busy {period}
                what's on my calendar {period} | what is in my diary {period} | my schedule {period}
                meetings {period} | calendar {period} | how does {period} look
                what does {period} look like | how full is {period}
                how much of {period} is meetings | how many calls do I have {period}
                list my appointments for {period} | anything on {period}
                do I have anything {period} | what have I got on {period} | am I free {period}
                is {period} packed | what's planned for {period}
                how long will I sit in meetings {period} | which meetings are on {period}
                {period}'s meetings | how many hours in meetings {period}
                show me my agenda for {period} | agenda {period} | my agenda
                read me my calendar for {period} | give me an overview of {period} | meetings
                my meetings | what's my longest meeting {period} | total time in meetings {period}
                when am I free {period} | so what's the damage meeting-wise {period}
                please tell my appointments {period} | do I have a lot on {period}
                how stuffed is my diary {period} | what's the plan {period}
                number of meetings {period} | how much time did I lose in meetings {period}
                um how many how many meetings {period}
            """),
            arguments=Meetings,
            answer=meetings_today,
        ),
        Tool(
            name="walk_helped",
            what="whether the walk did your heart good",
            own=True,
            examples=sayings("""
                did the walk help | did the walk do me good | how was my heart after the walk
                did my heart calm down after the walk | what did the walk change
                is my heart rate lower since the walk | was the break worth it
                did that walk bring my pulse down | heart rate before and after the walk
                how much did the walk help | did the pause calm me | has the break helped
                is my pulse down after the walk | what came of the walk | did walking help me
                did the ten minutes do anything | was the walk any good for my heart
                what did the break do to my heart rate | did the walk lower my pulse
                tell me what the walk did | how did my heart take the walk | walk effect
                did I calm down from the walk | has my heart settled after the walk
                how much calmer am I after the walk | what was my pulse before and after the walk
                did the break bring me down | did the little walk pay off
                was it good to go for that walk | did stepping out help
                has walking calmed my heart | did it help to walk around the block
                so did the walk do any good | result of the walk
                um did the the walk help my heart | what difference did the walk make
            """),
            arguments=NoArguments,
            answer=walk.helped,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose a walk once for each long run of meetings under stress, and tell what it did."""
        stress = context.stress
        if context.own(self.name):
            told = walk.after(context)
            if told is not None:
                return (told,)
        if stress.raised_since is None or stress.raised_min < settings.raised_min:
            return ()
        score = stress.at(context.now)
        run = context.calendar.busy_run(context.now, since=AFTER_RUN)
        if score is None or run is None:
            return ()
        lasted = min(run.end, context.now) - run.start
        if lasted < timedelta(minutes=settings.run_min):
            return ()
        return (walk.offer(context, run, lasted=lasted, score=score),)

    def fold(self, memory: Memory, event: Input, context: Context) -> Memory:
        """Take note of a yes to the walk."""
        return walk.begun(memory, context)
