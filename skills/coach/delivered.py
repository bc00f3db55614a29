"""What the ears noted at the end of a talk: how it was delivered, and by whom."""

from collections.abc import Mapping

from agent.context import Context
from agent.phrases import plural

DELIVERED = frozenset(("words", "rate_spm", "pauses", "pause_mean_s", "pause_longest_s"))
"""What the note `delivered` holds, which the ears write when a session ends."""
APART = frozenset(("own_share", "interruptions"))
"""What it holds too, where the wearer and another could be told apart by how near they were."""
UNTOLD = "Who spoke could not be told apart, so I count no interruptions."


def delivered(context: Context) -> list[str]:
    """Return what the whole talk measured of syllables and pauses, as the ears noted at its end."""
    figures = _figures_of(context, DELIVERED)
    if not figures.get("words"):
        return []
    count, mean = round(figures["pauses"]), figures["pause_mean_s"]
    longest = figures["pause_longest_s"]
    pauses = f"{count} pauses of {mean:.1f} s on average, the longest {longest:.1f} s"
    return [
        f"{figures['rate_spm']:.0f} syllables a minute",
        pauses if count else "no pauses",
    ]


def apart(context: Context) -> list[str]:
    """Return how the wearer spoke with another; nothing where they could not be told apart."""
    figures = _figures_of(context, APART)
    if not figures:
        return []
    often = plural(round(figures["interruptions"]), "time")
    return [
        f"{figures['own_share']:.0%} of what was said was yours",
        f"{often} you began before the other had paused",
    ]


def _figures_of(context: Context, names: frozenset[str]) -> dict[str, float]:
    """Return what the note `delivered` has of *names*: all of it or nothing."""
    told = context.own("coach").get("delivered")
    if not isinstance(told, Mapping) or not names <= set(told):
        return {}
    return {name: float(str(told[name])) for name in names}
