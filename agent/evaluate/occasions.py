"""The occasions of each skill that speaks unasked, from what truly happened alone.

Each function states the contract of one skill in its own words and its settings' defaults; none of
them knows the skill's code, an estimate or a sample.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from agent.evaluate.occasions_body import mornings, moves, trainings, wind_downs
from agent.evaluate.truth import MINUTE, Occasion, is_excused
from agent.events import Meeting
from sensors.simulated.latent import RAISED, Span
from sensors.simulated.month import Month

HOUR = timedelta(hours=1)
PAUSE_MAX = 10 * MINUTE  # less between two meetings is no pause
RUN_MIN = 240 * MINUTE
STRAINED_MIN = 10 * MINUTE
AFTER_RUN = 20 * MINUTE
DUE_FOR = 5 * MINUTE
DOSE_FOR, DOSE_ASKS = 60 * MINUTE, 3
VISIT_MIN, BOUGHT_MIN = 4 * MINUTE, 3
SOON, GONE = 15 * MINUTE, 15 * MINUTE
HELD_MIN, HELD_FOR, URGENT_FOR = 4, 90 * MINUTE, 10 * MINUTE
WAITING_H, AFTER_WAKING = (12.5, 18.5), 105 * MINUTE  # it takes a while to be sure of it
BRIEFING, LEAVE_LEAD = 5 * MINUTE, 10 * MINUTE
TRIPS_MIN = 2  # one trip is a chance


def breaks(month: Month) -> Iterator[Occasion]:
    """A walk: four hours of meetings without a pause, and truly strained for ten minutes.

    From the moment on at which both hold, until twenty minutes after the last of them.
    """
    for start, end in _runs(month):
        at, strained = start, timedelta()
        while at < end + AFTER_RUN:
            raised = month.latent.strain(at) >= RAISED
            strained = strained + MINUTE if raised else timedelta()
            if strained >= STRAINED_MIN and min(at, end) - start >= RUN_MIN:
                yield Occasion("break", at, end + AFTER_RUN, "meetings and strain")
                break
            at += MINUTE


def groceries(month: Month) -> Iterator[Occasion]:
    """The list: once for each visit to a shop, while inside with something to buy.

    Where nothing is on it, what is usually bought may be asked for, once enough was bought before.
    """
    bought = 0
    for visit in month.latent.visits:
        if visit.kind == "grocery" and visit.end - visit.start >= VISIT_MIN:
            items = month.latent.items(visit.start)
            what = f"{visit.place}, {len(items)}"
            if items or bought >= BOUGHT_MIN:
                optional = not items
                yield Occasion("grocery", visit.start, visit.end, what, optional=optional)
            bought += bool(items)


def agendas(month: Month) -> Iterator[Occasion]:
    """A briefing in the five minutes before each meeting, or when to leave for one elsewhere.

    The latter from ten minutes before one has to go, where the same way was gone twice before: so
    long is known how long it takes.  Who was told to go needs no briefing on the way, and may
    have one.
    """
    for meeting in month.latent.meetings:
        way = _way_to(month, meeting)
        since = meeting.start - BRIEFING
        if way is not None and way[1] > way[0] - LEAVE_LEAD:
            since = min(since, way[0] - LEAVE_LEAD)
        most = 1 if way is None else 2
        yield Occasion("agenda", since, meeting.start, meeting.title, most=most)


def reminders(month: Month) -> Iterator[Occasion]:
    """What was asked for: at its time."""
    for one in month.latent.reminders:
        if one.due < month.midnight(month.days):
            yield Occasion("reminder", one.due, one.due + DUE_FOR, one.text, promised=True)


def doses(month: Month) -> Iterator[Occasion]:
    """What is to be taken: from its time on for an hour, three times at most until it is answered.

    What is due at one time is one occasion.  Who takes it unasked, and tells nobody, does so late.
    """
    for due, group in groupby(month.latent.doses, key=lambda dose: dose.due):
        taken = [dose.taken or due + DOSE_FOR for dose in group]
        if due < month.midnight(month.days):
            until = min(due + DOSE_FOR, max(taken))
            yield Occasion("medication", due, until, "dose", most=DOSE_ASKS, promised=True)


def digests(month: Month) -> Iterator[Occasion]:
    """What was held: two notifications or more that came during meetings, a focus or sleep.

    Once for each such time, from its end on, until the person has seen all but one of them, at
    most an hour and a half.  An urgent one at once, for ten minutes, until it is seen.
    What other skills left for later may be told at half past twelve, half past six and after
    waking: whether there is any, what happened does not tell.
    """
    for held in _held(month):
        unseen = sorted(p.seen for p in month.latent.pings
                        if held.holds(p.event.at) and p.seen > held.end)  # fmt: skip
        if len(unseen) >= HELD_MIN:
            until = min(unseen[-HELD_MIN], held.end + HELD_FOR)
            yield Occasion("digest", held.end, until, f"{len(unseen)} held")
    for ping in month.latent.pings:
        if ping.event.urgent:
            until = min(ping.seen, ping.event.at + URGENT_FOR)
            yield Occasion("digest", ping.event.at, until, "urgent")
    for index in range(month.days):
        for hour in WAITING_H:
            since = month.midnight(index) + hour * HOUR
            yield Occasion("digest", since, since + HOUR, "what waits", optional=True)
    for sleep in month.latent.sleeps:
        until = sleep.end + AFTER_WAKING
        yield Occasion("digest", sleep.end, until, "what waits", optional=True)


def houses(month: Month) -> Iterator[Occasion]:
    """To ask, once for each, whether the house may follow: who has one, and has not allowed it.

    Within a quarter of an hour of leaving, of waking at home, and of coming home after a while.
    The first time that can be used of each is due; it may be asked again while nobody answered.
    """
    asked = set[str]()
    for one in _changes(month):
        yield replace(one, optional=one.what in asked)
        if not is_excused(one, month):
            asked.add(one.what)


def _changes(month: Month) -> Iterator[Occasion]:
    day = month.person.house_alone_from_day
    until = month.midnight(day - 1) if day else month.midnight(month.days)
    if not month.person.house:
        return
    at_home = [one for one in month.latent.visits if one.kind == "home"]
    for one, other in pairwise(at_home):
        if one.end < until:
            yield Occasion("home", one.end, min(one.end + SOON, other.start), "left")
        if other.start < until and other.start - one.end >= GONE:
            yield Occasion("home", other.start, min(other.start + SOON, other.end), "came")
    for sleep in month.latent.sleeps:
        if sleep.end < until:
            yield Occasion("home", sleep.end, sleep.end + SOON, "woke")


def signs(_: Month) -> Iterator[Occasion]:
    """Falls, acute signs, an irregular pulse: none of these people has any."""
    yield from ()


def _way_to(month: Month, meeting: Meeting) -> tuple[datetime, datetime] | None:
    """Return when one has to leave for *meeting* and when one truly did; None: no known way."""
    visits = month.latent.visits
    ways = [(one.place, other.place) for one, other in pairwise(visits)]
    for place, (one, other) in enumerate(pairwise(visits)):
        there = other.place == meeting.place and abs(other.start - meeting.start) <= HOUR / 2
        if there and ways[:place].count((one.place, other.place)) >= TRIPS_MIN:
            return meeting.start - (other.start - one.end), one.end
    return None


def _held(month: Month) -> list[Span]:
    """Return when nobody is to be disturbed: a meeting, focus, sleep; what meets, as one."""
    latent = month.latent
    meetings = [Span(one.start, one.end) for one in latent.meetings]
    found: list[Span] = []
    for one in sorted((*meetings, *latent.focus, *latent.sleeps)):
        if found and one.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found


def _runs(month: Month) -> Iterator[tuple[datetime, datetime]]:
    """Yield when meetings without a pause between them begin and end."""
    held: tuple[datetime, datetime] | None = None
    for one in sorted(month.latent.meetings, key=lambda meeting: meeting.start):
        if held is not None and one.start - held[1] <= PAUSE_MAX:
            held = held[0], max(held[1], one.end)
            continue
        if held is not None:
            yield held
        held = one.start, one.end
    if held is not None:
        yield held


TRUTHS: Mapping[str, Callable[[Month], Iterator[Occasion]]] = {
    "agenda": agendas,
    "break": breaks,
    "digest": digests,
    "grocery": groceries,
    "home": houses,
    "medication": doses,
    "morning": mornings,
    "move": moves,
    "reminder": reminders,
    "signs": signs,
    "sleep": wind_downs,
    "training": trainings,
}
"""By the name of the skill."""


def occasions(month: Month, skills: Sequence[str]) -> dict[str, list[Occasion]]:
    """Return the occasions of each of *skills*, in order of time."""
    return {
        name: sorted(TRUTHS[name](month), key=lambda one: one.since)
        for name in skills
        if name in TRUTHS
    }
