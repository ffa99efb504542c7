"""What a change of the contract would break for those who live by its release.

What is sent has to stay within what was released; what the release took in has to be taken in still. Values of an
enumeration may be added on both sides.
"""

from collections.abc import Iterator
from typing import Any

from events.contract.schemas import Schema

Contract = dict[str, Any]

AT_MOST = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems"})
AT_LEAST = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems"})
ANNOTATIONS = frozenset({"$schema", "title", "description", "examples"})
COMPARED = frozenset({"type", "const", "enum", "required", "properties"})
"""Keywords with a comparison of their own; of those that are named nowhere here the values have to be equal."""


def breaks(released: Contract, present: Contract) -> list[str]:
    """Return what those who rely on the released contract would lose, nothing where it was only added to.

    A contract is `channels` (what each is, by name) and the schemas of what is `sent` and `taken`, by type.
    """
    found = []
    for name, channel in released["channels"].items():
        if present["channels"].get(name) != channel:
            found.append(f"channel {name}: {channel} is {present['channels'].get(name, 'removed')}")
    for side in ("sent", "taken"):
        for type_, schema in released[side].items():
            if type_ in present[side]:
                found += lost(type_, schema, present[side][type_], sent=side == "sent")
            else:
                found.append(f"{type_}: is no longer {side}")
    return found


def lost(path: str, released: Schema, present: Schema, *, sent: bool) -> Iterator[str]:
    """Yield what a value's present schema no longer grants, the path to it first."""
    side = "sent" if sent else "taken"
    wide, narrow = (released, present) if sent else (present, released)
    yield from (f"{path}: {what}" for what in excess(wide, narrow, was="held" if sent else "was not asked for"))
    if not types(narrow) <= types(wide) or types(released) - {"null"} - types(present):
        yield f"{path}: its type was {kinds(released)} and is {kinds(present)}"
    gone = set(values(released) or ()) - set(values(present) or values(released) or ())
    if gone:
        yield f"{path}: {', '.join(sorted(map(str, gone)))} is no longer {side}"
    fields = present.get("properties", {})
    for name, schema in released.get("properties", {}).items():
        if name in fields:
            yield from lost(f"{path}.{name}", schema, fields[name], sent=sent)
        else:
            yield f"{path}.{name}: was removed"
    for name in sorted(set(wide.get("required", ())) - set(narrow.get("required", ()))):
        if name in fields:
            yield f"{path}.{name}: is {'no longer always sent' if sent else 'required now'}"
    if "items" in released and "items" in present:
        yield from lost(f"{path}[]", released["items"], present["items"], sent=sent)


def excess(wide: Schema, narrow: Schema, *, was: str) -> Iterator[str]:
    """Yield which bounds of a schema's values the other does not keep."""
    if values(wide) is not None and values(narrow) is None:
        yield f"its list of values {was}"
    for keyword, bound in wide.items():
        other = narrow.get(keyword)
        if keyword in AT_MOST:
            is_kept = other is not None and other <= bound
        elif keyword in AT_LEAST:
            is_kept = other is not None and other >= bound
        else:
            is_kept = keyword in ANNOTATIONS | COMPARED or other == bound or (keyword == "items" and other is not None)
        if not is_kept:
            yield f"its {keyword} {bound} {was}"


def types(schema: Schema) -> set[str]:
    """Return the JSON types of a schema."""
    found = schema.get("type", [])
    return {found} if isinstance(found, str) else set(found)


def kinds(schema: Schema) -> str:
    """Return the JSON types of a schema as words."""
    return " or ".join(sorted(types(schema))) or "any"


def values(schema: Schema) -> list[Any] | None:
    """Return the values that a schema lists, None where it lists none."""
    if "const" in schema:
        return [schema["const"]]
    found: list[Any] | None = schema.get("enum")
    return found
