"""The schema against the one last released: what was added since when, and what a change would break."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import (
    REMOVE,
    BreakingChange,
    BreakingChangeType,
    DocumentNode,
    GraphQLNamedType,
    GraphQLSchema,
    NamedTypeNode,
    Node,
    SafeChangeType,
    Visitor,
    VisitorAction,
    build_ast_schema,
    find_schema_changes,
    is_introspection_type,
    is_specified_scalar_type,
    parse,
    visit,
)

RELEASED = Path(__file__).with_name("released.graphql")
"""The schema as last released; `make release-schema` writes it."""
FIRST = "0.1"
"""The first version. Nothing says that it was added in it, since everything was."""
ROOTS = frozenset({"Query", "Mutation", "Subscription"})
NOTE = re.compile(r"\bAdded in ([0-9.]+)\.$")
REMOVALS = frozenset(
    {
        BreakingChangeType.TYPE_REMOVED,
        BreakingChangeType.TYPE_REMOVED_FROM_UNION,
        BreakingChangeType.VALUE_REMOVED_FROM_ENUM,
        BreakingChangeType.FIELD_REMOVED,
        BreakingChangeType.ARG_REMOVED,
    }
)


def note_additions(schema: GraphQLSchema, released: DocumentNode, version: str) -> None:
    """Add to the descriptions of types, root fields and members younger than their type the version that added them.

    What the released schema has keeps its note; what it has not was added in the present version. Of the first version
    nothing says so.
    """
    notes = dict(_notes(released))
    for type_ in schema.type_map.values():
        if is_introspection_type(type_) or is_specified_scalar_type(type_):
            continue
        _note(type_, notes.get(type_.name, version))
        for name, member in members(type_).items():
            is_new = type_.name in notes or type_.name in ROOTS
            _note(member, notes.get(f"{type_.name}.{name}", version if is_new else None))


def members(type_: GraphQLNamedType) -> dict[str, Any]:
    """Return the fields, input fields or values of a type by name; none of a scalar or a union."""
    found: dict[str, Any] = getattr(type_, "fields", None) or getattr(type_, "values", None) or {}
    return found


def _note(thing: Any, version: str | None) -> None:  # noqa: ANN401 -- a type or a member of one
    if version not in {None, FIRST}:
        thing.description = " ".join(filter(None, [thing.description, f"Added in {version}."]))


def _notes(document: DocumentNode) -> Iterator[tuple[str, str | None]]:
    """Return what the notes of a schema say, None where a description has none."""
    for definition in document.definitions:
        node: Any = definition
        if isinstance(getattr(node, "name", None), Node):
            yield node.name.value, _noted(node)
            for member in getattr(node, "fields", None) or getattr(node, "values", None) or ():
                yield f"{node.name.value}.{member.name.value}", _noted(member)


def _noted(node: Any) -> str | None:  # noqa: ANN401 -- any definition
    found = NOTE.search(node.description.value) if node.description else None
    return found[1] if found else None


def released_schema() -> DocumentNode:
    """Return the schema as last released."""
    return parse(RELEASED.read_text(encoding="utf-8"))


def changes(released: DocumentNode, present: GraphQLSchema) -> dict[str, list[str]]:
    """Return what changed since the release: `breaking`, `announced`, `dangerous` and `safe`.

    Announced is the removal of what the released schema had as deprecated, and of types that nothing else led to.
    Descriptions may change freely.
    """
    owed = set(find_schema_changes(_schema(visit(released, WithoutDeprecated())), present))
    found: dict[str, list[str]] = {"breaking": [], "announced": [], "dangerous": [], "safe": []}
    for change in find_schema_changes(_schema(released), present):
        kind = type(change).__name__.removesuffix("Change").lower()
        if change.type is SafeChangeType.DESCRIPTION_CHANGED:
            continue
        if isinstance(change, BreakingChange) and change.type in REMOVALS and change not in owed:
            kind = "announced"
        found[kind].append(change.description)
    return found


class WithoutDeprecated(Visitor):
    """Takes what is deprecated out of a schema, and then the types that the roots no longer lead to."""

    def enter(self, node: Node, *_place: object) -> VisitorAction:
        """Remove a deprecated field, argument, input field or value."""
        directives: Any = getattr(node, "directives", None) or ()
        return REMOVE if any(directive.name.value == "deprecated" for directive in directives) else None

    def leave_document(self, document: DocumentNode, *_place: object) -> DocumentNode:
        """Remove what cannot be reached."""
        kept = reachable(document)
        named = [definition for definition in document.definitions if getattr(definition, "name", None)]
        gone = [definition for definition in named if definition.name.value not in kept]  # type: ignore[attr-defined]
        return DocumentNode(definitions=tuple(each for each in document.definitions if each not in gone))


def reachable(document: DocumentNode) -> set[str]:
    """Return the names of the types reachable from the roots and the directives; an interface leads to its types."""
    leads: dict[str, set[str]] = {}
    roots = set(ROOTS)
    for definition in document.definitions:
        node: Any = definition
        if not getattr(node, "name", None):
            continue
        name = node.name.value
        leads.setdefault(name, set()).update(_named(node))
        for interface in getattr(node, "interfaces", None) or ():
            leads.setdefault(interface.name.value, set()).add(name)
        if node.kind == "directive_definition":
            roots.add(name)
    found: set[str] = set()
    while roots:
        name = roots.pop()
        found.add(name)
        roots |= leads.get(name, set()) - found
    return found


def _named(node: Node) -> set[str]:
    """Return the names of the types that a definition names."""
    names: set[str] = set()

    class Names(Visitor):
        def enter_named_type(self, named: NamedTypeNode, *_place: object) -> None:
            names.add(named.name.value)

    visit(node, Names())
    return names


def _schema(document: DocumentNode) -> GraphQLSchema:
    return build_ast_schema(document, assume_valid=True)
