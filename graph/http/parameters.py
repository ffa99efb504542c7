"""Export requests from query strings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import orjson
from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLNamedType,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_list_type,
)

from graph.exports.columns import refusal
from graph.exports.export import ExportRequest

JSON_PARAMETERS = ("filter", "orderBy")
FIELDS = "fields"
Plain: TypeAlias = str | bool

BOOLEANS: Mapping[str, Plain] = {"true": True, "false": False}


def export_request(
    name: str, format_: str, parameters: Iterable[tuple[str, str]], filter_type: GraphQLInputObjectType
) -> ExportRequest:
    """Return the export request in a query string. Raises RequestRefused.

    `filter` and `orderBy` are JSON, `fields` are columns between commas; every other parameter is a field of the
    filter, one within an object after a dot: `within=140106&status=LISTED&status=SCHEDULED&proposed.from=…`.
    """
    given: dict[str, list[str]] = {}
    for key, text in parameters:
        given.setdefault(key, []).append(text)
    fields = [column.strip() for text in given.pop(FIELDS, []) for column in text.split(",") if column.strip()]
    parsed = {key: parsed_json(key, given.pop(key)) for key in JSON_PARAMETERS if key in given}
    criteria = parsed.get("filter")
    if given:
        if criteria is None:
            criteria = {}
        if not isinstance(criteria, dict):
            raise refusal("The parameter filter is not a JSON object.")
        for key, texts in given.items():
            place(criteria, key, texts, filter_type)
    return ExportRequest(name, format_, criteria, parsed.get("orderBy"), fields)


def parsed_json(key: str, texts: Sequence[str]) -> Any:  # noqa: ANN401 -- a JSON value
    """Return the value of a parameter that is JSON. Raises RequestRefused."""
    try:
        return orjson.loads(texts[-1])
    except orjson.JSONDecodeError as error:
        raise refusal(f"The parameter {key} is not JSON: {error}.") from None


def place(criteria: dict[str, Any], key: str, texts: Sequence[str], filter_type: GraphQLInputObjectType) -> None:
    """Put a parameter at its place in the filter. Raises RequestRefused."""
    *outer, last = key.split(".")
    found, type_ = criteria, filter_type
    for name in outer:
        type_ = object_at(type_, name, key)
        found = found.setdefault(name, {})
        if not isinstance(found, dict):
            raise refusal(f"The parameter {key} has no place in the filter beside it.")
    if last not in type_.fields:
        raise unknown(type_, key)
    if last in found:
        raise refusal(f"{key} stands in the filter and beside it; give it once.")
    found[last] = content(type_.fields[last].type, key, texts)


def object_at(type_: GraphQLInputObjectType, name: str, key: str) -> GraphQLInputObjectType:
    """Return the type of an object within a filter. Raises RequestRefused."""
    field = type_.fields.get(name)
    beneath = get_nullable_type(field.type) if field else None
    if not is_input_object_type(beneath):
        raise unknown(type_, key)
    return beneath


def unknown(type_: GraphQLInputObjectType, key: str) -> Exception:
    """Return the refusal of an unknown parameter."""
    known = sorted({*JSON_PARAMETERS, FIELDS, *type_.fields})
    return refusal(f"There is no parameter {key!r}; {type_.name} has {', '.join(known)}.")


def content(type_: GraphQLInputType, key: str, texts: Sequence[str]) -> Plain | list[Plain]:
    """Return the JSON value of a parameter's texts. Raises RequestRefused."""
    named = get_named_type(type_)
    if is_input_object_type(named):
        within = ", ".join(f"{key}.{name}" for name in named.fields)
        raise refusal(f"The parameter {key} is an object; give it in filter, or as {within}.")
    if is_list_type(get_nullable_type(type_)):
        return [scalar(named, text) for text in texts]
    if len(texts) > 1:
        raise refusal(f"The parameter {key} is given {len(texts)} times; it has one value.")
    return scalar(named, texts[0])


def scalar(type_: GraphQLNamedType, text: str) -> Plain:
    """Return the JSON value of a text; one that does not fit the type is refused with the whole filter."""
    return BOOLEANS.get(text, text) if type_.name == "Boolean" else text
