from copy import deepcopy
from typing import Any

import pytest

from events.contract.evolution import breaks

EVENT, REPLY = "cn.shangliang.topic.moved.v1", "cn.shangliang.reply.moved.v1"
SCHEMA = {
    "type": "object",
    "required": ["at", "data"],
    "properties": {
        "at": {"type": "string", "format": "date-time", "description": "When."},
        "version": {"type": "string", "const": "1.0"},
        "code": {"type": "string", "pattern": "^[a-z]+$", "minLength": 2, "maxLength": 40},
        "count": {"type": ["integer", "null"], "minimum": 0, "maximum": 9},
        "tags": {"type": "array", "maxItems": 3, "items": {"type": "string"}},
        "text": {"type": "string"},
        "data": {
            "type": "object",
            "required": ["state"],
            "properties": {"state": {"type": "string", "enum": ["OPEN", "SHUT"]}, "note": {"type": "string"}},
            "additionalProperties": True,
        },
    },
    "additionalProperties": True,
}
CHANNEL = {"address": "agency.{code}.inbox"}
CONTRACT: dict[str, Any] = {"channels": {"inbox": CHANNEL}, "sent": {EVENT: SCHEMA}, "taken": {REPLY: deepcopy(SCHEMA)}}
GONE = object()


def changed(side: str, path: str, value: Any) -> dict[str, Any]:
    """Return the contract with one keyword of one schema set or gone; a path names the fields and then the keyword."""
    contract = deepcopy(CONTRACT)
    *fields, keyword = path.split("/")
    node = next(iter(contract[side].values()))
    for field in fields:
        node = node["items"] if field == "[]" else node["properties"][field]
    if value is GONE:
        del node[keyword]
    else:
        node[keyword] = value
    return contract


def without(side: str, *path: str) -> dict[str, Any]:
    """Return the contract without one field, nor is it required."""
    contract = deepcopy(CONTRACT)
    node = next(iter(contract[side].values()))
    for field in path[:-1]:
        node = node["properties"][field]
    del node["properties"][path[-1]]
    node["required"] = [name for name in node["required"] if name != path[-1]]
    return contract


@pytest.mark.parametrize(
    ("path", "value", "sent", "taken"),
    [
        ("required", ["data"], "{}.at: is no longer always sent", None),
        ("required", ["at", "data", "text"], None, "{}.text: is required now"),
        ("data/required", [], "{}.data.state: is no longer always sent", None),
        ("data/required", ["state", "note"], None, "{}.data.note: is required now"),
        ("text/type", "integer", "{}.text: its type was string and is integer", "="),
        ("text/type", ["string", "null"], "{}.text: its type was string and is null or string", None),
        ("count/type", "integer", None, "{}.count: its type was integer or null and is integer"),
        ("count/type", "null", "{}.count: its type was integer or null and is null", "="),
        ("count/type", ["number", "null"], "{}.count: its type was integer or null and is null or number", "="),
        ("at/format", "date", "{}.at: its format date-time held", "{}.at: its format date was not asked for"),
        ("at/format", GONE, "{}.at: its format date-time held", None),
        ("text/format", "uuid", None, "{}.text: its format uuid was not asked for"),
        ("code/pattern", "^.*$", "{}.code: its pattern ^[a-z]+$ held", "{}.code: its pattern ^.*$ was not asked for"),
        ("code/maxLength", 50, "{}.code: its maxLength 40 held", None),
        ("code/maxLength", GONE, "{}.code: its maxLength 40 held", None),
        ("code/maxLength", 30, None, "{}.code: its maxLength 30 was not asked for"),
        ("text/maxLength", 30, None, "{}.text: its maxLength 30 was not asked for"),
        ("code/minLength", 1, "{}.code: its minLength 2 held", None),
        ("code/minLength", 3, None, "{}.code: its minLength 3 was not asked for"),
        ("count/minimum", -1, "{}.count: its minimum 0 held", None),
        ("count/minimum", 1, None, "{}.count: its minimum 1 was not asked for"),
        ("count/maximum", 10, "{}.count: its maximum 9 held", None),
        ("count/multipleOf", 2, None, "{}.count: its multipleOf 2 was not asked for"),
        ("tags/items", GONE, "{}.tags: its items {{'type': 'string'}} held", None),
        ("tags/[]/type", "integer", "{}.tags[]: its type was string and is integer", "="),
        (
            "data/state/enum",
            ["OPEN"],
            "{}.data.state: SHUT is no longer sent",
            "{}.data.state: SHUT is no longer taken",
        ),
        ("data/state/enum", ["OPEN", "SHUT", "LOST"], None, None),
        ("data/state/enum", GONE, "{}.data.state: its list of values held", None),
        ("text/enum", ["a"], None, "{}.text: its list of values was not asked for"),
        ("version/const", "1.1", "{}.version: 1.0 is no longer sent", "{}.version: 1.0 is no longer taken"),
        ("version/const", GONE, "{}.version: its list of values held", None),
        ("at/description", "The instant.", None, None),
        ("additionalProperties", False, "{}: its additionalProperties True held", "="),
    ],
)
def test_change_of_a_schema_breaks_one_side_or_both(
    path: str, value: object, sent: str | None, taken: str | None
) -> None:
    if path == "additionalProperties":
        taken = "{}: its additionalProperties False was not asked for"
    assert breaks(CONTRACT, changed("sent", path, value)) == ([sent.format(EVENT)] if sent else [])
    taken = sent if taken == "=" else taken
    assert breaks(CONTRACT, changed("taken", path, value)) == ([taken.format(REPLY)] if taken else [])


@pytest.mark.parametrize("path", [("text",), ("at",), ("data",), ("data", "note"), ("data", "state")])
def test_field_may_not_be_removed(path: tuple[str, ...]) -> None:
    place = ".".join(path)
    assert breaks(CONTRACT, without("sent", *path)) == [f"{EVENT}.{place}: was removed"]
    assert breaks(CONTRACT, without("taken", *path)) == [f"{REPLY}.{place}: was removed"]


def test_field_may_be_added_everywhere() -> None:
    for side in ("sent", "taken"):
        released = without(side, "data", "note")
        assert breaks(released, CONTRACT) == []


def test_type_may_be_added_and_not_removed() -> None:
    for side, type_ in (("sent", EVENT), ("taken", REPLY)):
        fewer = {**CONTRACT, side: {}}
        assert breaks(CONTRACT, fewer) == [f"{type_}: is no longer {side}"]
        assert breaks(fewer, CONTRACT) == []


def test_channel_may_be_added_and_neither_moved_nor_removed() -> None:
    moved = {**CONTRACT, "channels": {"inbox": {"address": "inbox.{code}"}}}
    fewer: dict[str, Any] = {**CONTRACT, "channels": {}}
    assert breaks(CONTRACT, moved) == [f"channel inbox: {CHANNEL} is {{'address': 'inbox.{{code}}'}}"]
    assert breaks(CONTRACT, fewer) == [f"channel inbox: {CHANNEL} is removed"]
    assert breaks(fewer, CONTRACT) == []


def test_all_that_breaks_is_named() -> None:
    fewer = without("sent", "data", "state")
    fewer["taken"] = {}
    assert breaks(CONTRACT, fewer) == [f"{EVENT}.data.state: was removed", f"{REPLY}: is no longer taken"]
