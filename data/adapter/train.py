"""Train the adapter: `make adapter`, or `python data/adapter/train.py --work FOLDER`.

Rows come from the authors' texts beside this file; the loss is on the answer alone.  Every so many
steps the rows of an author whom it never sees are examined, and what did best on them is kept.  A
run that was interrupted goes on from its last checkpoint: chunk n of the rows depends on n alone.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llama_cpp
import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)
from torch import Tensor

sys.path.insert(0, str(Path(__file__).parents[2]))

from agent.evaluate.rows import Generator, Row
from agent.models import fetch
from agent.texts import Text, examined, read
from agent.wording import prompts
from data.adapter.export import export
from data.adapter.network import Network

HERE = Path(__file__).parent
SEED = 11
CHUNK_ROWS = 1024
BATCH_TOKENS = 1400
BATCH_ROWS = 24
RATE = 1e-3
WARM_STEPS = 30
FLAT = 0.4  # this share of the run at full rate, then down to a twentieth
EXAMINE_STEPS = 100
HELD_ROWS = 160
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Pair:
    """A prompt and its answer, in tokens."""

    asked: list[int]
    answer: list[int]

    def __len__(self) -> int:
        return len(self.asked) + len(self.answer)


class Tokens:
    """The tokenizer of the model file, as llama.cpp has it: the one that runs."""

    def __init__(self, model: Path) -> None:
        self._llama = llama_cpp.Llama(str(model), vocab_only=True, verbose=False)

    def pair(self, row: Row) -> Pair:
        """Return *row* in tokens."""
        return Pair(self._of(row.prompt), self._of(row.target + prompts.TURN_END))

    def _of(self, text: str) -> list[int]:
        return self._llama.tokenize(text.encode(), add_bos=False, special=True)


class Run:
    """One training run: network, optimizer, and where it is."""

    def __init__(self, options: argparse.Namespace) -> None:
        torch.manual_seed(SEED)
        self.options = options
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.network = Network(options.model).to(self.device)
        self.weights = self.network.adapted()
        self.parameters = [p for one in self.weights.values() for p in (one.a, one.b)]
        self.optimizer = torch.optim.AdamW(
            self.parameters, lr=RATE, weight_decay=0.0, betas=(0.9, 0.99)
        )
        self.tokens = self.step = self.chunk = 0
        self.best = float("inf")
        self.spent_s = 0.0

    def state(self) -> dict[str, Any]:
        """Return all that a run needs to go on."""
        return {
            "weights": {
                n: (w.a.detach().cpu(), w.b.detach().cpu()) for n, w in self.weights.items()
            },
            "optimizer": self.optimizer.state_dict(),
            "place": (self.tokens, self.step, self.chunk, self.best, self.spent_s),
        }

    def resume(self, state: dict[str, Any]) -> None:
        """Go on from *state*."""
        for name, (a, b) in state["weights"].items():
            self.weights[name].a.data.copy_(a)
            self.weights[name].b.data.copy_(b)
        self.optimizer.load_state_dict(state["optimizer"])
        self.tokens, self.step, self.chunk, self.best, self.spent_s = state["place"]

    def learn(self, batch: list[Pair]) -> tuple[float, float]:
        """Take one step; return the loss and the share of tokens foretold."""
        share = self.tokens / self.options.tokens
        fade = 1.0 if share < FLAT else max(0.05, (1 - share) / (1 - FLAT))
        for group in self.optimizer.param_groups:
            group["lr"] = RATE * min(1.0, (self.step + 1) / WARM_STEPS) * fade
        loss, right, _ = self._loss(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.step += 1
        self.tokens += sum(len(one) for one in batch)
        return float(loss.detach()), right

    @torch.no_grad()
    def examine(self, batches: list[list[Pair]]) -> tuple[float, float]:
        """Return the mean loss and share foretold over rows that are not trained on."""
        found = [self._loss(batch) for batch in batches]
        total = sum(count for _, _, count in found)
        loss = sum(float(one) * count for one, _, count in found) / total
        return loss, sum(right * count for _, right, count in found) / total

    def _loss(self, batch: list[Pair]) -> tuple[Tensor, float, int]:
        length = max(len(one) for one in batch)
        tokens = torch.zeros(len(batch), length, dtype=torch.long)
        wanted = torch.full((len(batch), length), IGNORED)
        for place, one in enumerate(batch):
            tokens[place, : len(one)] = torch.tensor(one.asked + one.answer)
            wanted[place, len(one.asked) - 1 : len(one) - 1] = torch.tensor(one.answer)
        hidden, wanted = self.network(tokens.to(self.device)), wanted.to(self.device)
        kept = wanted != IGNORED
        scores = F.linear(hidden[kept], self.network.output).float()
        right = (scores.argmax(-1) == wanted[kept]).float().mean()
        return F.cross_entropy(scores, wanted[kept]), float(right), int(kept.sum())


def batches(rows: list[Pair]) -> Iterator[list[Pair]]:
    """Yield batches of rows of like length, no larger than fits into memory."""
    batch: list[Pair] = []
    for one in sorted(rows, key=len):
        if batch and (len(batch) >= BATCH_ROWS or (len(batch) + 1) * len(one) > BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch


def chunk_of(texts: list[Text], tokens: Tokens, number: int) -> list[list[Pair]]:
    """Return the batches of chunk *number*, in an order of its own."""
    generator = Generator(texts, SEED * 100_003 + number)
    made = list(batches([tokens.pair(generator.row()) for _ in range(CHUNK_ROWS)]))
    generator.random.shuffle(made)
    return made


def train(run: Run, texts: list[Text], held: Text, tokens: Tokens) -> None:
    """Train until the tokens are used up, noting each examination in `log.jsonl`."""
    work: Path = run.options.work
    generator = Generator([held], SEED, noisy=0.15)
    exam = list(batches([tokens.pair(generator.answer()) for _ in range(HELD_ROWS)]))
    began, foretold = time.monotonic() - run.spent_s, 0.0
    while run.tokens < run.options.tokens:
        for batch in chunk_of(texts, tokens, run.chunk):
            loss, right = run.learn(batch)
            foretold = 0.95 * foretold + 0.05 * right
            if run.step % EXAMINE_STEPS:
                continue
            run.spent_s = time.monotonic() - began
            note(run, loss=loss, foretold=foretold, exam=run.examine(exam))
        run.chunk += 1
        keep(run, work / "last.pt")
    run.spent_s = time.monotonic() - began
    note(run, loss=loss, foretold=foretold, exam=run.examine(exam))


def note(run: Run, *, loss: float, foretold: float, exam: tuple[float, float]) -> None:
    """Write down how it goes, and keep the weights that did best on the held-out rows."""
    work: Path = run.options.work
    line = {
        "step": run.step,
        "tokens": run.tokens,
        "seconds": round(run.spent_s),
        "loss": round(loss, 4),
        "foretold": round(foretold, 4),
        "held out loss": round(exam[0], 4),
        "held out foretold": round(exam[1], 4),
    }
    with (work / "log.jsonl").open("a") as log:
        log.write(json.dumps(line) + "\n")
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
    if exam[0] < run.best:
        run.best = exam[0]
        keep(run, work / "best.pt")


def keep(run: Run, path: Path) -> None:
    """Write a checkpoint that is whole or not there."""
    fresh = path.with_suffix(".new")
    torch.save(run.state(), fresh)
    fresh.replace(path)


def default_model() -> Path:
    """Return the packaged chat model: the very file that the adapter is merged into."""
    return fetch.get("chat", fetch.models_folder())


def main() -> None:
    """Train, and export what did best."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=default_model(), help="the base, as GGUF")
    parser.add_argument("--work", type=Path, required=True, help="folder of the checkpoints")
    parser.add_argument("--to", type=Path, default=HERE / "carpal.gguf", help="the adapter")
    parser.add_argument("--tokens", type=int, default=2_150_000, help="how long to train")
    parser.add_argument("--held", type=Path, default=HERE.parent / "heldout" / "wordings.txt")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    texts = [read(path) for path in sorted((HERE / "text").glob("*.txt"))]
    held = examined(read(options.held), texts)
    run, last = Run(options), options.work / "last.pt"
    if last.is_file():
        run.resume(torch.load(last, weights_only=True))
    train(run, texts, held, Tokens(options.model))
    best = torch.load(options.work / "best.pt", weights_only=True)
    export(best["weights"], options.to)


if __name__ == "__main__":
    main()
