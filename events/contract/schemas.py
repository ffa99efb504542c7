"""JSON Schemas from types, in one plain form: objects have titles, null is one of the types, lists of values are open.

What is left means the same in every draft since 7, so that AsyncAPI tools, which know draft 7, read it too, and nothing
that a strict validator does not know. Generated code takes a value that is added later, for its type is text.
"""

from collections.abc import Container
from typing import Any

from pydantic import TypeAdapter

Schema = dict[str, Any]
Json = Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ORDER = ("$schema", "title", "description", "type", "const", "enum", "format", "pattern", "required", "properties")
LAST = ("additionalProperties", "examples", "$defs")
KNOWN = frozenset(
    {
        *ORDER,
        *LAST,
        *("items", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum"),
        *("exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    }
)
"""Keywords of JSON Schema that the contract may use."""


def schema_of(type_: type) -> Schema:
    """Return the schema of what instances of a type are as JSON. Raises ValueError for what has no plain form."""
    made = TypeAdapter(type_).json_schema(mode="validation")
    return plain(made, made.get("$defs", {}))


def plain(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """Return a schema in the plain form.

    Raises ValueError for an alternative of other than one type and null, and for what is no keyword of JSON Schema.
    """
    found = resolved(schema, definitions)
    if "enum" in found:
        found = open_list(found)
    if "items" in found:
        found["items"] = plain(found["items"], definitions)
    if found.get("type") == "object":
        found["properties"] = {name: plain(each, definitions) for name, each in found.get("properties", {}).items()}
        found["additionalProperties"] = True
    unknown = found.keys() - KNOWN
    if unknown:
        raise ValueError(f"No keyword of JSON Schema: {', '.join(sorted(unknown))}.")
    return in_order(found)


def resolved(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """Return a schema that refers to nothing by itself and has no alternatives; its fields may. Raises ValueError."""
    found = {key: value for key, value in schema.items() if key not in {"$defs", "default"}}
    reference = found.pop("$ref", None)
    if reference is not None:
        return resolved({**definitions[reference.rpartition("/")[2]], **found}, definitions)
    if "anyOf" in found:
        found = nullable([resolved(option, definitions) for option in found.pop("anyOf")]) | found
    if found.get("type") != "object":
        found.pop("title", None)
    return found


def open_list(schema: Schema) -> Schema:
    """Return a text with known values in place of one that may have no other: the known ones are its examples."""
    known = schema["enum"]
    rest = {key: value for key, value in schema.items() if key != "enum"}
    shown = [*dict.fromkeys([*map(str, schema.get("examples", ())), *known])]
    said = f"{schema.get('description', '')} Known: {', '.join(known)}; others may be added."
    return {**rest, "description": said.strip(), "examples": shown}


def nullable(options: list[Schema]) -> Schema:
    """Return one schema for a type or null."""
    null = {"type": "null"}
    match [option for option in options if option != null]:
        case [{"type": str() as type_, **rest}] if null in options:
            return {"type": [type_, "null"], **rest}
    raise ValueError(f"The contract has no plain form for {options}.")


def in_order(schema: Schema) -> Schema:
    """Return a schema with its keywords in the order in which people read them."""
    places = {key: place for place, key in enumerate(ORDER)} | {key: 100 + place for place, key in enumerate(LAST)}
    return dict(sorted(schema.items(), key=lambda item: places.get(item[0], len(ORDER))))


def shared(schema: Schema, titles: Container[str]) -> Schema:
    """Return a schema with its objects of these titles defined once, in `$defs`, and referred to."""
    definitions: dict[str, Schema] = {}

    def placed(each: Schema) -> Schema:
        if "properties" in each:
            each = {**each, "properties": {name: placed(one) for name, one in each["properties"].items()}}
        if each.get("title") not in titles:
            return each
        definitions[each["title"]] = each
        return {"$ref": f"#/$defs/{each['title']}"}

    found = placed(schema)
    return in_order({**found, "$defs": definitions} if definitions else found)
