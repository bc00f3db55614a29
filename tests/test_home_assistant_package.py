"""The automations that ship for Home Assistant hear what the skills publish, and open nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from agent.events import Item, ListChanged, ListEdited
from agent.wire import act_topic, decode, encode_edit, list_topic
from skills.home import STATES
from tests.days import at

yaml = pytest.importorskip("yaml", reason="PyYAML comes with the models: `make models`")
jinja2 = pytest.importorskip("jinja2", reason="Jinja comes with the models: `make models`")
FILE = Path(__file__).parents[1] / "data" / "home_assistant" / "carpal.yaml"
AUTOMATIONS: list[dict[str, Any]] = yaml.safe_load(FILE.read_text())["automation"]


def rendered(template: str, **names: object) -> str:
    environment = jinja2.Environment(autoescape=False)  # JSON, and our own
    environment.filters["to_json"] = json.dumps
    return str(environment.from_string(template).render(**names))


def heard(topic: str, payload: dict[str, object]) -> list[dict[str, Any]]:
    """Return the automations that Home Assistant would run: by topic, and by payload if given."""
    found = []
    for one in AUTOMATIONS:
        for trigger in one["triggers"]:
            if trigger["trigger"] != "mqtt" or trigger["topic"] != topic:
                continue
            value = rendered(trigger.get("value_template", ""), value_json=payload)
            if "payload" not in trigger or trigger["payload"] == value:
                found.append(one)
    return found


@pytest.mark.parametrize("state", STATES)
def test_each_state_of_presence_runs_one_automation(state: str) -> None:
    (one,) = heard(act_topic("ada", "home/presence"), {"state": state})
    assert one["actions"]


def test_no_automation_touches_a_lock_or_an_alarm() -> None:
    text = json.dumps(AUTOMATIONS)
    actions = {step["action"] for one in AUTOMATIONS for step in _steps(one["actions"])}
    assert {action.split(".")[0] for action in actions} <= {"light", "climate", "todo", "mqtt"}
    assert "lock." not in text
    assert "alarm" not in text


def _steps(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for step in steps:
        inner = step.get("then", []) + step.get("repeat", {}).get("sequence", [])
        found += [step] if "action" in step else []
        found += _steps(inner)
    return found


def test_what_is_to_do_there_is_the_list_here() -> None:
    (one,) = [one for one in AUTOMATIONS if one["id"] == "carpal_todo_out"]
    publish = one["actions"][-1]["data"]
    there = {"todo.to_do": {"items": [{"summary": "call Tom"}, {"summary": 'buy a "nice" vase'}]}}
    payload = rendered(publish["payload"], open=there).encode()
    (event,) = decode(publish["topic"], payload, wearer="ada", arrived=at(0))
    assert isinstance(event, ListChanged)
    assert (event.name, event.source) == ("todo", "home_assistant")
    assert [item.name for item in event.items] == ["call Tom", 'buy a "nice" vase']


def test_what_is_said_here_is_changed_there() -> None:
    (one,) = heard(list_topic("ada", "todo"), {"added": ["a"], "removed": ["b"]})
    edit = ListEdited(at=at(0), name="todo", added=(Item(name="a"),), removed=("b",))
    assert encode_edit(edit, "ada") == (
        list_topic("ada", "todo"),
        b'{"added":["a"],"removed":["b"]}',
    )
    add, complete = (step["repeat"] for step in one["actions"])
    assert add["for_each"] == "{{ trigger.payload_json.added }}"
    assert complete["sequence"][0]["data"]["status"] == "completed"
