"""How loud we may be, here and now, or whether we should be silent.  Pure."""

from agent.context import Context
from agent.voice.settings import Settings


def gain(context: Context, settings: Settings) -> float | None:
    """Return the amplitude (0-1) to speak with; None where a touch and the screen must do.

    Silent where the wearer said so, while they sleep, and for what nobody asked for in a meeting.
    """
    here = context.place.here if context.place.known_at(context.now) else None
    if here is not None and not {here.name, here.kind}.isdisjoint(settings.silent_at):
        return None
    return settings.quiet_volume if is_quiet(context) else settings.volume


def unasked(context: Context, settings: Settings) -> float | None:
    """Return the same for what nobody asked for."""
    if settings.speak != "all" or context.sleep.asleep_at(context.now):
        return None
    if context.calendar.meeting_at(context.now) is not None:
        return None
    return gain(context, settings)


def is_quiet(context: Context) -> bool:
    """Return whether these are the wearer's quiet hours."""
    policy, now = context.rules.policy, context.local_now.time()
    if policy.quiet_from <= policy.quiet_until:
        return policy.quiet_from <= now < policy.quiet_until
    return now >= policy.quiet_from or now < policy.quiet_until
