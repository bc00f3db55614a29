"""What our adapted chat model is asked, job by job: the names of facts, never their values.  Pure.

The adapter in `data/adapter` was trained on exactly these forms; a change here needs a new one.
"""

from collections.abc import Sequence

MISSING = "I don't have that."
"""What the model says where the facts do not hold what was asked."""
QUESTION_MAX = 300
GLANCE_END = " | "
TURN_END = "<|im_end|>"
_MARKS = ("<|im_start|>", "<|im_end|>", "<|endoftext|>")


def answer(names: Sequence[str], question: str) -> str:
    """Return the prompt for a sentence on what *question* asks, from the facts *names*."""
    return _turn(f"{_facts(names)}\nquestion: {_line(question)[:QUESTION_MAX]}")


def nudge(situation: str, names: Sequence[str]) -> str:
    """Return the prompt for `GLANCE | SENTENCE` on *situation*."""
    return _turn(f"nudge: {_line(situation)}\n{_facts(names)}")


def journal(names: Sequence[str]) -> str:
    """Return the prompt for the written entry of a day."""
    return _turn(f"journal\n{_facts(names)}")


def digest(names: Sequence[str]) -> str:
    """Return the prompt for a sentence or two on notifications that were held."""
    return _turn(f"digest\n{_facts(names)}")


def notes(passage: str) -> str:
    """Return the prompt for `TITLE | TERM; TERM | QUESTION | QUESTION` on *passage*."""
    return _turn(f"notes: {_line(passage)}")


def slots(names: Sequence[str], sentence: str) -> str:
    """Return the prompt for `NAME: WORDS` lines of what *sentence* says of each of *names*."""
    return _turn(f"slots: {', '.join(names)}\nsaid: {_line(sentence)[:QUESTION_MAX]}")


def talk(said: str) -> str:
    """Return the prompt for a reply in small talk."""
    return _turn(_line(said)[:QUESTION_MAX])


def _facts(names: Sequence[str]) -> str:
    return "\n".join(("facts:", *names))


def _turn(text: str) -> str:
    return f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n"


def _line(text: str) -> str:
    """Return *text* on one line and without the marks that end a turn: it is only ever quoted."""
    for mark in _MARKS:
        text = text.replace(mark, " ")
    return " ".join(text.split())
