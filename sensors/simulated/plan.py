"""What the calendar and the meal plan say of one simulated day.  Pure."""

from datetime import date, timedelta

from agent.events import CalendarChanged, Item, ListChanged, Meeting
from sensors.simulated.appointments import appointments
from sensors.simulated.chance import stream
from sensors.simulated.diary import Request, wall

CALENDAR, MEALPLAN = "calendar", "mealplan"
NOON_H = 12.0
MEALS: tuple[tuple[tuple[str, str, int], ...], ...] = (
    (("red lentils", "300 g", 4), ("coconut milk", "400 ml", 4), ("spinach", "250 g", 1)),
    (("potatoes", "1 kg", 1), ("leeks", "3", 1), ("cream", "200 ml", 6)),
    (("spaghetti", "500 g", 3), ("tomatoes", "800 g", 1), ("parmesan", "150 g", 6)),
    (("rice", "500 g", 3), ("peppers", "4", 1), ("feta", "200 g", 6)),
    (("salmon", "2 fillets", 5), ("fennel", "2", 1), ("lemons", "3", 1)),
    (("chickpeas", "2 tins", 4), ("cucumber", "1", 1), ("yoghurt", "500 g", 6)),
    (("eggs", "10", 6), ("mushrooms", "300 g", 1), ("rye bread", "1 loaf", 2)),
)


def calendar(request: Request) -> CalendarChanged:
    """Return all appointments from this midnight to the next noon."""
    found = [*_meetings(request, request.day), *_meetings(request, request.day + timedelta(days=1))]
    until = wall(request.day, 24 + NOON_H, request.zone)
    kept = [meeting for meeting in found if meeting.start < until]
    kept.sort(key=lambda meeting: meeting.start)
    since = wall(request.day, 0, request.zone)
    meetings = () if "meetings" in request.without else tuple(kept)
    return CalendarChanged(at=since, source=CALENDAR, since=since, until=until, meetings=meetings)


def _meetings(request: Request, day: date) -> list[Meeting]:
    return [
        Meeting(
            uid=f"{day}-{index}@simulated",
            title=entry.title,
            start=wall(day, entry.start_h, request.zone),
            end=wall(day, entry.end_h, request.zone),
            place=entry.place,
            declined=entry.declined,
        )
        for index, entry in enumerate(appointments(request.seed, day))
    ]


def shopping(request: Request) -> ListChanged:
    """Return what the next dinners need, in the order of the aisles."""
    chosen = stream(request.seed, "meals", request.day).sample(MEALS, k=3)
    lines = sorted((aisle, name, amount) for meal in chosen for name, amount, aisle in meal)
    items = tuple(Item(name=name, amount=amount, aisle=aisle) for aisle, name, amount in lines)
    return ListChanged(
        at=wall(request.day, 0, request.zone),
        source=MEALPLAN,
        name="grocery",
        items=() if "list" in request.without else items,
    )
