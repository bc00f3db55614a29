"""The small things of a made-up month: lists, medicines, notifications, reminders, quiet.  Pure."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import blake2b
from random import Random

from agent.events import Item, NotificationReceived, ReminderSet
from sensors.simulated.chance import stream
from sensors.simulated.latent import Dose, Ping, Span, Visit, Written
from sensors.simulated.person import Person
from sensors.simulated.plan import MEALS

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
PHONE = "phone"
APPS = ("Messages", "Mail", "News", "Calendar", "Chat")
URGENT = ("Call me please", "The school called", "Your alarm went off", "Please call back now")
WISHES = (
    "call Mum", "water the plants", "take the bins out", "book the dentist", "pay the rent",
    "answer Paul", "buy stamps", "hang up the washing", "order the tickets", "ring the garage",
)  # fmt: skip
WRITTEN_H = 20
NIGHT_SHARE = 0.08  # of the notifications come while one sleeps


def lists(person: Person, seed: int, visits: Sequence[Visit], first: datetime) -> list[Written]:
    """Return the shopping list as it is written before, and empty after, a visit to a shop."""
    found, empty_at = [Written(first, ())], first
    for visit in (one for one in visits if one.kind == "grocery"):
        random = stream(seed, "list", visit.start)
        before = random.randint(0, person.list_days_before) * DAY
        at = max(empty_at + MINUTE, visit.start - before - random.uniform(1, 9) * 60 * MINUTE)
        if random.random() < person.list_share:
            found += [Written(at, _items(random)), Written(visit.end + MINUTE, ())]
        empty_at = visit.end + MINUTE
    return found


def _items(random: Random) -> tuple[Item, ...]:
    meals = random.sample(MEALS, k=random.randint(1, 3))
    lines = sorted((aisle, name, amount) for meal in meals for name, amount, aisle in meal)
    return tuple(Item(name=name, amount=amount, aisle=aisle) for aisle, name, amount in lines)


def doses(person: Person, seed: int, dues: Sequence[tuple[str, datetime]]) -> list[Dose]:
    """Return each dose, and when it is taken unasked: late, if at all."""
    found = []
    for name, due in dues:
        random = stream(seed, "dose", name, due)
        late = random.uniform(50, 110) * MINUTE
        found.append(Dose(name, due, due + late if random.random() < 0.5 else None))
    return found


def pings(person: Person, seed: int, day: date, awake: Span, busy: Sequence[Span]) -> list[Ping]:
    """Return the notifications of one waking day and the night after it.

    *busy* are the meetings: what comes then is seen when they end, else within some minutes.
    """
    random = stream(seed, "phone", day)
    count = round(random.gauss(person.phone.a_day, person.phone.a_day**0.5))
    found = []
    for number in range(max(0, count)):
        at = awake.start + random.random() * (awake.end - awake.start)
        if random.random() < NIGHT_SHARE:
            at = awake.end + random.uniform(20, 300) * MINUTE
        urgent = random.random() < person.phone.urgent_share
        event = NotificationReceived(
            at=at.replace(microsecond=0),
            source=PHONE,
            id=f"{day}-{number}",
            app=random.choice(APPS),
            title=random.choice(URGENT) if urgent else random.choice(WISHES).capitalize(),
            urgent=urgent,
        )
        held = next((span.end for span in busy if span.holds(at)), at)
        seen = max(held, at) + random.uniform(2, 25) * MINUTE
        if at >= awake.end:
            seen = awake.start + DAY + random.uniform(15, 90) * MINUTE  # at breakfast
        found.append(Ping(event, seen.replace(microsecond=0)))
    return sorted(found, key=lambda ping: ping.event.at)


def reminders(person: Person, seed: int, day: date, awake: Span) -> list[ReminderSet]:
    """Return what the person asks to be told on one day, as it is asked for."""
    random = stream(seed, "reminders", day)
    found = []
    for number in range(_often(person.reminders_a_week / 7, random)):
        span = awake.end - awake.start
        due = awake.start + random.uniform(0.3, 0.95) * span
        asked = due - random.uniform(0.05, 0.25) * span
        due = due.replace(second=0, microsecond=0)
        text = random.choice(WISHES)
        id_ = blake2b(f"{day}/{number}".encode(), digest_size=5).hexdigest()
        asked = asked.replace(microsecond=0)
        found.append(ReminderSet(at=asked, id=id_, due=due, text=text))
    return found


def focus(person: Person, seed: int, day: date, awake: Span) -> list[Span]:
    """Return when the person asks for quiet on one day."""
    random = stream(seed, "focus", day)
    found = []
    for _ in range(_often(person.focus_a_week / 7, random)):
        at = awake.start + random.uniform(0.2, 0.7) * (awake.end - awake.start)
        start = at.replace(second=0, microsecond=0)
        found.append(Span(start, start + random.choice((45, 60, 90)) * MINUTE))
    return found


def _often(mean: float, random: Random) -> int:
    return int(mean) + (random.random() < mean % 1)
