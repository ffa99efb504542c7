from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
)

SCHEMA_FIELDS = frozenset({"__schema", "__type"})
LISTINGS = frozenset({"fields", "interfaces", "possibleTypes", "inputFields"})
"""The lists of the schema that lead from a type to other types."""

Bodies = dict[str, list[SelectionNode]]


@dataclass(frozen=True, slots=True)
class Extent:
    """How far selections reach with fragments expanded: sums and maxima, never the expansion itself."""

    selections: int = 0
    fields: int = 0
    """Fields at the top."""
    depth: int = 0
    fragment_nesting: int = 0
    listings: int = 0
    """Lists of the schema nested in one another, if this is introspection."""
    introspection_selections: int = 0
    introspection_nesting: int = 0


NOTHING = Extent()


def combined(extents: Iterable[Extent]) -> Extent:
    """Return the extent of selections that stand side by side."""
    parts = list(extents)
    return Extent(
        sum(part.selections for part in parts),
        sum(part.fields for part in parts),
        max((part.depth for part in parts), default=0),
        max((part.fragment_nesting for part in parts), default=0),
        max((part.listings for part in parts), default=0),
        sum(part.introspection_selections for part in parts),
        max((part.introspection_nesting for part in parts), default=0),
    )


def around(name: str, inner: Extent) -> Extent:
    """Return the extent of a field by that of its selections. The schema's own fields have limits of their own."""
    introspects = name in SCHEMA_FIELDS
    return Extent(
        selections=1 + inner.selections,
        fields=1,
        depth=1 if introspects else 1 + inner.depth,
        fragment_nesting=inner.fragment_nesting,
        listings=inner.listings + (name in LISTINGS),
        introspection_selections=inner.selections if introspects else inner.introspection_selections,
        introspection_nesting=inner.listings if introspects else inner.introspection_nesting,
    )


def spread(inner: Extent, *, named: bool) -> Extent:
    """Return the extent of a fragment where it is spread."""
    return replace(inner, selections=1 + inner.selections, fragment_nesting=inner.fragment_nesting + named)


class Fragments:
    """The fragments of a document, each after those that it spreads.

    Raises GraphQLError where a fragment spreads itself, which no analysis of a document needs to outlive.
    """

    def __init__(self, document: DocumentNode) -> None:
        self.bodies: Bodies = {}
        for definition in document.definitions:
            if isinstance(definition, FragmentDefinitionNode):
                self.bodies.setdefault(definition.name.value, []).extend(definition.selection_set.selections)
        spreads = {name: [*spread_names(body)] for name, body in self.bodies.items()}
        try:
            ordered = [*TopologicalSorter(spreads).static_order()]
        except CycleError as error:
            around_ = " → ".join(reversed(error.args[1]))
            raise GraphQLError(f"Fragments spread themselves: {around_}.") from None
        self.order = [name for name in ordered if name in self.bodies]


def spread_names(selections: Sequence[SelectionNode]) -> Iterator[str]:
    """Return the names of the fragments that selections spread, nested ones too."""
    stack = [*selections]
    while stack:
        node: Any = stack.pop()
        if isinstance(node, FragmentSpreadNode):
            yield node.name.value
        elif node.selection_set:
            stack.extend(node.selection_set.selections)


def measure_document(document: DocumentNode, fragments: Fragments) -> dict[str, int]:
    """Return what the operations of a parsed document come to, each fragment looked at once.

    The document need not be valid. Of several operations selections add up; the rest is the largest one's.
    """
    known: dict[str, Extent] = {}
    for name in fragments.order:
        known[name] = extent(fragments.bodies[name], known)
    operations = [
        extent(definition.selection_set.selections, known)
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    ]
    whole = combined(operations)
    everything = [whole, *known.values()]  # validation looks at fragments that no operation spreads, too
    return {
        "depth": whole.depth,
        "root_fields": max((operation.fields for operation in operations), default=0),
        "fragment_nesting": max(part.fragment_nesting for part in everything),
        "selections": max(part.selections for part in everything),
        "introspection_nesting": whole.introspection_nesting,
        "introspection_selections": whole.introspection_selections,
    }


def extent(selections: Iterable[SelectionNode], known: dict[str, Extent]) -> Extent:
    """Return the extent of selections by those of the fragments."""
    return combined(_extent(node, known) for node in selections)


def _extent(node: SelectionNode, known: dict[str, Extent]) -> Extent:
    if isinstance(node, FragmentSpreadNode):
        return spread(known.get(node.name.value, NOTHING), named=True)
    if isinstance(node, InlineFragmentNode):
        return spread(extent(node.selection_set.selections, known), named=False)
    if not isinstance(node, FieldNode):
        raise TypeError(f"{node!r} is no selection")
    inner = extent(node.selection_set.selections, known) if node.selection_set else NOTHING
    return around(node.name.value, inner)


def measure_repeats(document: DocumentNode, fragments: Fragments) -> dict[str, int]:
    """Return how often, at most, one field is selected in one place of the answer.

    The work is that of the expanded selections, whose number is known to be within its limit by now.
    """
    return {
        "repeats": max(
            (
                _repeats([definition.selection_set.selections], fragments.bodies)
                for definition in document.definitions
                if isinstance(definition, OperationDefinitionNode)
            ),
            default=0,
        )
    }


def _repeats(sets: Iterable[Sequence[SelectionNode]], bodies: Bodies) -> int:
    """Return the greatest number of nodes that share a response path."""
    groups: dict[str, list[FieldNode]] = {}
    spread_here: set[str] = set()
    stack: list[Any] = [node for selections in sets for node in selections]
    while stack:
        node = stack.pop()
        if isinstance(node, FieldNode):
            groups.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
        elif isinstance(node, InlineFragmentNode):
            stack.extend(node.selection_set.selections)
        elif node.name.value not in spread_here:
            spread_here.add(node.name.value)
            stack.extend(bodies.get(node.name.value, ()))
    most = max((len(nodes) for nodes in groups.values()), default=0)
    for nodes in groups.values():
        inner = [node.selection_set.selections for node in nodes if node.selection_set]
        if inner:
            most = max(most, _repeats(inner, bodies))
    return most
