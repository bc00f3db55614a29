"""A slowly forgetting histogram, from which personal quantiles are read.  Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often each value was seen, older ones weighing less.

    Bins of *width* from *low* upwards; what lies outside counts in the first or last bin.
    A median and a median absolute deviation read from it are robust (Rousseeuw & Croux 1993):
    an hour of stress does not move the usual as it would move a mean.
    """

    low: float
    width: float
    weights: tuple[float, ...]
    count: int = 0

    def add(self, value: float, *, keep: float = 1.0) -> "Histogram":
        """Return the histogram with one more *value*, everything older weighed by *keep*."""
        place = min(max(int((value - self.low) / self.width), 0), len(self.weights) - 1)
        weights = self.weights if keep == 1.0 else tuple(w * keep for w in self.weights)
        changed = (*weights[:place], weights[place] + 1.0, *weights[place + 1 :])
        return Histogram(self.low, self.width, changed, self.count + 1)

    def quantile(self, share: float) -> float:
        """Return the value below which *share* (0-1) of the weight lies, to within a bin."""
        wanted, seen = share * sum(self.weights), 0.0
        for place, weight in enumerate(self.weights):
            if weight > 0 and seen + weight >= wanted:
                return self.low + self.width * (place + (wanted - seen) / weight)
            seen += weight
        return self.low

    def spread(self) -> float:
        """Return a robust standard deviation: 1.4826 times the median absolute deviation."""
        middle = self.quantile(0.5)
        far = sorted(
            (abs(self.low + self.width * (place + 0.5) - middle), weight)
            for place, weight in enumerate(self.weights)
            if weight > 0
        )
        half, seen = sum(self.weights) / 2, 0.0
        for distance, weight in far:
            seen += weight
            if seen >= half:
                return 1.4826 * distance
        return 0.0


def histogram(*, low: float, high: float, width: float) -> Histogram:
    """Return an empty histogram over [low, high)."""
    return Histogram(low, width, (0.0,) * round((high - low) / width))
