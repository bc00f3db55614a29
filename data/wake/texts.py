"""What the voices say that is not the phrase: what sounds like it, and everything else."""

from pathlib import Path

import numpy as np
from pocketsphinx import get_model_path

from agent.shipped import shipped
from agent.voice.wake_training.texts import WORDS
from agent.voice.wake_training.texts import sentences as at_random

PHRASE = "hey carpal"
SAID = ("hey carpal", "hey, carpal", "hey carpal!", "Hey carpal?", "hey carpel", "hey carpal.")
NEAR = (
    *("hey carpet", "hey carbon", "hey marble", "a couple", "hey couple", "hey car", "hey carl"),
    *(
        "carpal",
        "carpal tunnel",
        "carpool",
        "hey carpool",
        "hey copper",
        "hey purple",
        "hey carter",
    ),
    *(
        "hey carla",
        "hey cobble",
        "hey garble",
        "hey gargle",
        "hey cargo",
        "hey carrot",
        "hey carlos",
    ),
    *(
        "hey caramel",
        "hey cardinal",
        "hey marco",
        "hey parker",
        "hey harper",
        "hey apple",
        "hey people",
    ),
    *(
        "hey google",
        "hey siri",
        "hey jarvis",
        "hey mycroft",
        "okay nabu",
        "okay carpal",
        "okay google",
    ),
    *(
        "they carp",
        "a carpet",
        "say carpet",
        "day care pal",
        "hey pal",
        "hey there pal",
        "hey paul",
    ),
    *("hey you", "hey there", "hey", "hey kid", "hey doctor", "hey call paul", "hey call pam"),
    *(
        "he could pull",
        "hey could you",
        "hey can you",
        "hey corporal",
        "hey cripple",
        "hey scarlet",
    ),
    *(
        "way too careful",
        "hey careful",
        "hey carbuncle",
        "hey cartel",
        "hey cartoon",
        "hey startle",
    ),
    *(
        "hey charcoal",
        "hey karma",
        "hey capital",
        "hey captain",
        "hey kettle",
        "hey cop",
        "hey carve",
    ),
    *("the metacarpal bone", "metacarpals", "my carpals hurt", "the carpal bones", "play karaoke"),
    *("hey sparkle", "hey startup", "hey darling", "hey arthur", "hey article", "hey arkle"),
    *("a carton", "a carpenter", "hey carpenter", "a cup of", "okay couple", "hey capable"),
    *("hey car park", "hey car pull over", "hey the car pulled", "hey court", "hey comparable"),
)


def sentences(chance: np.random.Generator, count: int) -> list[str]:
    """Return *count* texts: sentences of our own, and words at random behind usual beginnings."""
    ours = [
        line.strip()
        for name in ("heldout/talk.txt", "heldout/wordings.txt")
        for line in shipped(name).read_text("utf-8").splitlines()
        if len(line.split()) > 2 and "carpal" not in line.lower()
    ]
    few = count // 5
    mine = [ours[int(chance.integers(len(ours)))] for _ in range(few)]
    return [*mine, *at_random(count - few, chance, [*_dictionary(), *WORDS * 200])]


def _dictionary() -> list[str]:
    """Return the words that pocketsphinx's American English knows (CMUdict)."""
    path = Path(get_model_path("en-us/cmudict-en-us.dict"))
    words = [line.split()[0] for line in path.read_text("utf-8").splitlines() if line.strip()]
    return sorted({word for word in words if word.isalpha() and "carpal" not in word})
