"""What the voices say that is not the phrase: what sounds like it, and everything else.  Pure."""

from collections.abc import Iterator, Sequence

import numpy as np

Chance = np.random.Generator

OPENINGS = (
    *("hey", "hey", "hey there", "hey you", "okay", "oh", "hi", "hello", "well", "so", "hey so"),
    *("can i", "can you", "could you", "could i", "may i", "hey can you", "hey could i", "hey i"),
    *("i'll", "i would like", "let me", "give me", "please", "what about", "do you", "they"),
)
OPENED_SHARE = 0.5  # of the sentences: what begins like "hey" is what wakes by mistake
WORDS = (
    "about after again also always another any apple around back become before between big book "
    "bring call car carry change child city clean close come country day did different do door "
    "down each early eat evening every far father few find first follow food form four friend "
    "garden get give go good great group half hand hard have head hear help her high home hour "
    "house idea important in it just keep kitchen know large last leave letter life light like "
    "line list little live long look made make man many mean meeting milk moment money month "
    "morning mother move much music must name need never new next night nothing now number of "
    "often old on once only open order other our out over own paper part people place plan play "
    "point problem question quick rain read ready remember right road room run same say school "
    "second see seven she should show six small some soon sound start still stop street such sun "
    "table take talk tea tell ten than that the their there they thing think this those three "
    "time to today together tomorrow town tree try turn two under up use very voice wait walk "
    "want was watch water way we week well what when where which while white who why will window "
    "with woman word work world would write year yellow yes yesterday you young your zero"
).split()


def sentences(count: int, chance: Chance, words: Sequence[str] = WORDS) -> list[str]:
    """Return *count* rows of *words* at random, many of them behind what sentences begin with."""
    made = []
    for _ in range(count):
        some = [str(one) for one in chance.choice(words, int(chance.integers(3, 8)))]
        if chance.random() < OPENED_SHARE:
            some.insert(0, OPENINGS[int(chance.integers(len(OPENINGS)))])
        made.append(" ".join(some))
    return made


def near_misses(phrase: str, count: int, chance: Chance) -> Iterator[str]:
    """Yield texts that are a part of *phrase*, or it with one of its words changed."""
    words = phrase.split()
    for _ in range(count):
        place = int(chance.integers(len(words)))
        kind = chance.random()
        if kind < 0.3 and len(words) > 1:
            yield " ".join(words[:place] + words[place + 1 :])
        elif kind < 0.5 and len(words[place]) > 3:
            cut = int(chance.integers(2, len(words[place])))
            yield " ".join([*words[:place], words[place][:cut], *words[place + 1 :]])
        else:
            yield " ".join([*words[:place], str(chance.choice(WORDS)), *words[place + 1 :]])
