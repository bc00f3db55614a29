"""Whether llama.cpp with the exported adapter foretells what the network that was trained does.

`python data/adapter/parity.py`: for the answers of held-out rows, the share of tokens that both
hold most likely, and the largest difference of a probability.  `make adapter` ends with it.
"""

import sys
from pathlib import Path

import gguf
import llama_cpp
import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (its usual name)

sys.path.insert(0, str(Path(__file__).parents[2]))

from agent.evaluate.rows import Generator, Row
from agent.models import fetch
from agent.texts import examined, read
from agent.wording import prompts
from data.adapter.network import Network

HERE = Path(__file__).parent
ROWS = 24
CONTEXT = 512
SAME_MIN = 0.97  # float16 and bfloat16 differ where two words are all but equally likely


def adapted(model: Path, adapter: Path) -> Network:
    """Return the network with the weights of *adapter*."""
    network = Network(model, torch.float32)
    weights = network.adapted()
    for tensor in gguf.GGUFReader(adapter).tensors:
        name, _, part = tensor.name.rpartition(".lora_")
        values = torch.tensor(np.array(tensor.data, dtype=np.float32))
        getattr(weights[name], part).data.copy_(values.reshape(getattr(weights[name], part).shape))
    return network


def main() -> None:
    """Print the figures; end with 1 where the two disagree."""
    model, adapter = fetch.get("chat", fetch.models_folder()), HERE / "carpal.gguf"
    texts = [read(path) for path in sorted((HERE / "text").glob("*.txt"))]
    held = examined(read(HERE.parent / "heldout" / "wordings.txt"), texts)
    generator, network = Generator([held], 5, noisy=0.0), adapted(model, adapter)
    llama = llama_cpp.Llama(
        str(model), lora_path=str(adapter), n_ctx=CONTEXT, logits_all=True, verbose=False
    )
    found = [compared(network, llama, generator.answer()) for _ in range(ROWS)]
    same = sum(equal for equal, _, _ in found) / sum(count for _, count, _ in found)
    worst = max(most for _, _, most in found)
    sys.stdout.write(f"parity: {same:.4f} of the tokens alike, probabilities within {worst:.3f}\n")
    sys.exit(0 if same >= SAME_MIN else 1)


@torch.no_grad()
def compared(network: Network, llama: llama_cpp.Llama, row: Row) -> tuple[int, int, float]:
    """Return (tokens held most likely by both, tokens, largest difference of a probability)."""
    asked = llama.tokenize(row.prompt.encode(), add_bos=False, special=True)
    answer = llama.tokenize((row.target + prompts.TURN_END).encode(), add_bos=False, special=True)
    tokens = [*asked, *answer]
    ours = F.linear(network(torch.tensor([tokens]))[0], network.output)[len(asked) - 1 : -1]
    llama.reset()
    llama.eval(tokens)
    theirs = torch.tensor(llama.scores[len(asked) - 1 : len(tokens) - 1])
    alike = int((ours.argmax(-1) == theirs.argmax(-1)).sum())
    apart = (ours.softmax(-1) - theirs.softmax(-1)).abs().max()
    return alike, len(answer), float(apart)


if __name__ == "__main__":
    main()
