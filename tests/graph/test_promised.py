"""The schema has everything that front ends were promised, named, typed and defaulted as promised."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLNamedType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
)

import graph

PROMISED = Path(__file__).with_name("promised.graphql")

VERBS = [
    "raiseMatter",
    "acceptMatter",
    "answerMatter",
    "declineMatter",
    "draftPlan",
    "addPlanItem",
    "removePlanItem",
    "submitPlan",
    "approvePlan",
    "returnPlan",
    "proposeTopic",
    "listTopic",
    "involveDepartment",
    "releaseDepartment",
    "withdrawTopic",
    "resolveTopic",
    "reopenTopic",
    "scheduleSession",
    "rescheduleSession",
    "cancelSession",
    "recordSession",
    "recordOutcome",
    "assignCommitment",
    "reportProgress",
    "completeCommitment",
    "verifyCommitment",
    "disputeCommitment",
    "convertOutcome",
    "convertOpinion",
    "recordFollowUp",
    "publishDutyScheme",
    "assessMember",
    "openPlatform",
    "closePlatform",
    "launchBrand",
    "seatMember",
    "registerDepartment",
    "disableDepartment",
    "openPracticeCenter",
    "recordActivity",
    "sendTestNotice",
    "replayNotices",
    "retryNotice",
    "skipNotice",
    "grantRole",
    "revokeRole",
]


def named(schema: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    """Yield the types that a schema declares itself."""
    for declared in schema.type_map.values():
        if not is_introspection_type(declared) and not is_specified_scalar_type(declared):
            yield declared


def parts(declared: GraphQLNamedType) -> Iterator[str]:
    """Yield everything that a type holds, each as one line."""
    yield f"{type(declared).__name__} {declared.name}"
    for interface in getattr(declared, "interfaces", ()):
        yield f"{declared.name} implements {interface.name}"
    if isinstance(declared, GraphQLEnumType):
        yield from (f"{declared.name}.{value}" for value in declared.values)
    if isinstance(declared, GraphQLUnionType):
        yield from (f"{declared.name} = {member.name}" for member in declared.types)
    for name, field in getattr(declared, "fields", {}).items():
        yield from lines(f"{declared.name}.{name}", field)


def lines(path: str, field: GraphQLField | GraphQLInputField) -> Iterator[str]:
    """Yield a field's line and one for each of its arguments."""
    yield typed(path, field)
    if isinstance(field, GraphQLField):
        yield from (typed(f"{path}({name})", argument) for name, argument in field.args.items())


def typed(path: str, value: GraphQLField | GraphQLInputField | GraphQLArgument) -> str:
    """Return a line that says of what type something is, and its default."""
    return f"{path}: {value.type} = {getattr(value, 'default_value', None)!r}"


COMMITTED = build_schema((Path(graph.__file__).parent / "schema.graphql").read_text())
HELD = {line for declared in named(COMMITTED) for line in parts(declared)}


def member(type_name: str, name: str) -> str:
    """Return the type of a field."""
    fields: dict[str, GraphQLField | GraphQLInputField] = getattr(COMMITTED.type_map[type_name], "fields", {})
    return str(fields[name].type)


@pytest.mark.parametrize("promised", list(named(build_schema(PROMISED.read_text()))), ids=str)
def test_schema_has_what_was_promised(promised: GraphQLNamedType) -> None:
    assert sorted(set(parts(promised)) - HELD) == []


@pytest.mark.parametrize("verb", VERBS)
def test_verb_takes_one_input_and_gives_its_payload(verb: str) -> None:
    assert COMMITTED.mutation_type is not None
    field = COMMITTED.mutation_type.fields[verb]
    name = verb[0].upper() + verb[1:]
    assert [(key, str(argument.type)) for key, argument in field.args.items()] == [("input", f"{name}Input!")]
    assert str(field.type) == f"{name}Payload!"
    assert member(f"{name}Payload", "errors") == "[MutationError!]!"
    assert member(f"{name}Input", "idempotencyKey") == "String"
