"""Count the authors' texts: `python -m data.adapter.count`."""

import sys
from pathlib import Path

from agent.texts import read

HERE = Path(__file__).parent


def main() -> None:
    """Print a line for each text."""
    for path in (
        *sorted((HERE / "text").glob("*.txt")),
        *sorted(HERE.parent.glob("heldout/*.txt")),
    ):
        text = read(path)
        families = text.families.values()
        sys.stdout.write(
            f"{text.author}: {sum(len(f.questions) for f in families)} questions, "
            f"{sum(len(f.answers) for f in families)} sentences, "
            f"{sum(len(f.hints) for f in families)} nudges, {len(families)} families, "
            f"{len(text.turns)} turns of talk, {len(text.notes)} passages\n"
        )


if __name__ == "__main__":
    main()
