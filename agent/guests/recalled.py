"""Memory, as a guest's tool may ask for it: over the descriptor, and only what was granted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from agent.events import CalendarChanged, ListChanged, Notified, ProposalJudged
from agent.models.serving import Channel
from agent.ports import Hit, Recall, Summary

HITS_MAX = 100
WORDS_MAX = 32
WORD_MAX = 64
_FOUND: dict[str, TypeAdapter[Any]] = {
    "summary": TypeAdapter(Summary | None),
    "calendars": TypeAdapter(tuple[CalendarChanged, ...]),
    "lists": TypeAdapter(tuple[ListChanged, ...]),
    "judgements": TypeAdapter(tuple[ProposalJudged, ...]),
    "notified": TypeAdapter(tuple[Notified, ...]),
    "search": TypeAdapter(tuple[Hit, ...]),
}


class Recalled:
    """The guest's side of memory."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def summary(self, signal: str, *, since: datetime, until: datetime) -> Summary | None:
        """Return the summary of *signal*'s samples, or None if there are none."""
        found: Summary | None = self._ask("summary", signal=signal, since=since, until=until)
        return found

    def calendars(self) -> Sequence[CalendarChanged]:
        """Return the newest state of each calendar."""
        found: Sequence[CalendarChanged] = self._ask("calendars")
        return found

    def lists(self) -> Sequence[ListChanged]:
        """Return the newest state of each list."""
        found: Sequence[ListChanged] = self._ask("lists")
        return found

    def judgements(self, *, since: datetime) -> Sequence[ProposalJudged]:
        """Return what was judged since then, oldest first."""
        found: Sequence[ProposalJudged] = self._ask("judgements", since=since)
        return found

    def notified(self, *, since: datetime) -> Sequence[Notified]:
        """Return what was shown since then, oldest first."""
        found: Sequence[Notified] = self._ask("notified", since=since)
        return found

    def search(self, words: Sequence[str], *, limit: int) -> Sequence[Hit]:
        """Return what was said or noted with most of *words* in it, best and newest first."""
        found: Sequence[Hit] = self._ask("search", words=[*words], limit=limit)
        return found

    def _ask(self, method: str, **arguments: object) -> Any:
        asked = {"method": method, "arguments": to_jsonable_python(arguments)}
        self._channel.send({"recall": asked})
        reply = self._channel.receive()
        if reply is None or "found" not in reply:
            raise PermissionError("memory is not among what this skill may read")
        return _FOUND[method].validate_python(reply["found"])


def look_up(recall: Recall, method: str, arguments: dict[str, Any]) -> object:
    """Return what *recall* has, as JSON; raise ValueError for what it has no such method."""
    match method:
        case "summary":
            found: object = recall.summary(
                str(arguments["signal"]),
                since=datetime.fromisoformat(arguments["since"]),
                until=datetime.fromisoformat(arguments["until"]),
            )
        case "calendars":
            found = recall.calendars()
        case "lists":
            found = recall.lists()
        case "judgements":
            found = recall.judgements(since=datetime.fromisoformat(arguments["since"]))
        case "notified":
            found = recall.notified(since=datetime.fromisoformat(arguments["since"]))
        case "search":
            words = [str(word)[:WORD_MAX] for word in arguments["words"][:WORDS_MAX]]
            limit = max(0, min(HITS_MAX, int(arguments["limit"])))
            found = recall.search(words, limit=limit)
        case _:
            raise ValueError(f"memory has no {method[:32]!r}")
    return to_jsonable_python(found)
