"""What is said while one thinks: "um", "you know".  Pure.

Whisper was trained on transcripts that leave most of them out, and leaves them out too; a prompt in
which there are some makes it keep more (see `carpal evaluate coaching`).  "Like" and "well" count
only between commas, where they carry nothing.
"""

import re

PROMPT = "Um, I was, uh, on my way, and, er, you know, it was, like, um, so late."
"""What a transcriber is told to have heard before, where fillers are to be kept."""
_FILLER = re.compile(
    r"\b(?:u+h*m+|u+h+|e+r+m*|a+h+|h+m+|mm+)\b"
    r"|\b(?:you know|i mean|sort of|kind of)(?=,|\s*[.!?]|$)"
    r"|(?<=, )(?:you know|i mean|sort of|kind of|like|well|basically|actually|right|so)(?=,)"
    r"|^(?:well|so|basically|actually|i mean|like|okay so)(?=,)",
    re.IGNORECASE,
)


def fillers(text: str) -> list[str]:
    """Return the fillers in *text*, in the order in which they are said."""
    return [found[0].lower() for found in _FILLER.finditer(text)]
