from typing import Any

import pytest
from graphql import OperationDefinitionNode, is_enum_type, parse
from hypothesis import given
from hypothesis import strategies as st

from graph.schema import build_schema
from graph.variables import Variables

SCHEMA = build_schema().core
TYPES = (
    *("String", "ID", "Boolean", "Int", "DivisionCode", "Float", "DateTime", "TopicStatus", "TopicFilter"),
    *("[TopicStatus!]", "[TopicStatus]", "[ID!]", "[[Int!]]", "TopicKey"),
    *("RaiseMatterInput", "RecordSessionInput", "[AttendanceInput!]", "[TopicFilter!]"),
)
FIELDS = ("id", "text", "status", "and", "not", "platform", "title", "role", "name", "attendances", "session")
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**33), 2**33),
    st.floats(allow_nan=False),
    st.sampled_from(["LISTED", "RESOLVED", "14", "140106", "1401", "x", "", "2024-05-01T09:00:00+08:00"]),
)
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4)
)


def variables(*types: str) -> Variables:
    """Return the variables $v0, $v1 … of the types; one may have a default."""
    declared = ", ".join(f"$v{index}: {type_}" for index, type_ in enumerate(types))
    (operation,) = parse(f"query ({declared}) {{ __typename }}").definitions
    assert isinstance(operation, OperationDefinitionNode)
    return Variables(SCHEMA, operation.variable_definitions or ())


def typed(value: Any) -> Any:
    """Return a value with its types, so that 1, 1.0 and true differ."""
    if isinstance(value, list):
        return [typed(item) for item in value]
    if isinstance(value, dict):
        return [(name, typed(item)) for name, item in value.items()]
    return type(value), value


@given(
    types=st.lists(st.tuples(st.sampled_from(TYPES), st.booleans()), min_size=1, max_size=3),
    raw=st.dictionaries(st.sampled_from(["v0", "v1", "v2", "other"]), JSON),
)
def test_plain_values_are_what_coercion_gives(types: list[tuple[str, bool]], raw: dict[str, Any]) -> None:
    declared = variables(*(f"{type_}!" if required else type_ for type_, required in types))
    plain = declared.plain(raw)
    if plain is not None:
        coerced = declared.coerce(raw)
        assert isinstance(coerced, dict)
        assert list(plain) == list(coerced)
        assert typed(list(plain.values())) == typed(list(coerced.values()))


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("String!", "x"),
        ("ID!", "topic_1"),
        ("Boolean", True),
        ("Int", 2**31 - 1),
        ("Int", None),
        ("DivisionCode!", "140106"),
        ("TopicStatus!", "LISTED"),
        ("[TopicStatus!]!", ["LISTED", "RESOLVED"]),
        ("[ID!]", ["a"]),
        ("Float", 1),
        ("DateTime", "2024-05-01T09:00:00+08:00"),
        ("TopicFilter", {}),
        ("TopicFilter", {"status": ["LISTED"], "and": [{"status": None}]}),
        ("TopicKey", {"id": "topic_1"}),
        ("RecordSessionInput!", {"session": "session_1", "attendances": [{"role": "MEMBER"}]}),
        ("AttendanceInput!", {"name": "委员", "role": "MEMBER"}),
    ],
)
def test_common_variables_are_taken_at_once(type_: str, value: Any) -> None:
    declared = variables(type_)
    assert declared.plain({"v0": value}) == declared.coerce({"v0": value})


@pytest.mark.parametrize(
    ("type_", "raw"),
    [
        ("Int", {"v0": 2**31}),
        ("Int", {"v0": True}),
        ("ID!", {"v0": 5}),
        ("String!", {}),
        ("String!", {"v0": None}),
        ("[ID!]", {"v0": "a"}),
        ("DivisionCode", {"v0": "140"}),
        ("String", {"v0": "x", "other": 1}),
        ('String = "x"', {}),
        ("TopicFilter", {"v0": {"other": 1}}),
        ("TopicKey", {"v0": {}}),
        ("TopicKey", {"v0": {"id": None}}),
        ("AttendanceInput!", {"v0": {"name": "委员"}}),
        ("DateTime", {"v0": "gestern"}),
    ],
)
def test_all_else_is_left_to_coercion(type_: str, raw: dict[str, Any]) -> None:
    assert variables(type_).plain(raw) is None


def test_every_member_of_an_enum_is_taken_at_once() -> None:
    enums = [type_ for name, type_ in SCHEMA.type_map.items() if is_enum_type(type_) and not name.startswith("__")]
    for enum in enums:
        declared = variables(f"[{enum.name}!]!")
        raw = {"v0": list(enum.values)}
        plain, coerced = declared.plain(raw), declared.coerce(raw)
        assert plain is not None
        assert isinstance(coerced, dict)
        assert typed(plain["v0"]) == typed(coerced["v0"])
