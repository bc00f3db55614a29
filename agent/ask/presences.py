"""Which changes of presence a sentence names: leaving, coming home, sleeping, waking.  Pure."""

import re

from agent.context import Context

_NAMED = {
    "away": re.compile(r"\b(?:leav\w*|left|go out|going out|gone|away|head out|(?:am|i'm) out)\b"),
    "home": re.compile(r"\b(?:com\w* (?:back|home|in)|get (?:back|home|in)|arriv\w*|return\w*)\b"),
    "asleep": re.compile(r"\b(?:sleep\w*|asleep|to bed|doze|nap|drop off)\b"),
    "awake": re.compile(r"\b(?:wak\w*|awake|get up|got up|getting up)\b"),
}


def presence(sentence: str, _: Context) -> tuple[str, ...] | None:
    """Return the changes that *sentence* names; None where it names none."""
    text = sentence.lower()
    return tuple(name for name, words in _NAMED.items() if words.search(text)) or None
