"""Whatever words are said of times, lengths and medicines are read or left, and never raise."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.ask import dues, lengths, medicines, notes, slots
from agent.evaluate.situation import situation
from agent.events import Again
from agent.fusion.reminders.recurrence import first_after, following

HERE = situation()
WORDS = (
    "remind me to every each other second day days week weekday weekdays weekend month monthly "
    "daily hourly twice three times a an on the first last 1st 31st 15th of in at by until till "
    "from to between and or for 8 20 8:30 25:00 0 99 am pm noon midnight morning evening night "
    "monday mondays friday fridays january 29 february 2026 may years yearly minute minutes hour "
    "hours half quarter when I I'm get home leave work with Anna after before meeting next time "
    "shop timer pasta snooze again take metformin pills not any more , . ?"
).split()
SAID = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.text(max_size=60)


@given(SAID)
@settings(deadline=None, max_examples=300)
def test_any_words_are_read_or_left(said: str) -> None:
    found = dues.read(said, HERE)
    assert found.at is None or found.when is not None
    notes.text(said, HERE)
    length = lengths.length(said, HERE)
    assert length is None or length > timedelta()
    lengths.label(said, HERE)
    medicines.medicine(said, HERE)
    for slot in ("due", "moved", "later", "often"):
        when = slots.PARSERS[slot](said, HERE)
        if isinstance(when, Again):
            first = first_after(when, asked=HERE.now, zone=HERE.local)
            if first is not None:
                assert first > HERE.now
                later = following(when, first, after=first, zone=HERE.local)
                assert later is None or later > first
