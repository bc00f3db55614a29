"""More ways to ask, of other authors: learnt beside the tools' own examples.

They are the questions that the adapter was trained on (`data/adapter/text`), by the tool that holds
the facts of their family; and those of `street` and `park`, which are of every tool.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from agent.ask import park, street
from agent.errors import DecodeError
from agent.shipped import shipped
from agent.texts import read

TOOLS = {
    "sleep": "morning.last_night",
    "measured": "body.measured",
    "steps": "body.measured",
    "where": "body.where",
    "list": "grocery.on_the_list",
    "next meeting": "morning.next_meeting",
    "meetings": "break.meetings_today",
    "stress": "break.stress_now",
    "reminders": "reminder.open_reminders",
}
MEASURED = "{statistic} {signal}"


def strangers() -> tuple[Mapping[str, Sequence[str]], ...]:
    """Return how strangers ask, by tool."""
    return (street.VOICE, park.VOICE)


@cache
def authors() -> tuple[Mapping[str, Sequence[str]], ...]:
    """Return each author's questions by tool; those whose text is not there are left out."""
    return tuple(_of(path.name) for path in sorted(shipped("adapter/text").glob("*.txt")))


def _of(name: str) -> Mapping[str, Sequence[str]]:
    try:
        text = read(shipped(f"adapter/text/{name}"))
    except DecodeError:
        return {}
    found: dict[str, list[str]] = defaultdict(list)
    for family, tool in TOOLS.items():
        asked = text.families[family].questions if family in text.families else ()
        found[tool] += [one.wording.replace("@", MEASURED) for one in asked]
    return found
