import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from ruamel.yaml import YAML

import services
from events.contract.asyncapi import document
from events.contract.evolution import breaks
from events.contract.files import HOME, SCHEMAS, asyncapi_text, released_contract, served_documents
from events.contract.messages import EVENTS, REPLIES, MessageType, event_message, event_types, reply_types
from events.contract.published import contract, files
from events.messages.incoming import VERBS, reply_of
from services.notices.events import Fact
from tests.contract import problems

ALL = [*event_types(), *reply_types()]
NOT_SENT = frozenset(
    {
        *("topic.proposed", "topic.involved", "session.minuted", "opinion.added", "matter.listed"),
        *("commitment.accepted", "commitment.declined", "commitment.progressed", "commitment.completed"),
        *("conversion.submitted", "conversion.filed", "conversion.corrected", "followup.recorded"),
    }
)
"""Facts that are written for the feed alone; no department is sent them."""


def event_classes(base: type[Fact] = Fact) -> Iterator[type[Fact]]:
    for each in base.__subclasses__():
        yield from event_classes(each)
        if "type" in vars(each):
            yield each


def test_every_event_of_the_services_is_in_the_contract() -> None:
    for path in Path(services.__file__).parent.glob("*/events.py"):
        import_module(f"services.{path.parent.name}.events")
    ours = {each.type for each in event_classes() if each.__module__.startswith("services.")}
    assert ours - NOT_SENT == {event.type for event in EVENTS}
    assert len({event.type for event in EVENTS}) == len(EVENTS)


def test_every_reply_is_in_the_contract() -> None:
    assert tuple(REPLIES) == VERBS


def test_committed_files_are_the_contract() -> None:
    made = files()
    committed = {name: (HOME / name).read_text(encoding="utf-8") for name in made}
    stale = [name for name, text in made.items() if committed[name] != text]
    assert stale == [], "run: make contract"
    assert {f"{SCHEMAS}/{path.name}" for path in (HOME / SCHEMAS).iterdir()} == {
        name for name in made if name.startswith(SCHEMAS)
    }


def test_nothing_released_is_broken() -> None:
    found = breaks(released_contract(), contract())
    rule = "what is not an addition is a new version of the type, beside the old one"
    assert found == [], "\n".join([rule, *found])


def test_asyncapi_document_is_the_same_as_yaml() -> None:
    assert YAML(typ="safe").load(StringIO(asyncapi_text())) == document()


@pytest.mark.parametrize("type_", ALL, ids=lambda each: each.key)
def test_example_is_of_its_schema(type_: MessageType) -> None:
    assert problems(type_.schema, type_.example) == []


@pytest.mark.parametrize("type_", ALL, ids=lambda each: each.key)
def test_every_field_is_described(type_: MessageType) -> None:
    assert list(undescribed(type_.schema, type_.key)) == []


def undescribed(schema: dict[str, object], path: str) -> Iterator[str]:
    if not schema.get("description"):
        yield path
    properties = schema.get("properties", {})
    assert isinstance(properties, dict)
    for name, each in properties.items():
        yield from undescribed(each, f"{path}.{name}")


def test_schema_says_what_an_event_always_has() -> None:
    (schema,) = (each.schema for each in event_types() if each.name == "session.held")
    data = schema["properties"]["data"]
    assert (schema["title"], data["title"]) == ("SessionHeld", "SessionHeldData")
    assert schema["properties"]["type"]["const"] == "cn.shangliang.session.held.v1"
    assert set(schema["properties"]) - set(schema["required"]) == {"replay", "traceparent", "causationid"}
    facts = ["session_id", "session_at", "venue", "held_at", "headcount"]
    assert data["required"] == [*data["properties"]] == ["department", "topic", "link", *facts]
    assert data["properties"]["headcount"]["type"] == ["integer", "null"]
    assert data["properties"]["department"]["properties"]["role"]["type"] == ["string", "null"]
    assert (schema["additionalProperties"], data["additionalProperties"]) == (True, True)


@pytest.mark.parametrize("type_", ALL, ids=lambda each: each.key)
def test_every_object_has_a_title_and_no_list_of_values_is_closed(type_: MessageType) -> None:
    objects = list(nested(type_.schema))
    titles = [each.get("title") for each in objects if each.get("type") == "object"]
    assert None not in titles
    assert len({*titles}) == len(titles)
    assert [each for each in objects if "enum" in each] == []


def nested(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    for each in schema.get("properties", {}).values():
        yield from nested(each)


@pytest.mark.parametrize("type_", ALL, ids=lambda each: each.key)
def test_published_schema_takes_its_example_and_a_state_that_is_added_later(type_: MessageType) -> None:
    later = json.loads(json.dumps(type_.example))
    for thing, field in (("topic", "status"), ("department", "role")):
        if thing in later.get("data", {}):
            later["data"][thing][field] = "ADDED_LATER"
    assert [problems(type_.published, each) for each in (type_.example, later)] == [[], []]
    assert problems(type_.published, {**later, "data": {"topic": 7, "department": 7, "note": 7}}) != []


def test_what_messages_share_is_defined_once() -> None:
    (schema,) = (each.published for each in event_types() if each.name == "topic.listed")
    assert sorted(schema["$defs"]) == ["Recipient", "Topic"]
    assert schema["properties"]["data"]["properties"]["topic"] == {"$ref": "#/$defs/Topic"}
    assert {json.dumps(each.published["$defs"]["Recipient"]) for each in event_types()} == {
        json.dumps(schema["$defs"]["Recipient"])
    }


def test_refusal_needs_its_reason_and_no_other_reply_does() -> None:
    for each in reply_types():
        plain = {**each.example, "data": {}}
        wrong = ["$.data: 'note' is a required property"] if each.name == "reply.declined" else []
        assert problems(each.schema, plain) == wrong


@pytest.mark.parametrize("type_", [*reply_types()], ids=lambda each: each.key)
def test_example_of_a_reply_is_taken(type_: MessageType) -> None:
    body = json.dumps(type_.example).encode()
    message: Any = SimpleNamespace(
        body=body, user_id="qinshui-court", routing_key=f"qinshui-court.{type_.name}", headers={}, content_type=None,
        content_encoding=None,
    )  # fmt: skip
    reply = reply_of(message)
    given = type_.example.get("data", {})
    assert (reply.verb, reply.note, reply.evidence_url) == (
        type_.name.removeprefix("reply."),
        given.get("note"),
        given.get("evidence_url"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChecked:
    """The way to the department was tried."""

    type: ClassVar[str] = "line.checked"

    asked_by: str


def test_event_without_a_topic_has_its_department_alone() -> None:
    schema = event_message(LineChecked).schema
    assert "subject" not in schema["properties"]
    assert [*schema["properties"]["data"]["properties"]] == ["department", "asked_by"]
    assert schema["properties"]["partitionkey"]["examples"] == ["qinshui-court"]


def test_what_is_served_is_what_events_name() -> None:
    served = served_documents()
    assert set(served) == {"/asyncapi.yaml", "/events", *(f"/schemas/{each.key}.json" for each in ALL)}
    page = served["/events"][0].decode()
    assert len(page.encode()) < 60_000
    assert "<script" not in page
    links = {part.partition('"')[0] for part in page.split('href="')[1:]}
    assert {f"/{link}" for link in links if not link.startswith("#")} == set(served) - {"/events"}
    assert {link.removeprefix("#") for link in links if link.startswith("#")} == {each.key for each in ALL}
