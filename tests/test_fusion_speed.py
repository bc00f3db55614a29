"""All estimators together over a long time: what they keep, and that they can be measured."""

from datetime import timedelta

from pydantic import TypeAdapter

from agent.context import Context
from agent.evaluate import fusion_speed
from agent.evaluate.fusion_speed import DAY_S, START, day
from agent.fold import fold_world

KEPT_BYTES_MAX = 150_000  # it is written every hour, and read at each start


def test_what_months_leave_behind_is_bounded_and_kept_exactly() -> None:
    context, adapter, sizes = Context(), TypeAdapter(Context), []
    for index in range(45):
        start = START + timedelta(days=index)
        for event in day(index, start, every_s=600, length_s=DAY_S):
            context = fold_world(context, event)
        sizes.append(len(adapter.dump_json(context)))
    assert adapter.validate_json(adapter.dump_json(context)) == context
    assert max(sizes) <= KEPT_BYTES_MAX
    assert sizes[-1] - sizes[29] < 4_000, "it grows no more"
    assert {place.kind for place in context.visits.anchors} == {"home", "work"}


def test_the_same_seed_is_the_same_day() -> None:
    first, second = (list(day(3, START, every_s=60, length_s=7200)) for _ in range(2))
    assert first == second
    assert {getattr(one, "signal", "location") for one in first} >= {
        "heart_rate", "motion", "electrodermal", "skin_temperature", "ibi", "location",
    }  # fmt: skip


def test_the_figures_of_speed_have_their_names() -> None:
    found = fusion_speed.evaluate(1, short=True)
    names = [one["name"] for one in found["figures"]]
    assert names == ["samples/s", "cost after a year", "cost a sample"]
    assert all(one["value"] > 0 for one in found["figures"])
