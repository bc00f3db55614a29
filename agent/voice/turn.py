"""Whose turn it is: who listens, thinks or speaks now, and what happens next.  Pure.

A machine of few states.  What happens goes in (`Happening`), what is to be done comes out
(`Deed`; both in `deeds.py`); the shell around it (`conversation.py`) does it and says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agent.voice.deeds import (
    Answers,
    Ask,
    Attend,
    Began,
    Called,
    Deed,
    Device,
    Duck,
    Ended,
    Feedback,
    Forget,
    Happening,
    Hush,
    Lost,
    Muted,
    Passed,
    Rest,
    Said,
    Say,
    Transcribe,
    Understood,
    Wanted,
)
from agent.voice.short import is_cancel, reply_in

Phase = Literal["muted", "idle", "listening", "thinking", "speaking", "following"]
BargeIn = Literal["speech", "wake", "off"]
SORRY = "I did not catch that."
WAITING_MAX = 4
SENTENCE_S_MAX = 75.0
"""Longer than any sentence may be: its end was lost, with the ears that heard it begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What the wearer set about turns, in seconds where not said otherwise."""

    listen_s: float = 6.0
    """After the wake phrase someone must begin to speak within so long."""
    follow_s: float = 5.0
    """After a question of ours an answer needs no wake phrase for so long."""
    barge_in: BargeIn = "wake"
    """What stops us while we speak: any speech, the wake phrase alone, or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Whose turn it is."""

    manners: Manners = Manners()
    phase: Phase = "idle"
    within_s: float | None = None
    """In so long from now `Passed` is due; None: it is not waited for."""
    speech: bool = False
    """Someone is in the middle of a sentence."""
    nudge: str = ""
    """The nudge that was spoken last, while an answer to it may come."""
    aloud: bool = False
    """While the microphone is closed: something is being said."""
    sorry: bool = False
    """We have said once already that we did not understand."""
    waiting: tuple[Wanted, ...] = ()
    """What is to be said once it is quiet."""


Step = tuple[Turn, Sequence[Deed]]


def step(turn: Turn, happening: Happening) -> Step:
    """Return the turn after *happening*, and what is to be done."""
    if isinstance(happening, Muted):
        return _muted(turn, closed=happening.closed)
    if isinstance(happening, Wanted):
        return _wanted(turn, happening)
    if turn.phase == "muted":
        return _while_muted(turn, happening)
    if isinstance(happening, Called):
        return _called(turn)
    if isinstance(happening, Lost):
        quiet = turn.phase in ("listening", "following")
        return _idle(turn, Hush()) if quiet else (turn, ())
    return _BY_PHASE[turn.phase](turn, happening)


def _muted(turn: Turn, *, closed: bool) -> Step:
    if closed == (turn.phase == "muted"):
        return turn, ()
    if closed:
        begun = turn.phase != "idle"
        still = replace(turn, phase="muted", within_s=None, speech=False, nudge="", waiting=())
        return still, (*((Hush(), Duck(speaking=False)) if begun else ()), Device(open=False))
    if turn.aloud:
        spoken, deeds = _speaking(replace(turn, aloud=False))
        return spoken, (Device(open=True), *deeds)
    return replace(turn, phase="idle"), (Device(open=True),)


def _while_muted(turn: Turn, happening: Happening) -> Step:
    """A closed microphone stops no one from being spoken to."""
    if not isinstance(happening, Said):
        return turn, ()
    if not turn.waiting:
        return replace(turn, nudge="", aloud=False), ()
    first, *others = turn.waiting
    next_ = replace(turn, nudge=first.judgement, waiting=tuple(others))
    return next_, (Say(first.text, first.judgement),)


def _wanted(turn: Turn, wanted: Wanted) -> Step:
    if turn.phase == "muted" and not turn.aloud:
        told = replace(turn, aloud=True, nudge=wanted.judgement)
        return told, (Say(wanted.text, wanted.judgement),)
    if turn.phase == "idle":
        return _say(turn, wanted)
    return replace(turn, waiting=(*turn.waiting, wanted)[-WAITING_MAX:]), ()


def _say(turn: Turn, wanted: Wanted) -> Step:
    spoken, deeds = _speaking(replace(turn, nudge=wanted.judgement))
    return spoken, (*deeds, Say(wanted.text, wanted.judgement))


def _speaking(turn: Turn) -> Step:
    attend = (Attend(0.0),) if turn.manners.barge_in == "speech" else ()
    speaking = replace(turn, phase="speaking", within_s=None, speech=False)
    return speaking, (Duck(speaking=True), *attend)


def _called(turn: Turn) -> Step:
    if turn.phase == "speaking" and turn.manners.barge_in == "off":
        return turn, ()
    busy = turn.phase in ("speaking", "thinking")
    listening = replace(
        turn, phase="listening", within_s=turn.manners.listen_s, speech=False, sorry=False
    )
    stop = (Hush(), Duck(speaking=False)) if busy else ()
    # An answer to the nudge that was interrupted may follow the wake phrase.
    return listening, (*stop, Attend(turn.manners.listen_s))


def _idle(turn: Turn, *deeds: Deed) -> Step:
    """Return to waiting; what waits to be said is said now."""
    idle = replace(turn, phase="idle", within_s=None, speech=False, nudge="", sorry=False)
    if not turn.waiting:
        return idle, (*deeds, Rest())
    first, *others = turn.waiting
    spoken, more = _say(replace(idle, waiting=tuple(others)), first)
    return spoken, (*deeds, Rest(), *more)


def _hearing(turn: Turn, happening: Happening) -> Step:
    """In *listening* and *following*."""
    match happening:
        case Began():
            return replace(turn, within_s=SENTENCE_S_MAX, speech=True), ()
        case Ended(pcm=pcm):
            thinking = replace(turn, phase="thinking", within_s=None, speech=False)
            return thinking, (Transcribe(pcm),)
        case Passed(speaking=speaking) if speaking == turn.speech:
            return _idle(turn)
        case _:
            return turn, ()


def _thinking(turn: Turn, happening: Happening) -> Step:
    match happening:
        case Understood(text=text):
            return _understood(turn, text)
        case Answers():
            return _speaking(turn)
        case Said():  # an answer without a sound
            return _after(turn, happening)
        case _:
            return turn, ()


def _understood(turn: Turn, text: str) -> Step:
    if not text.strip():
        if turn.sorry or turn.nudge:
            return _idle(turn)
        sorry, deeds = _speaking(replace(turn, sorry=True))
        return sorry, (*deeds, Say(SORRY))
    if is_cancel(text):
        return _idle(turn, Forget())
    reply = reply_in(text) if turn.nudge else None
    if reply is not None:
        return _idle(turn, Feedback(turn.nudge, reply))
    return replace(turn, nudge="", sorry=False), (Ask(text),)


def _while_speaking(turn: Turn, happening: Happening) -> Step:
    match happening:
        case Began() if turn.manners.barge_in == "speech":
            listening = replace(turn, phase="listening", within_s=SENTENCE_S_MAX, speech=True)
            return listening, (Hush(), Duck(speaking=False))
        case Said():
            return _after(turn, happening)
        case _:
            return turn, ()


def _after(turn: Turn, said: Said) -> Step:
    """What follows our own words: time for an answer, where we asked for one."""
    done = (Duck(speaking=False),)
    if not (said.heard and (said.asks or turn.nudge or turn.sorry)):
        return _idle(turn, *done)
    follow_s = turn.manners.follow_s
    following = replace(turn, phase="following", within_s=follow_s, speech=False)
    return following, (*done, Attend(follow_s))


def _waiting(turn: Turn, _: Happening) -> Step:
    return turn, ()


_BY_PHASE = {
    "idle": _waiting,
    "listening": _hearing,
    "following": _hearing,
    "thinking": _thinking,
    "speaking": _while_speaking,
}
