"""Sentences that a tool takes as its command by their frame, whatever they are about.  Pure."""

import re
from collections.abc import Mapping
from typing import Any

from agent.ask.frames import POLITE
from agent.skill import Tool

_QUESTION = re.compile(
    r"^(?:anything|what|when|where|which|who|whom|whose|why|how|did|does|is|are|was|were|am"
    r"|have (?:i|we|you)"
    r"|do (?:i|we|you)|has|tell me (?:what|which|when|where|how|if|about(?!.* again$)))\b"
    r"|^(?:list|show|give me|read|tell me|any|anything|is|all|check)\b.*"
    r"\b(?:reminders|what|which|remind me (?:of|about)$)"
)


class Commands:
    """The frames that tools declare; those that take back come first."""

    def __init__(self, tools: Mapping[str, Tool[Any]]) -> None:
        found = [
            (not tool.removes, name, re.compile("|".join(f"(?:{one})" for one in tool.frames)))
            for name, tool in tools.items()
            if tool.frames
        ]
        self._frames = [(name, pattern) for _, name, pattern in sorted(found, key=lambda f: f[:2])]

    def read(self, asked: str) -> str | None:
        """Return the tool whose frame *asked* has; None where it is a question or has none."""
        text = " ".join(asked.lower().replace("\u2019", "'").split())
        bare = POLITE.sub("", text)
        if _QUESTION.search(bare):
            return None
        for name, pattern in self._frames:
            if pattern.search(bare) or pattern.search(text):
                return name
        return None
