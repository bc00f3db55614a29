"""Sum up what came in during a meeting, focus or sleep after it, and what waits for a quiet word.

What a notification says is anyone's text: it is counted, quoted and shown, and nothing follows.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import time, timedelta

from pydantic import BaseModel, Field

from agent.config import Section
from agent.context import Context, Memory, Waiting
from agent.events import Input, NotificationCleared, NotificationReceived
from agent.phrases import clock, plural, short
from agent.ports import Recall
from agent.skill import (
    GLANCE_MAX,
    Answer,
    Evidence,
    NoArguments,
    Proposal,
    Skill,
    Tool,
    newest,
    sayings,
)
from skills.digest.held import (
    LATE_MAX,
    NAME,
    NAME_MAX,
    Held,
    app_name,
    by_app,
    during_of,
    held_of,
    is_from,
    is_listed,
    occasion,
    plain,
    quoted,
    untold,
)

HELD_MAX = 40
URGENT_MAX = timedelta(minutes=10)  # later, an urgent call is no longer news
WAIT_MIN = 3
SAID_MAX, TEXT_MAX = 5, 300  # of what waits: so many at once, so long each
AFTER_WAKING = timedelta(minutes=90)
TIMES = (time(12, 30), time(18, 30))
TOGETHER_MIN = 2
TIME_FOR = timedelta(hours=1)
WORTH_URGENT = 0.75


class Settings(Section):
    """Whose notifications go through, and how many make a digest."""

    urgent_from: tuple[str, ...] = Field(
        default=(),
        max_length=20,
        description="Senders or apps whose notifications pass meetings, focus and quiet hours.",
    )
    least: int = Field(
        default=4, ge=1, le=40, description="Fewer held notifications than this are no digest."
    )


class From(BaseModel):
    """Whose notifications; of all by default."""

    sender: str | None = None


def missed(_: NoArguments, __: Recall, context: Context) -> Answer:
    """Return what came in while the wearer was not to be disturbed, and what else waits."""
    held = [one for one in held_of(context) if context.now - one.at <= LATE_MAX]
    if not held and not context.waiting:
        return Answer("Nothing came in while you were not to be disturbed, and nothing waits.")
    told, evidence = [], []
    if held:
        count = plural(len(held), "notification")
        said = f"{count} while you were {during_of(held)}: {by_app(held)}"
        told.append(f"{said}.")
        evidence += [
            Evidence(role="notifications", value=count, kind="count", since=held[0].at),
            Evidence(role="from", value=by_app(held), kind="list", said=True),
            Evidence(role="while", value=during_of(held), kind="name"),
        ]
    if context.waiting:
        waits = " ".join(short(one.text, TEXT_MAX) for one in context.waiting[-SAID_MAX:])
        told.append(waits)
        evidence.append(Evidence(role="waiting", value=waits, kind="text", said=True))
    return Answer(" ".join(told), tuple(evidence))


def notifications(asked: From, __: Recall, context: Context) -> Answer:
    """Return the notifications that other devices show now, of one sender or app or of all."""
    if not context.notifications:
        return Answer(
            "I can't tell: no device shows a notification, or none tells me.", known=False
        )
    wanted = asked.sender
    shown = [one for one in context.notifications if wanted is None or is_from(one, wanted)]
    whose = f" from {asked.sender}" if asked.sender else ""
    if not shown:
        none = Evidence(role="notifications", value=f"none{whose}", kind="count")
        return Answer(f"No notifications{whose} are shown now.", (none,))
    count = plural(len(shown), "notification")
    last = shown[-1]
    said = short(f"{app_name(last.app)}: {quoted(last)}", 200)
    at = clock(last.at, context.local)
    evidence = (
        Evidence(role="notifications", value=f"{count}{whose}", kind="count"),
        Evidence(role="newest", value=said, kind="text", said=True, since=last.at),
        Evidence(role="at", value=at, kind="time", since=last.at),
    )
    return Answer(f"{count}{whose}; the newest, at {at}: {said}.", evidence)


class Digest(Skill):
    """Hold what came in during a meeting, focus or sleep, and sum it up once that is over.

    At least four of them make a digest (`least`), said once, at the first moment after it.  An
    urgent notification is told at once where the wearer may be interrupted; one of `urgent_from`
    always.  What other skills said low is told when three wait, at 12:30, at 18:30 or after waking.
    """

    name = NAME
    fresh_min = 10
    settings = Settings
    theme = "plans"
    reads = frozenset(
        ("calendar", "focus_until", "notifications", "shown", "sleep", "waiting"),
    )
    wakes = frozenset(("minute", "notification_received"))
    does = frozenset(("digest", "urgent"))
    folds = frozenset(("notification_received", "notification_cleared"))
    tools = (
        Tool(
            name="missed",
            what="what came in while you were busy",
            own=True,
            examples=sayings("""
                what did I miss | did I miss anything | what have I missed | anything I missed
                what came in while I was busy | what happened while I was in the meeting
                what came in during the meeting | did anything come in | catch me up
                anything important while I was asleep
                sum up what I missed | give me the digest | digest | my digest please
                what did you hold back | what have you held back for me | is anything waiting
                what did you put aside for me | what did you keep from me during focus
                what did you keep for later | fill me in on what I missed | bring me up to date
                any messages while I was away | did I miss any calls | did I miss a message
                how much did I miss | anything I should know about since I was in there
                who tried to reach me | what was there while I had focus on
                could you tell me what I have missed please | summary of what came in
                so what did I miss then | have I missed something
            """),
            arguments=NoArguments,
            answer=missed,
        ),
        Tool(
            name="notifications",
            what="which notifications are shown",
            own=True,
            examples=sayings("""
                any notifications from Anna | do I have notifications | show my notifications
                which notifications do I have | any messages from Tom | did Anna write
                did Tom text me | has Anna written | any notification from the school
                do I have a message from my sister | notifications | my notifications
                how many notifications are there | which messages are unread | any new messages
                do I have new messages | are there messages for me | any news from Signal
                what was the last notification | read me my last notification
                is there a notification from the bank | is there a message from mum
                have I got any notifications | any texts from Paul | who wrote to me
                show the notifications of my phone | has anybody written to me | any unread messages
                any notification from the office | messages from Anna please
                check my notifications
            """),
            arguments=From,
            answer=notifications,
            now_only=True,
        ),
    )

    def consider(self, context: Context, settings: Settings) -> Sequence[Proposal]:
        """Propose what is urgent, then what was held, then what waits."""
        found = [
            _at_once(one, context, listed=is_listed(one, settings.urgent_from))
            for one in context.notifications[-WAIT_MIN:]
            if context.now - one.at <= URGENT_MAX
            and (one.urgent or is_listed(one, settings.urgent_from))
        ]
        if occasion(context):
            return found
        held = untold(context)
        if len(held) >= settings.least:
            found.append(_after(held, context))
        if context.waiting:
            found += _waits(context)
        return found

    def fold(self, memory: Memory, event: Input, context: Context) -> Memory:
        """Return what is held after a notification came in at a bad moment, or was read."""
        if not isinstance(event, NotificationReceived | NotificationCleared):
            return memory
        known = memory.get("held", [])
        assert isinstance(known, list)
        key = [event.source, event.id]
        left = [one for one in known if not (isinstance(one, list) and one[:2] == key)]
        during = occasion(context) if isinstance(event, NotificationReceived) else ""
        if isinstance(event, NotificationReceived) and during:
            who = short(plain(event.title), NAME_MAX)
            left.append([*key, app_name(event.app), who, event.at.isoformat(), during])
        return {"held": newest(left, most=HELD_MAX)} if left or known else memory


def _after(held: Sequence[Held], context: Context) -> Proposal:
    count = plural(len(held), "notification")
    counted = Counter(one.app for one in held)
    few = ", ".join(f"{number} {app}" for app, number in counted.most_common())
    first, last = (clock(one.at, context.local) for one in (held[0], held[-1]))
    return Proposal(
        topic=f"held since {held[0].at:%Y-%m-%dT%H:%M:%SZ}",
        glance=short(f"{len(held)} missed: {few}", GLANCE_MAX),
        text=f"{count} while you were {during_of(held)}: {by_app(held)}.",
        evidence=(f"from {first} to {last}",),
        evidence_at=context.now,
        expires=context.now + TIME_FOR,
    )


def _at_once(one: NotificationReceived, context: Context, *, listed: bool) -> Proposal:
    said = f"{app_name(one.app)}: {quoted(one)}"
    reason = "a sender you listed as urgent" if listed else "the phone marked it urgent"
    return Proposal(
        topic=short(f"urgent {one.source}/{one.id}", 200),
        glance=short(said, GLANCE_MAX),
        text=f"A notification from {said}.",
        evidence=(reason, f"came in at {clock(one.at, context.local)}"),
        evidence_at=one.at,
        expires=one.at + URGENT_MAX,
        urgency="urgent" if listed else "normal",
        worth=WORTH_URGENT,
        haptic="double",
    )


def _waits(context: Context) -> list[Proposal]:
    """Return the digest of what other skills said low, when it is time for one."""
    waiting = [one for one in context.waiting if one.expires is None or one.expires > context.now]
    slot = _slot(context, waiting) if waiting else ""
    if not slot:
        return []
    said = waiting[-SAID_MAX:]
    return [
        Proposal(
            topic=f"waiting, {slot}",
            glance=short("; ".join(one.glance for one in said), GLANCE_MAX),
            text=" ".join(short(one.text, TEXT_MAX) for one in said),
            evidence=tuple(f"{one.skill}: {one.topic}" for one in said),
            evidence_at=context.now,
            gathers=tuple(f"{one.skill}/{one.topic}" for one in said),
        )
    ]


def _slot(context: Context, waiting: Sequence[Waiting]) -> str:
    """Return which digest of the day it is time for; empty where it is time for none.

    One thing of little weight alone is worth no interruption at any time.
    """
    if len(waiting) < TOGETHER_MIN:
        return ""
    local, woke = context.local_now, context.sleep.awake_since
    if woke is not None and context.now - woke <= AFTER_WAKING:
        return f"{local:%Y-%m-%d} after waking"
    for begin in TIMES:
        start = local.replace(hour=begin.hour, minute=begin.minute, second=0, microsecond=0)
        if start <= local < start + TIME_FOR:
            return f"{local:%Y-%m-%d} {begin:%H:%M}"
    return f"since {waiting[0].since:%Y-%m-%dT%H:%MZ}" if len(waiting) >= WAIT_MIN else ""
