"""`carpal evaluate speech`: how many words are heard wrongly, and how long hearing takes."""

from pathlib import Path
from typing import Any

from agent.errors import ModelError
from agent.evaluate.words import word_error_rate
from agent.ports import Transcriber, Transcript

# Four sentences read by one person cannot tell 3 % from 6 %; twice what was measured before (0.03)
# is still a transcript that every question can be understood from.
WER_AIM = 0.06
RTF_AIM = 0.3  # on two cores: an answer may begin a second after three seconds of question


async def evaluate(transcriber: Transcriber, data: Path) -> dict[str, Any]:
    """Return the figures over `read/` in *data*/speech; raise ModelError."""
    folder = data / "speech" / "read"
    told = sorted(path for path in folder.glob("*.wav") if path.with_suffix(".txt").is_file())
    if not told:
        raise ModelError(f"there are no recordings with transcripts in {folder}")
    heard = {path: await transcriber.transcribe(str(path)) for path in told}
    timed = list(heard.values())
    timed += [await transcriber.transcribe(str(path)) for path in sorted(folder.glob("*.flac"))]
    pairs = {
        path.stem: (path.with_suffix(".txt").read_text("utf-8"), heard[path].text) for path in told
    }
    return {
        "name": "speech",
        "data": str(folder),
        "n": len(told),
        "figures": _figures(pairs, timed),
    }


def _figures(pairs: dict[str, tuple[str, str]], timed: list[Transcript]) -> list[dict[str, Any]]:
    rate = word_error_rate(list(pairs.values()))
    spent = sum(one.spent_s for one in timed) / sum(one.audio_s for one in timed)
    figures = [
        _figure("word error rate", rate, WER_AIM, n=len(pairs), group=None),
        _figure("real-time factor", spent, RTF_AIM, n=len(timed), group=None),
    ]
    for name, pair in pairs.items():
        rate = word_error_rate([pair])
        figures.append(_figure("word error rate", rate, None, n=1, group=name))
    return figures


def _figure(
    name: str, value: float, aim: float | None, *, n: int, group: str | None
) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 4),
        "unit": "fraction" if name == "word error rate" else "s/s",
        "aim": aim,
        "ok": None if aim is None else value <= aim,
        "baseline": None,
        "n": n,
        "group": group,
    }
