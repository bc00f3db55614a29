"""How many words are heard wrongly: read sentences, commands, both in noise, by each model."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from agent.ask.explain_paths import normal
from agent.evaluate.transcripts import WER_AIM
from agent.evaluate.voice_sounds import NOISE, conditions
from agent.evaluate.words import errors, word_error_rate
from agent.figures import Figure, at_most, shown
from agent.ports import Transcriber

READ = "speech/read"
DEFAULT = "tiny.en"


async def read_sentences(transcriber: Transcriber, data: Path, model: str) -> list[Figure]:
    """Return the word error rate on `speech/read`, clean and in the kitchen.

    That of the default model, clean, is the overall one.  Nothing, where there are none.
    """
    folder = data / READ
    told = [path for path in sorted(folder.glob("*.wav")) if path.with_suffix(".txt").is_file()]
    if not told:
        return []
    pairs: dict[str, list[tuple[str, str]]] = {}
    for path in told:
        said = path.with_suffix(".txt").read_text("utf-8")
        sounds = conditions(path, data / NOISE)
        for condition, sound in sounds.items():
            heard = await transcriber.transcribe(sound)
            pairs.setdefault(condition, []).append((said, heard.text))
    rows = [
        shown(
            "word error rate",
            word_error_rate(some),
            unit="fraction",
            n=len(some),
            group=f"{model}, read, {condition}",
        )
        for condition, some in pairs.items()
    ]
    overall = at_most("word error rate", rows[0]["value"], WER_AIM, unit="fraction", n=rows[0]["n"])
    return [overall, *rows] if model == DEFAULT else rows


def commands(heard: Sequence[tuple[str, Mapping[str, str], str]], model: str) -> list[Figure]:
    """Return the error rate of the words that the labels of the commands have.

    *heard* are (condition, slots, text).  The recordings have labels and no transcripts, so what
    was said around the slots is not counted: a word of a value that the text does not have, in the
    value's order, is an error.
    """
    wrong: dict[str, int] = {}
    total: dict[str, int] = {}
    for condition, slots, text in heard:
        words = normal(text)
        for value in slots.values():
            said = value.split()
            total[condition] = total.get(condition, 0) + len(said)
            wrong[condition] = wrong.get(condition, 0) + _least(said, words)
    return [
        shown(
            "word error rate",
            wrong[condition] / total[condition],
            unit="fraction",
            n=total[condition],
            group=f"{model}, words of the orders, {condition}",
        )
        for condition in total
    ]


def _least(said: Sequence[str], words: Sequence[str]) -> int:
    """Return the fewest errors of *said* against any stretch of *words* that is as long."""
    length = len(said)
    stretches = [words[start : start + length] for start in range(max(1, len(words) - length + 1))]
    return min(min(length, errors(said, stretch)) for stretch in stretches)
