"""A live view for a terminal: lines that scroll, above a few that stay and change.  Pure text."""

from collections.abc import Callable, Mapping, Sequence

from pydantic import JsonValue

UP = "\x1b[{}A"
CLEAR = "\x1b[J"
BOLD, DIM, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


class Screen:
    """Write to a terminal; everything shown is made printable first."""

    def __init__(self, write: Callable[[str], None], *, width: int) -> None:
        self._write = write
        self._width = width
        self._shown: Sequence[str] = ()

    def line(self, text: str) -> None:
        """Let *text* scroll by, above what stays."""
        standing, self._shown = self._shown, ()
        self._erase(standing)
        self._write(f"{_printable(text)}\n")
        self.stay(standing)

    def stay(self, lines: Sequence[str]) -> None:
        """Show *lines* at the bottom, in place of those before."""
        self._erase(self._shown)
        self._shown = [_printable(line)[: self._width] for line in lines]
        self._write("".join(f"{DIM}{line}{PLAIN}\n" for line in self._shown))

    def clear(self) -> None:
        """Take away what stays."""
        self.stay(())

    def _erase(self, lines: Sequence[str]) -> None:
        if lines:
            self._write(UP.format(len(lines)) + CLEAR)


def dashboard(clock: str, situation: Mapping[str, JsonValue]) -> list[str]:
    """Return what is believed now, in three lines."""
    latest = situation["latest"]
    values = latest if isinstance(latest, dict) else {}
    stress, sure = situation["stress"], situation["stress_confidence"]
    felt = "unknown" if stress is None else f"{stress} of 100 (confidence {sure})"
    body = "asleep" if situation["asleep"] else f"awake, {situation['motion']}"
    heart = values.get("heart_rate")
    rate = f"{heart:.0f} bpm" if isinstance(heart, int | float) else "no heart rate"
    meetings = f"{situation['meetings_4h_min']} min of meetings in 4 h"
    return [
        "─" * 60,
        f"{clock}  {body}, at {situation['place']}",
        f"       {rate}, stress {felt}",
        f"       {meetings}; now: {situation['meeting'] or '-'}; next: {situation['next'] or '-'}",
    ]


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text)
