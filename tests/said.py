"""Sentences that thresholds and parsers were chosen by, with what they mean (said.jsonl).

None of them is an example of a tool, and none is from the held-out file.
"""

from pathlib import Path

from agent.evaluate.utterances import decode

FILE = Path(__file__).with_name("said.jsonl")
SAID = tuple(decode(FILE.read_bytes(), name=FILE.name))
