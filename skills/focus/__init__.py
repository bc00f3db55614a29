"""Keep quiet at the wearer's word: until a time, or about one thing for ever.  It never speaks."""

from agent.config import Section
from agent.context import Context, Memory
from agent.events import EPOCH, FocusSet, Input, SkillMuted
from agent.skill import RECALL, NoArguments, Skill, Tool, sayings
from skills.focus.frames import MUTES, QUIET, SPEAK, UNMUTES
from skills.focus.quiet import (
    NAME,
    About,
    Until,
    focus,
    focus_state,
    mute,
    muted_of,
    stop_focus,
    unmute,
)

MUTED_MAX = 50


class Settings(Section):
    """The focus skill has no settings of its own."""


class Focus(Skill):
    """Hold the wearer's wish for quiet; it says nothing by itself."""

    name = NAME
    fresh_min = 60
    settings = Settings
    theme = "plans"
    reads = frozenset(("focus_until", "memories", "shown", RECALL))
    wakes = frozenset(("focus_set",))
    folds = frozenset(("focus_set", "skill_muted"))
    tools = (
        Tool(
            name="focus",
            what="keeping quiet until a time",
            examples=sayings("""
                quiet {until} | be quiet {until} | do not disturb {until} | focus {until}
                don't disturb me {until} | do not disturb me {until} | please be quiet {until}
                keep quiet {until} | stay silent {until} | silence {until} | hush {until}
                no interruptions {until} | no nudges {until} | leave me alone {until}
                leave me in peace {until} | don't interrupt me {until} | focus mode {until}
                start a focus session {until} | start focus {until} | turn on focus {until}
                set focus {until} | turn on do not disturb {until} | go quiet {until}
                I need quiet {until} | I want peace {until} | give me peace {until}
                let me work {until} | let me concentrate {until} | don't bother me {until}
                focus time {until} | no disturbances {until} | enable focus mode {until}
                I'm concentrating {until} | hold your peace {until} | peace {until}
                shush {until} | no talking {until}
            """),
            arguments=Until,
            answer=focus,
            acts=True,
            removes=True,
            frames=QUIET,
            asks={"until": "Until when shall I be quiet?"},
        ),
        Tool(
            name="stop_focus",
            what="ending the quiet",
            examples=sayings("""
                stop focus | end focus | end the focus | cancel focus | cancel my focus
                turn off focus | focus off | turn focus mode off | exit focus | quit focus mode
                stop the quiet | end the quiet | turn off do not disturb | stop do not disturb
                focus is over | focus over | focus done | I'm done focusing | done focusing
                you can talk again | you may speak again | you can disturb me again
                you may interrupt me again | you can nudge me again | speak to me again
                talk to me again | finish focus | leave focus mode | switch off focus
                disable focus | end my quiet | stop being quiet | I can be disturbed again
                no more focus | drop the focus
            """),
            arguments=NoArguments,
            answer=stop_focus,
            acts=True,
            removes=True,
            frames=SPEAK,
        ),
        Tool(
            name="mute",
            what="saying no more of one thing",
            examples=sayings("""
                stop telling me about {topic} | don't tell me about {topic} any more
                do not tell me about {topic} again | I don't want to hear about {topic}
                I don't want to hear about {topic} any more | stop bothering me with {topic}
                stop bothering me about {topic} | don't bother me with {topic} | mute {topic}
                stop bugging me about {topic} | quit telling me about {topic}
                never tell me about {topic} again | please mute {topic} | mute all {topic}
                stop pestering me about {topic} | stop notifying me about {topic}
                don't notify me about {topic} | enough of {topic} | enough about {topic}
                I've had enough of {topic} | I have heard enough about {topic}
                shut up about {topic} | I do not want to know about {topic}
                I don't need to hear about {topic} | no more nudges about {topic}
                don't talk to me about {topic} | never bother me with {topic} again
                quit bothering me about {topic} | stop talking to me about {topic}
                please stop telling me about {topic} | I don't care to hear about {topic}
            """),
            arguments=About,
            answer=mute,
            acts=True,
            removes=True,
            frames=MUTES,
            asks={"topic": "What shall I say no more of?"},
        ),
        Tool(
            name="unmute",
            what="speaking of a thing again",
            examples=sayings("""
                tell me about {topic} again | unmute {topic} | unmute {topic} please
                you can tell me about {topic} again | you may tell me about {topic} again
                I want to hear about {topic} again | start telling me about {topic} again
                notify me about {topic} again | nudge me about {topic} again
                please tell me about {topic} again | I want to know about {topic} again
                start telling me about {topic} | speak about {topic} again
                speak to me about {topic} again | inform me about {topic} again
                you can notify me about {topic} again | you may nudge me about {topic} again
                I'd like you to tell me about {topic} again | do tell me about {topic} again
                I do want to hear about {topic} again | start talking to me about {topic}
                could you tell me about {topic} again | would you tell me about {topic} again
                tell me of {topic} again | please unmute {topic} | you can unmute {topic}
                okay tell me about {topic} again | um tell me about {topic} again
                you can nudge me about {topic} again | start talking to me about {topic} again
            """),
            arguments=About,
            answer=unmute,
            acts=True,
            frames=UNMUTES,
            asks={"topic": "What shall I speak of again?"},
        ),
        Tool(
            name="focus_state",
            what="whether focus is on",
            own=True,
            examples=sayings("""
                is focus on | is focus mode on | am I in focus mode | is do not disturb on
                how long does my focus last | when does focus end | how long are you quiet
                until when are you quiet | are you being quiet | is quiet on | focus state
                focus status | is my focus still on | how much focus is left
                how long is focus still on | what am I missing | what am I missing right now
                are you silenced | what have I muted | which things are muted | what is muted
                what did I mute | what don't you tell me about | what are you not telling me
                are you keeping quiet | when will you speak again | am I in quiet mode
                which topics did I silence | what is silenced | do I have focus on
                is anything muted
            """),
            arguments=NoArguments,
            answer=focus_state,
        ),
    )

    def fold(self, memory: Memory, event: Input, context: Context) -> Memory:
        """Return since when quiet is wanted, and what of the wearer wants to hear no more."""
        if isinstance(event, FocusSet):
            since = event.at.isoformat() if event.until else EPOCH.isoformat()
            return {**memory, "since": since}
        if isinstance(event, SkillMuted):
            others = [name for name in muted_of(memory) if name != event.skill]
            left = [*others, event.skill] if event.muted else others
            return {**memory, "muted": [*left[-MUTED_MAX:]]}
        return memory
