"""The occasions of the skills that look after the body: rest, sitting, training.

As `occasions`: each states the contract of one skill in its own words, from what truly happened.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median

from agent.evaluate.truth import MINUTE, NOTICED, Occasion
from sensors.simulated.diary import Activity
from sensors.simulated.latent import SPORTS, Span
from sensors.simulated.month import Month

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NIGHT_MIN = 3 * HOUR  # a shorter sleep is a nap, and no morning follows it
MORNING = 3 * HOUR
DEBT_NIGHTS, USUAL_NIGHTS, BEDTIME_NIGHTS = 3, 5, 14
DEBT_MIN, GROWS_MIN = 90 * MINUTE, 15 * MINUTE
WALKS = SPORTS | {Activity.WALKING, Activity.SHOPPING, Activity.ASLEEP}
WALK_MIN = 2 * MINUTE
SEATED_MIN, SEATED_MAX = 90 * MINUTE, 5 * HOUR
DAY_H, MEETING_SOON = (9, 20), 5 * MINUTE
LOAD_DAYS, LOAD_KNOWN_DAYS, LOAD_RATIO, LOAD_MIN = (7, 28), 20, 1.5, 10.0
LEAD, BEFORE_QUIET, QUIET_NEAR = 45 * MINUTE, 30 * MINUTE, 3 * HOUR


def mornings(month: Month) -> Iterator[Occasion]:
    """The night: once after each, within three hours of waking."""
    for sleep in nights(month):
        if sleep.end < month.midnight(month.days):
            yield Occasion("morning", sleep.end, sleep.end + MORNING, "woke")


def wind_downs(month: Month) -> Iterator[Occasion]:
    """To wind down: an hour and a half missing over three nights, and the last of them was short.

    Missing against the median of the nights before those, five at least.  In the hour from three
    quarters of an hour before the usual bedtime (of two weeks) on; where quiet hours begin less
    than three hours before bed, half an hour before them, if that is sooner.
    """
    every = nights(month)
    for place in range(DEBT_NIGHTS + USUAL_NIGHTS, len(every) + 1):
        known = every[:place]
        lasted = [(one.end - one.start) / MINUTE for one in known]
        usual = median(lasted[:-DEBT_NIGHTS])
        short = [usual - one for one in lasted[-DEBT_NIGHTS:]]
        grows = short[-1] * MINUTE >= GROWS_MIN
        if sum(short) * MINUTE >= DEBT_MIN and grows and known[-1].end < month.midnight(month.days):
            since = _evening(month, known)
            if since >= month.midnight(month.days):
                continue
            yield Occasion("sleep", since, since + HOUR, f"{sum(short):.0f} min missing")


def moves(month: Month) -> Iterator[Occasion]:
    """To get up: an hour and a half without a walk of two minutes, by day (9 to 20).

    Until one walks, once; not where the next meeting begins within five minutes, nor after five
    hours.  Who stands or tidies up does not walk; who wakes begins anew.
    """
    since = month.midnight(0)
    for spell in (*month.latent.spells, None):
        walks = spell is None or spell.activity in WALKS
        if spell is not None and (not walks or spell.end - spell.start < WALK_MIN):
            continue
        end = month.midnight(month.days) if spell is None else spell.start
        yield from _sat(month, since + SEATED_MIN, min(end, since + SEATED_MAX))
        if spell is not None:
            since = spell.end


def _sat(month: Month, since: datetime, until: datetime) -> Iterator[Occasion]:
    starts = [one.start for one in month.latent.meetings]
    free = list[datetime]()
    at = since
    while at < until:
        local, soon = at.astimezone(month.zone), at + MEETING_SOON
        if DAY_H[0] <= local.hour < DAY_H[1] and not any(at < one <= soon for one in starts):
            free.append(at)
        at += MINUTE
    if free:
        # Who gets up at once was told no wrong thing, and needed no telling.
        short = free[-1] - free[0] < NOTICED
        yield Occasion("move", free[0], free[-1], "sat", optional=short)


def trainings(month: Month) -> Iterator[Occasion]:
    """A load that grew by half, on a day on which the resting heart is fast: the hour after waking.

    Minutes of sport a day, of the last seven days against the last 28; of 20 days at least.
    """
    for sleep in nights(month):
        if sleep.end < month.midnight(LOAD_KNOWN_DAYS) or sleep.end >= month.midnight(month.days):
            continue
        acute, chronic = (_sport_min(month, sleep.end - days * DAY, sleep.end) / days
                          for days in LOAD_DAYS)  # fmt: skip
        ill = any(one.holds(sleep.end) for one in month.latent.ill)
        if ill and chronic >= LOAD_MIN and acute >= LOAD_RATIO * chronic:
            yield Occasion("training", sleep.end, sleep.end + HOUR, "load and recovery")


def _sport_min(month: Month, since: datetime, until: datetime) -> float:
    return sum(
        (one.end - one.start) / MINUTE
        for one in month.latent.spells
        if one.activity in SPORTS and since <= one.start < until
    )


def nights(month: Month) -> list[Span]:
    """Return the true sleeps that are nights, in order."""
    return [one for one in month.latent.sleeps if one.end - one.start >= NIGHT_MIN]


def _evening(month: Month, known: Sequence[Span]) -> datetime:
    """Return when to speak after the last of *known*."""
    last = known[-1]
    late = [_apart(one.start, last.start) for one in known[-BEDTIME_NIGHTS:]]
    bed = last.start + DAY + median(late) * MINUTE
    local = bed.astimezone(month.zone)
    hour = month.person.sleep.quiet_from_h
    quiet = local.replace(hour=int(hour), minute=round(hour % 1 * 60), second=0, microsecond=0)
    if quiet > local:
        quiet -= DAY
    sooner = min(bed - LEAD, quiet - BEFORE_QUIET) if local - quiet <= QUIET_NEAR else bed - LEAD
    return sooner.astimezone(last.start.tzinfo)


def _apart(one: datetime, other: datetime) -> float:
    """Return by how many minutes of the round clock *one* is later than *other*."""
    return ((one - other) / MINUTE + 720) % 1440 - 720
