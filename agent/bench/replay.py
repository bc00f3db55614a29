"""Replay: a simulated day through the core with all skills, nothing written."""

from agent.app.days import judge, made_up
from agent.figures import Table, at_least, shown, table

EVENTS_PER_S_MIN = 10_000
ROUNDS = 3  # the best of them: the others were disturbed


def run(short: bool) -> Table:
    """Return how many events of a day are judged a second."""
    inputs = [event for _, batch in made_up(1) for event in batch]
    inputs = inputs[: len(inputs) // 10] if short else inputs
    best_s, judged = float("inf"), 0
    for _ in range(ROUNDS):
        judgements, figures = judge(inputs)
        best_s, judged = min(best_s, float(str(figures["seconds"]))), len(judgements)
    count = len(inputs)
    rate = count / best_s
    return table(
        "replay",
        "a simulated day, seed 1",
        count,
        [
            at_least("events/s", rate, EVENTS_PER_S_MIN, unit="events/s", n=count),
            shown("judgements", judged, unit="judgements", n=count),
        ],
    )
