"""Where a text turns to something else: TextTiling.  Pure.

Hearst (1997), "TextTiling: segmenting text into multi-paragraph subtopic passages", Computational
Linguistics 23(1), section 5: the likeness of the blocks before and after each gap (5.2), the depth
of each valley (5.3), and a boundary where the depth is great against the others of the text (5.4).
Gaps lie between sentences instead of every 20 words, and the bar is higher, mean + sd / 2 instead
of mean - sd / 2: one wants chapters, not paragraphs.  Blocks are likened by their words, or by the
mean of the sentences' vectors where there are some.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from math import sqrt

from agent.notes.words import content

BLOCK_WORDS = 90  # of its 100 to 200
SMOOTH = 1
CHAPTER_WORDS_MIN = 120
CHAPTER_WORDS_MAX = 1200

Likeness = Callable[[range, range], float]
"""How alike two blocks of sentences are, at most 1."""


def by_words(sentences: Sequence[str]) -> Likeness:
    """Return the likeness of blocks by the words that they share (equation of section 5.2)."""
    counts = [Counter(content(one)) for one in sentences]

    def alike(before: range, after: range) -> float:
        one, other = (sum((counts[n] for n in block), Counter[str]()) for block in (before, after))
        both = sum(count * other[word] for word, count in one.items())
        size = sqrt(sum(c * c for c in one.values()) * sum(c * c for c in other.values()))
        return both / size if size else 0.0

    return alike


def by_vectors(vectors: Sequence[Sequence[float]]) -> Likeness:
    """Return the likeness of blocks by the cosine of their sentences' mean vectors."""

    def mean(block: range) -> list[float]:
        return [sum(column) for column in zip(*(vectors[n] for n in block), strict=True)]

    def alike(before: range, after: range) -> float:
        one, other = mean(before), mean(after)
        size = sqrt(sum(a * a for a in one) * sum(b * b for b in other))
        return sum(a * b for a, b in zip(one, other, strict=True)) / size if size else 0.0

    return alike


def beginnings(lengths: Sequence[int], likeness: Likeness) -> list[int]:
    """Return the places of the sentences with which a chapter begins, without the first one.

    *lengths* are the sentences' lengths in words.
    """
    if sum(lengths) < 2 * CHAPTER_WORDS_MIN:
        return []
    gaps = range(1, len(lengths))
    scores = _smoothed([likeness(_before(lengths, n), _after(lengths, n)) for n in gaps])
    depths = [_depth(scores, place) for place in range(len(scores))]
    bar = _mean(depths) + _deviation(depths) / 2
    return _chosen(lengths, depths, bar)


def _chosen(lengths: Sequence[int], depths: Sequence[float], bar: float) -> list[int]:
    """Return the deepest gaps above *bar*, none of which leaves a chapter too short."""
    starts = [0]
    for length in lengths:
        starts.append(starts[-1] + length)
    whole = starts[-1]
    chosen: list[int] = []
    for depth, gap in sorted(((d, n + 1) for n, d in enumerate(depths)), reverse=True):
        edges = (0, whole, *(starts[one] for one in chosen))
        if depth > bar and all(abs(starts[gap] - e) >= CHAPTER_WORDS_MIN for e in edges):
            chosen.append(gap)
    return _halved(starts, sorted(chosen))


def _halved(starts: Sequence[int], chosen: list[int]) -> list[int]:
    """Return *chosen* with a cut in each chapter that is too long for one."""
    found: list[int] = []
    begin = 0
    for end in (*chosen, len(starts) - 1):
        for gap in range(begin + 1, end):
            if starts[gap + 1] - starts[found[-1] if found else 0] > CHAPTER_WORDS_MAX:
                found.append(gap)
        if end < len(starts) - 1:
            found.append(end)
        begin = end
    return found


def _before(lengths: Sequence[int], gap: int) -> range:
    begin, held = gap, 0
    while begin > 0 and held < BLOCK_WORDS:
        begin -= 1
        held += lengths[begin]
    return range(begin, gap)


def _after(lengths: Sequence[int], gap: int) -> range:
    end, held = gap, 0
    while end < len(lengths) and held < BLOCK_WORDS:
        held += lengths[end]
        end += 1
    return range(gap, end)


def _smoothed(scores: Sequence[float]) -> list[float]:
    return [_mean(scores[max(0, n - SMOOTH) : n + SMOOTH + 1]) for n in range(len(scores))]


def _depth(scores: Sequence[float], place: int) -> float:
    """Return how far it goes up to the peaks on both sides of *place*."""
    left = right = here = scores[place]
    for score in reversed(scores[:place]):
        if score < left:
            break
        left = score
    for score in scores[place + 1 :]:
        if score < right:
            break
        right = score
    return (left - here) + (right - here)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _deviation(values: Sequence[float]) -> float:
    mean = _mean(values)
    return sqrt(_mean([(one - mean) ** 2 for one in values]))
