"""JSON Schemas from types, in one plain form: nothing referred to, no titles of fields, null as one of the types.

What is left has one meaning in every draft since 7, so that AsyncAPI tools, which know draft 7, read it too.
"""

from typing import Any

from pydantic import TypeAdapter

Schema = dict[str, Any]
Json = Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ORDER = ("$schema", "title", "description", "type", "const", "enum", "format", "pattern", "required", "properties")
LAST = ("additionalProperties", "examples")


def schema_of(type_: type) -> Schema:
    """Return the schema of what instances of a type are as JSON. Raises ValueError for what has no plain form."""
    made = TypeAdapter(type_).json_schema(mode="validation")
    return plain(made, made.get("$defs", {}))


def plain(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """Return a schema in the plain form. Raises ValueError for an alternative of other than one type and null."""
    found = {key: value for key, value in schema.items() if key not in {"$defs", "title", "default"}}
    reference = found.pop("$ref", None)
    if reference is not None:
        found = {**definitions[reference.rpartition("/")[2]], **found}
        return plain(found, definitions)
    if "anyOf" in found:
        found = nullable([plain(option, definitions) for option in found.pop("anyOf")]) | found
    if "items" in found:
        found["items"] = plain(found["items"], definitions)
    if found.get("type") == "object":
        found["properties"] = {name: plain(each, definitions) for name, each in found.get("properties", {}).items()}
        found["additionalProperties"] = True
    return in_order(found)


def nullable(options: list[Schema]) -> Schema:
    """Return one schema for a type or null."""
    null = {"type": "null"}
    match [option for option in options if option != null]:
        case [{"type": str() as type_, **rest}] if null in options:
            values = {"enum": [*rest["enum"], None]} if "enum" in rest else {}
            return {"type": [type_, "null"], **rest, **values}
    raise ValueError(f"The contract has no plain form for {options}.")


def in_order(schema: Schema) -> Schema:
    """Return a schema with its keywords in the order in which people read them."""
    places = {key: place for place, key in enumerate(ORDER)} | {key: 100 + place for place, key in enumerate(LAST)}
    return dict(sorted(schema.items(), key=lambda item: places.get(item[0], len(ORDER))))
