"""How many words are heard wrongly: read sentences, commands, both in noise, by each model."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from agent.ask.explain_paths import normal
from agent.evaluate.voice_sounds import SNRS_DB, load, mixed, pcm
from agent.evaluate.words import errors, word_error_rate
from agent.figures import Figure, shown
from agent.ports import Transcriber

READ = "speech/read"


async def read_sentences(transcriber: Transcriber, data: Path, model: str) -> list[Figure]:
    """Return the word error rate on `speech/read`, clean and in the kitchen."""
    folder = data / READ
    told = [path for path in sorted(folder.glob("*.wav")) if path.with_suffix(".txt").is_file()]
    noise = load(data / "speech" / "noise" / "kitchen.wav")
    pairs: dict[str, list[tuple[str, str]]] = {}
    for path in told:
        said = path.with_suffix(".txt").read_text("utf-8")
        clean = load(path)
        for condition in ("clean", *(f"{snr_db} dB" for snr_db in SNRS_DB)):
            sound = clean
            if condition != "clean":
                snr_db = float(condition.split()[0])
                sound = mixed(clean, noise, snr_db, seed=f"{path.stem} {condition}")
            heard = await transcriber.transcribe(pcm(sound))
            pairs.setdefault(condition, []).append((said, heard.text))
    return [
        shown(
            "word error rate",
            word_error_rate(some),
            unit="fraction",
            n=len(some),
            group=f"{model}, read, {condition}",
        )
        for condition, some in pairs.items()
    ]


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
