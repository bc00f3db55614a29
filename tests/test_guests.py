"""Skills of third parties: sealed, fenced, narrowed, and judged the same in a replay."""

import asyncio
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.app.pipeline import Parts, Pipeline
from agent.bus import replay
from agent.context import Context, Latest, Waiting
from agent.core import FAULTS_MAX, Core
from agent.errors import ConfigError, SkillError
from agent.events import (
    GrantChanged,
    ProposalJudged,
    SkillFaulted,
    SkillNoted,
    SkillProposed,
)
from agent.guests.find import Found, found
from agent.guests.host import Host
from agent.guests.narrow import narrowed
from agent.guests.trial import play, read_scenario
from agent.state import State
from agent.store import open_store
from skills import SKILLS
from tests.days import KEY, RULES, Wearer, at, day, sample, sync

NOON = 420
HEAD = """
from agent.skill import *
from agent.events import *
def say(context, topic="t", glance="g"):
    now = context.now
    return Proposal(
        topic=topic, glance=glance, text="t", evidence=(), evidence_at=now, worth=1.0
    )
class One(Skill):
    name = "one"
    wakes = frozenset(("battery",))
"""
SAYS = (
    HEAD
    + """
    reads = frozenset(("latest",))
    def consider(self, context, settings):
        return (say(context, str(context.latest["battery"].at)),)
"""
)


def considers(body: str, *, reads: str = "") -> str:
    declared = f"    reads = frozenset(({reads}))\n" if reads else ""
    inner = textwrap.indent(textwrap.dedent(body), "        ")
    return f"{HEAD}{declared}    def consider(self, context, settings):\n{inner}\n"


TOOLS = (
    HEAD
    + """
    reads = frozenset(({reads}))
    tools = (
        Tool(
            name="ask", what="w", examples=("ask me",), arguments=NoArguments,
            answer=lambda a, r, c: {answer},
        ),
    )
def note(c, skill):
    return Answer("x", events=(SkillNoted(at=c.now, skill=skill, name="n"),))
"""
)


@pytest.fixture
def host() -> Iterator[Host]:
    hosts = Host(())
    yield hosts
    hosts.stop()


def load(host: Host, text: str, name: str = "one") -> Host:
    host.seek([Found(name, f"guest_{name}", {f"guest_{name}": text})])
    return host


def allowed(host: Host, minute: float) -> GrantChanged:
    (guest,) = host.guests
    return GrantChanged(
        at=at(minute),
        skill=guest.name,
        granted=True,
        reads=tuple(guest.reads),
        does=tuple(guest.does),
        theme=guest.theme,
        fresh_min=guest.fresh_min,
    )


def known(minute: float = NOON) -> Context:
    now = at(minute)
    return Context(now=now, rules=RULES, latest={"battery": Latest(9, now, "watch")})


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise ZeroDivisionError('seven')", "ZeroDivisionError: seven"),
        ("while True: pass", "no answer in 0.5 s"),
        ("import os; os._exit(3)", "ended with 3"),
        ("import socket; socket.socket()", "PermissionError"),
        ("open('/etc/hostname').read()", "PermissionError"),
        ("open('/tmp/mine', 'w')", "PermissionError"),
        ("import os; os.fork()", "PermissionError"),
        ("import os; os.kill(os.getppid(), 9)", "PermissionError"),
        ("import subprocess; subprocess.run(['true'])", "Error"),
        ("import ctypes; ctypes.CDLL(None).abort()", "SIGABRT"),
        ("return bytearray(1 << 33)", "Memory"),
        ("return [say(context, str(n)) for n in range(5000)]", "5000 things at once"),
        ("return (say(context, glance='g' * 41),)", "glance"),
        ("return ('a',)", "Error"),
        ("return None", "Error"),
    ],
)
def test_a_bad_guest_is_fenced_and_the_next_call_works(host: Host, body: str, reason: str) -> None:
    load(host, considers(body))
    (guest,) = host.guests
    with pytest.raises(SkillError, match="one: ") as failed:
        host.consider(guest, known())
    assert reason in failed.value.reason
    load(host, SAYS)
    assert host.consider(host.guests[0], known())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = 1", "0 skills"),
        ("syntax error", "SyntaxError"),
        ("import no_such_library", "ModuleNotFoundError"),
        ("import os; os._exit(0)", "ended with 0"),
        ("while True: pass", "no answer"),
        (HEAD.replace('"one"', '"two"'), "it calls itself 'two'"),
        (HEAD + '    reads = frozenset(("soul",))', "it reads soul"),
        (HEAD + '    does = frozenset(("unlock",))', "it wants to unlock"),
        (HEAD + '    theme = "adverts"', "theme"),
        (TOOLS.format(reads="", answer="None").replace("ask me", "{0}"), "is no sentence"),
        (TOOLS.format(reads="", answer="None").replace("ask me", "a {b}"), "or no argument"),
    ],
)
def test_what_cannot_be_loaded_is_refused_with_its_reason(
    host: Host, text: str, reason: str
) -> None:
    load(host, text)
    assert host.guests == ()
    assert reason in host.refused["one"]


def test_one_bad_guest_takes_no_other_with_it(host: Host) -> None:
    bad = Found("bad", "guest_bad", {"guest_bad": "import os; os._exit(0)"})
    host.seek([bad, Found("one", "guest_one", {"guest_one": SAYS})])
    assert [guest.name for guest in host.guests] == ["one"]
    assert "bad" in host.refused


def test_what_was_not_declared_is_not_there(host: Host) -> None:
    look = "return [say(context, repr((dict(context.latest), dict(context.memories))))]"
    context = replace(known(), memories={"other": {"secret": 1}, "one": {"own": 2}})
    load(host, considers(look))
    (said,) = host.consider(host.guests[0], context)
    assert said.topic == "({}, {'one': {'own': 2}})"
    load(host, considers(look, reads='"latest",'))
    (said,) = host.consider(host.guests[0], context)
    assert "Latest(value=9.0" in said.topic


@given(st.sets(st.sampled_from([field.name for field in fields(Context)])))
def test_a_narrowed_context_has_nothing_but_what_is_read(reads: set[str]) -> None:
    waiting = Waiting(skill="x", topic="t", glance="g", text="t", since=at(0))
    full = replace(known(), waiting=(waiting,), focus_until=at(9), zone="Europe/Berlin")
    seen = narrowed(full, skill="one", reads=reads)
    empty = Context()
    for name in ("latest", "waiting", "focus_until"):
        expected = full if name in reads else empty
        assert getattr(seen, name) == getattr(expected, name)
    assert seen.now == full.now
    assert seen.zone == full.zone
    assert seen.rules.policy == empty.rules.policy
    assert seen.rules.places == (RULES.places if "place" in reads else ())


def test_every_skill_that_ships_judges_the_same_with_what_it_declares() -> None:
    core, state = Core(SKILLS), State()
    settings = core.settings_of(RULES)
    spoke = set()
    for event in day():
        state, _ = core.step(state, event)
        for skill in SKILLS:
            seen = narrowed(state.context, skill=skill.name, reads=skill.reads)
            own = settings[skill.name]
            said = skill.consider(state.context, own)
            assert tuple(said) == tuple(skill.consider(seen, own)), skill.name
            spoke.update([skill.name] if said else [])
    assert {"break", "grocery"} <= spoke


@pytest.mark.parametrize(
    ("reads", "answer", "told"),
    [
        ("", "Answer('yes')", "yes"),
        ('"recall",', "Answer(repr(r.summary('battery', since=c.now, until=c.now)))", "None"),
        ("", "Answer(repr(r.lists()))", "memory is not among what this skill may read"),
        ("", "Answer('x', events=(SkillMuted(at=c.now, skill='signs'),))", "was not granted"),
        ("", "note(c, 'medication')", "was not granted"),
        ("", "note(c, 'one')", "x"),
        ("", "1 / 0", "I can't tell: the skill one failed"),
    ],
)
def test_a_guests_tool_answers_within_what_it_was_granted(
    host: Host, reads: str, answer: str, told: str, tmp_path: Path
) -> None:
    load(host, TOOLS.format(reads=reads, answer=answer))
    pipeline = Pipeline(parts(tmp_path), host=host)
    pipeline.bus.publish([allowed(host, 0)])
    pipeline.route.teach(pipeline.granted())
    tool = pipeline.route.tools["one.ask"]
    found = tool.answer(tool.arguments(), pipeline.memory, known())
    assert told in found.text


def parts(folder: Path) -> Parts:
    wearer = Wearer()
    return Parts(db=open_store(folder / "carpal.db", key=KEY), clock=wearer, notifier=wearer)


def judged(pipeline: Pipeline) -> Sequence[ProposalJudged]:
    return [one for one in pipeline.memory.judgements(since=at(-9999)) if one.skill == "one"]


def test_a_guest_speaks_once_it_is_allowed_and_a_replay_needs_no_guest(
    host: Host, tmp_path: Path
) -> None:
    load(host, SAYS)
    pipeline = Pipeline(parts(tmp_path), host=host)
    pipeline.settle(RULES)

    async def live() -> None:
        pipeline.bus.publish([sample(NOON, "battery", 9)])
        await pipeline.guests.settle()
        assert judged(pipeline) == []
        pipeline.bus.publish([allowed(host, NOON)])
        for minute in (1, 40, 80):
            pipeline.bus.publish([sample(NOON + minute, "battery", 8)])
            await pipeline.guests.settle()
            await pipeline.guests.settle()  # what was said is not journaled again

    asyncio.run(live())
    assert [one.verdict for one in judged(pipeline)] == ["speak"] * 3
    host.stop()
    inputs = list(pipeline.journal.replay())
    assert sum(isinstance(one, SkillProposed) for one in inputs) == 3
    _, again = replay(pipeline.core, inputs)
    assert again == list(pipeline.journal.judgements())
    _, without = replay(Core(SKILLS), inputs)  # as at the next start, or when it is gone
    assert without == again


def test_what_is_late_wakes_no_guest_until_its_source_has_synced(
    host: Host, tmp_path: Path
) -> None:
    load(host, SAYS)
    pipeline = Pipeline(parts(tmp_path), host=host)

    async def live() -> list[int]:
        pipeline.bus.publish([allowed(host, NOON), sample(NOON, "heart_rate", 60)])
        await pipeline.guests.settle()
        counts = []
        for event in (sample(NOON - 30, "battery", 8), sync(NOON)):
            pipeline.bus.publish([event])
            await pipeline.guests.settle()
            said = (one for one in pipeline.journal.replay() if isinstance(one, SkillProposed))
            counts.append(sum(1 for _ in said))
        return counts

    assert asyncio.run(live()) == [0, 1]


def test_its_state_is_its_own_events_folded_by_it(host: Host, tmp_path: Path) -> None:
    text = f"""{HEAD}
    def fold(self, memory, event, context):
        return {{'n': memory.get('n', 0) + event.data['by']}}
"""
    load(host, text)
    pipeline = Pipeline(parts(tmp_path), host=host)

    async def live() -> None:
        pipeline.bus.publish([allowed(host, 0)])
        for number in range(4):
            note = SkillNoted(at=at(number), skill="one", name="add", data={"by": number})
            pipeline.bus.publish([note])
        await pipeline.guests.settle()

    asyncio.run(live())
    assert pipeline.bus.state.context.own("one") == {"n": 6}


def test_a_guest_that_keeps_failing_is_silenced_and_reported(host: Host, tmp_path: Path) -> None:
    load(host, considers("import os; os._exit(1)"))
    pipeline = Pipeline(parts(tmp_path), host=host)

    async def live() -> None:
        pipeline.bus.publish([allowed(host, 0)])
        for number in range(FAULTS_MAX + 2):
            pipeline.bus.publish([sample(number, "battery", 50)])
            await pipeline.guests.settle()

    asyncio.run(live())
    faults = [one for one in pipeline.journal.replay() if isinstance(one, SkillFaulted)]
    assert len(faults) == FAULTS_MAX
    assert "ended with 1" in faults[0].reason


def test_a_guest_cannot_take_the_name_of_a_skill_that_ships() -> None:
    core = Core(SKILLS, [type(SKILLS[0])()])
    assert core.guests == ()


def test_skills_are_found_in_a_folder_and_those_that_are_none_are_left_out(tmp_path: Path) -> None:
    for name, text in (("good", SAYS), ("no file", ""), ("big", "x" * (2 << 20))):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.py").write_text(text)
    (tmp_path / "alone.py").write_text(SAYS)
    assert [one.name for one in found(tmp_path) if one.name in ("good", "big", "alone")] == ["good"]
    assert found(tmp_path / "nothing") == found(tmp_path / "neither")


@given(st.text(max_size=300))
def test_a_scenario_is_read_or_refused(text: str) -> None:
    try:
        scenario = read_scenario(text, name="scenario.toml")
    except ConfigError:
        return
    assert scenario.step


def test_a_scenario_tells_what_was_not_as_expected(host: Host) -> None:
    load(host, SAYS)
    scenario = read_scenario(
        '[[step]]\nminute = 0\nsignal = "battery"\nvalue = 5\nsays = "something else"\n'
        '[[step]]\nminute = 1\nsignal = "battery"\nvalue = 5\nsilent = true\n'
        '[[step]]\nminute = 2\nsignal = "battery"\nvalue = 5\nsays = "2026-03-02 12:02"\n',
        name="scenario.toml",
    )
    wrong = [one.wrong for one in play(scenario, host.guests[0], host=host)]
    assert "nothing on 'something else' was said" in wrong[0]
    assert "it said" in wrong[1]
    assert wrong[2] == ""


def test_a_trial_leaves_out_what_is_no_event(host: Host) -> None:
    load(host, SAYS)
    bad = read_scenario('[[step]]\nminute = 0\nsignal = "soul"\n', name="s")
    with pytest.raises(ConfigError, match="minute 0"):
        list(play(bad, host.guests[0], host=host))


def test_its_own_events_are_folded_after_a_kill_too(host: Host, tmp_path: Path) -> None:
    text = f"""{HEAD}
    def fold(self, memory, event, context):
        return {{'n': memory.get('n', 0) + event.data['by']}}
"""
    load(host, text)
    pipeline = Pipeline(parts(tmp_path), host=host)
    notes = [
        SkillNoted(at=at(number), skill="one", name="add", data={"by": number})
        for number in range(1, 4)
    ]
    pipeline.bus.publish([GrantChanged(at=at(0), skill="one", granted=True), *notes])
    assert len(pipeline.bus.state.notes) == 3  # and here the process ends

    async def live() -> None:
        again = Pipeline(parts(tmp_path), host=host)
        await again.guests.settle()
        assert again.bus.state.context.own("one") == {"n": 6}
        assert again.bus.state.notes == ()
        await again.guests.settle()
        assert again.bus.state.context.own("one") == {"n": 6}

    asyncio.run(live())
