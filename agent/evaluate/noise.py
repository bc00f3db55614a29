"""What a speech recognizer or a hurried thumb makes of a sentence."""

import random
import re

FILLERS = ("um", "uh", "so", "well", "okay", "please", "hey", "like", "you know")
HOMOPHONES = {
    "my": "by", "is": "his", "was": "were", "did": "did did", "how": "our", "what": "what's",
    "the": "a", "for": "four", "to": "two", "when": "win", "heart": "hart", "rate": "weight",
    "night": "knight", "where": "wear", "there": "their", "steps": "stepped", "meeting": "meeding",
    "i": "I", "sleep": "sleeve", "list": "lest", "next": "necks", "time": "dime", "in": "an",
}  # fmt: skip
_WORD = re.compile(r"[\w'@{}]+")


def misheard(sentence: str, draw: random.Random) -> str:
    """Return *sentence* in lower case without marks, with one or two faults of hearing."""
    words = _WORD.findall(sentence.lower())
    for _ in range(draw.choice((1, 1, 2))):
        fault, place = draw.random(), draw.randrange(len(words))
        if fault < 0.35:
            words.insert(place, draw.choice(FILLERS))
        elif fault < 0.55 and len(words) > 3:
            del words[place]
        elif fault < 0.7:
            words.insert(place, words[place])
        else:
            words[place] = HOMOPHONES.get(words[place], words[place])
    return " ".join(words)
