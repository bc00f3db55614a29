"""Learn the weights of stress: `python data/stress/train.py --data FOLDER` (seconds).

FOLDER is the one with `stress/` in it.  All its labelled people are learned from; what is written
is `agent/fusion/stress/model.py`, with marks of their recordings, so that `carpal evaluate
stress` never tests anyone by weights that the person had a part in.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from agent.evaluate.strained import Person, read_people
from agent.evaluate.stress import learn
from agent.fusion.stress.strain import Columns, Weights

ROOT = Path(__file__).parents[2]
MARKS_A_LINE = 7
MODEL = ROOT / "agent" / "fusion" / "stress" / "model.py"
HEAD = '''"""The weights of stress, made by data/stress/train.py: learn anew, do not edit.  Pure."""

from agent.fusion.stress.strain import Weights
'''


def main() -> None:
    """Read the recordings, learn from them and write the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with stress/ in it")
    people = read_people(parser.parse_args().data / "stress")
    MODEL.write_text("\n".join(module(people)) + "\n")
    print(f"{MODEL.relative_to(ROOT)}: learned from {len(people)} people")  # noqa: T201


def module(people: list[Person]) -> Iterator[str]:
    """Yield the lines of the module that holds what *people* teach."""
    learned = learn(people)
    yield HEAD
    yield f"# {', '.join(Columns._fields)}"
    yield from _constant("WITH_ELECTRODERMAL", learned.full)
    yield from _constant("HEART_ALONE", learned.heart)
    yield ""
    yield "# By these the recordings are known again that it was learned from."
    yield "TRAINED_ON = frozenset({"
    every = sorted(frozenset[str]().union(*(person.marks for person in people)))
    for start in range(0, len(every), MARKS_A_LINE):
        line = " ".join(f'"{one}",' for one in every[start : start + MARKS_A_LINE])
        yield f"    {line}"
    yield "})  # fmt: skip"


def _constant(name: str, weights: Weights) -> Iterator[str]:
    each = ", ".join(f"{one:.4f}" for one in weights.each)
    yield f"{name} = Weights("
    yield f"    constant={weights.constant:.4f},"
    yield f"    each=({each}),"
    yield f"    rest={weights.rest:.4f},"
    yield ")"


if __name__ == "__main__":
    main()
