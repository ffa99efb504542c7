"""Documents: structures by hypothesis-graphql, varied with arguments, variables, aliases, directives, fragments."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLNamedType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    NamedTypeNode,
    NameNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
    is_union_type,
)
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from services.core.actor import ANONYMOUS, Actor, Grant, Role
from tests.graph.oracle.values import Known, Values

ACTORS = (
    ANONYMOUS,
    Actor("secretariat", (Grant(Role.SECRETARIAT, "140106"),)),
    Actor("auditor", (Grant(Role.AUDITOR, "14"),)),
    Actor("member", (Grant(Role.MEMBER, "140106"),)),
    Actor("court", (Grant(Role.DEPARTMENT, department="qinshui-court"),)),
    Actor("resident", (Grant(Role.RESIDENT, "140106"),)),
    Actor("neighbour"),
)
CHOICES = 1_000
VARIATIONS = 3
"""Requests from one structure, for structures are slow to draw."""
MOST_GROWN = 8
"""Objects that one request has beyond its structure."""
PARTS = ("nodes", "edges", "node", "pageInfo")
PLACEHOLDER = st.just(nodes.String(""))
SCALARS = {"DivisionCode": PLACEHOLDER, "Date": PLACEHOLDER, "DateTime": PLACEHOLDER}


@dataclass(frozen=True)
class Case:
    """A request."""

    text: str
    variables: Mapping[str, Any]
    operation_name: str | None
    actor: Actor


@dataclass
class Writer:
    """Writes one operation's text from a structure, drawing what the structure leaves open."""

    schema: GraphQLSchema
    values: Values
    declared: list[str] = field(default_factory=list)
    sent: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    _count: int = 0
    _depth: int = 0

    def selections(self, found: tuple[SelectionNode, ...], type_: GraphQLNamedType, *, root: bool = False) -> str:
        """Return a selection set."""
        written = [self._selection(node, type_) for node in [*found, *self._grown(found, type_)]]
        if self.values.chance(15):
            written.insert(self.values.pick(range(len(written) + 1)), "__typename")
        if root and self.values.chance(2):
            written.append("__schema { queryType { name } }")
        if self.values.chance(25):
            start = self.values.pick(range(len(written)))
            end = self.values.pick(range(start, len(written))) + 1
            written[start:end] = [self.fragment(" ".join(written[start:end]), type_)]
            if self.values.chance(20):
                written.insert(0, written[-1])
        return "{ " + " ".join(written) + " }"

    def _grown(self, found: tuple[SelectionNode, ...], type_: GraphQLNamedType) -> list[FieldNode]:
        """Return a few more fields of the type: structures alone are thin."""
        taken = {node.name.value for node in found if isinstance(node, FieldNode)}
        fields: Mapping[str, GraphQLField] = getattr(type_, "fields", {})
        free = [name for name in fields if name not in taken]
        if not free or type_ is self.schema.query_type:
            return []
        chosen = {self.values.pick(free) for _ in range(self.values.pick((0, 1, 2, 1, 3, 5)))}
        return [grown for name in free if name in chosen for grown in self.node(name, fields[name])]

    def node(self, name: str, definition: GraphQLField) -> list[FieldNode]:
        """Return a leaf, or an object with its first leaf or list, which grows further; seldom the deeper."""
        named = get_named_type(definition.type)
        if not is_composite_type(named):
            return [FieldNode(name=NameNode(value=name))]
        if self._depth > MOST_GROWN or not self.values.chance(60):
            return []
        self._depth += 1
        if is_union_type(named):
            return [FieldNode(name=NameNode(value=name), selection_set=SelectionSetNode(selections=self._parts(named)))]
        fields: Mapping[str, GraphQLField] = named.fields  # type: ignore[union-attr]
        inner = [node for name in fields if name in PARTS for node in self.node(name, fields[name])]
        if not inner:
            leaves = (name for name, field in fields.items() if not is_composite_type(get_named_type(field.type)))
            first = next(leaves, next(iter(fields)))
            inner = self.node(first, fields[first])
            if not inner:
                return []
        return [FieldNode(name=NameNode(value=name), selection_set=SelectionSetNode(selections=tuple(inner)))]

    def _parts(self, union: GraphQLUnionType) -> tuple[SelectionNode, ...]:
        """Return a fragment on each type of a union with its first leaf."""
        return tuple(
            InlineFragmentNode(
                type_condition=NamedTypeNode(name=NameNode(value=type_.name)),
                selection_set=SelectionSetNode(selections=tuple(self.node("id", type_.fields["id"]))),
            )
            for type_ in union.types
        )

    def fragment(self, content: str, type_: GraphQLNamedType) -> str:
        """Return a fragment of a content, named or inline."""
        if self.values.chance(50):
            name = self.fresh("F")
            self.fragments.append(f"fragment {name} on {type_.name} {{ {content} }}")
            return f"...{name}{self.directive()}"
        return f"...{self.values.pick((f' on {type_.name}', ''))}{self.directive()} {{ {content} }}"

    def _selection(self, node: SelectionNode, type_: GraphQLNamedType) -> str:
        if isinstance(node, InlineFragmentNode) and node.type_condition is not None:
            named = self.schema.type_map[node.type_condition.name.value]
            return (
                f"... on {named.name}{self.directive()} {self.selections(tuple(node.selection_set.selections), named)}"
            )
        if not isinstance(node, FieldNode):
            raise TypeError(f"{node} is not expected in a structure")
        return self._field(node, type_)

    def _field(self, node: FieldNode, type_: GraphQLNamedType) -> str:
        """Return a field; one with children may come as two selections under one key."""
        name = node.name.value
        definition = type_.fields[name]  # type: ignore[attr-defined]
        named = get_named_type(definition.type)
        key = f"{node.alias.value}: " if node.alias else ""
        if self.values.chance(12):
            key = f"{self.fresh('a')}: "
        children = tuple(node.selection_set.selections) if node.selection_set else ()
        self.values.kinds = [
            child.type_condition.name.value
            for child in children
            if isinstance(child, InlineFragmentNode) and child.type_condition is not None
        ]
        entity = named.name.removesuffix("Connection") if named.name.endswith("Connection") else None
        drawn = self.values.arguments(entity, name, definition.args)
        arguments = ", ".join(
            f"{argument}: {self.value(value, definition.args[argument].type)}" for argument, value in drawn.items()
        )
        head = f"{key}{name}{f'({arguments})' if arguments else ''}"
        if not is_composite_type(named):
            return head + self.directive()
        if self.values.chance(10):
            cut = self.values.pick(range(1, len(children) + 1))
            first, second = self.selections(children[:cut], named), self.selections(children[cut - 1 :], named)
            return f"{head}{self.directive()} {first} {head}{self.directive()} {second}"
        return f"{head}{self.directive()} {self.selections(children, named)}"

    def directive(self) -> str:
        """Return a directive that decides, seldom."""
        if not self.values.chance(7):
            return ""
        holds = self.value(self.values.chance(50), self.schema.directives[0].args["if"].type)
        return f" @{self.values.pick(('include', 'skip'))}(if: {holds})"

    def fresh(self, prefix: str) -> str:
        """Return a name that was not given before."""
        self._count += 1
        return f"{prefix}{self._count}"

    def value(self, value: Any, type_: GraphQLInputType, *, one_of: bool = False) -> str:
        """Return a value's text: itself, or a variable in its place."""
        if self.values.chance(20):
            return f"${self._variable(value, type_, one_of=one_of)}"
        nullable = get_nullable_type(type_)
        if isinstance(value, list) and is_list_type(nullable):
            return "[" + ", ".join(self.value(item, nullable.of_type) for item in value) + "]"
        named = get_named_type(nullable)
        if isinstance(value, dict) and isinstance(named, GraphQLInputObjectType):
            members = [
                f"{name}: {self.value(content, named.fields[name].type, one_of=named.is_one_of)}"
                for name, content in value.items()
            ]
            return "{" + ", ".join(members) + "}"
        return literal(value, type_)

    def _variable(self, value: Any, type_: GraphQLInputType, *, one_of: bool) -> str:
        """Declare a variable that stands for the value: sent, defaulted, left out, or null."""
        name = self.fresh("v")
        needed = is_non_null_type(type_)
        if one_of or (value is not None and self.values.chance(30)):
            self.declared.append(f"${name}: {get_nullable_type(type_)}!")
            self.sent[name] = value
            return name
        default = value if needed or self.values.chance(30) else None
        text = f"${name}: {get_nullable_type(type_)}"
        if default is not None:
            text += f" = {literal(default, type_)}"
        self.declared.append(text)
        if not needed and self.values.chance(15):
            return name
        if default is not None and self.values.chance(50):
            return name
        self.sent[name] = None if self.values.chance(2) else value
        return name


def literal(value: Any, type_: GraphQLInputType) -> str:
    """Return a value as a literal of its type."""
    nullable = get_nullable_type(type_)
    named = get_named_type(nullable)
    if isinstance(value, list) and is_list_type(nullable):
        return "[" + ", ".join(literal(item, nullable.of_type) for item in value) + "]"
    if isinstance(value, dict) and isinstance(named, GraphQLInputObjectType):
        return (
            "{"
            + ", ".join(f"{name}: {literal(content, named.fields[name].type)}" for name, content in value.items())
            + "}"
        )
    if isinstance(value, str) and isinstance(named, GraphQLEnumType):
        return value
    return json.dumps(value)


def cases(schema: GraphQLSchema, known: Known) -> st.SearchStrategy[list[Case]]:
    """Return the strategy of requests over the whole schema, some of one structure at a time."""
    query = schema.query_type
    if query is None:
        raise TypeError("the schema has no query type")
    roots = [None, *([name] for name in query.fields)]
    structures: list[st.SearchStrategy[DocumentNode]] = [
        queries(schema, fields=fields, custom_scalars=SCALARS, print_ast=lambda node: node) for fields in roots
    ]
    choices = st.binary(min_size=CHOICES, max_size=CHOICES)

    def case(structure: DocumentNode, chosen: bytes) -> Case:
        (operation,) = structure.definitions
        if not isinstance(operation, OperationDefinitionNode):
            raise TypeError("a structure is one query")
        writer = Writer(schema, Values(chosen, known))
        body = writer.selections(tuple(operation.selection_set.selections), query, root=True)
        declared = f" ({', '.join(writer.declared)})" if writer.declared else ""
        parts = [f"query Q{declared} {body}", *writer.fragments]
        name = None
        if writer.values.chance(4):
            parts.append("query Other { __typename }")
            name = writer.values.pick(("Q", "Q", "Other", None, "None"))
        return Case("\n".join(parts), writer.sent, name, writer.values.pick(ACTORS))

    return st.builds(
        lambda structure, several: [case(structure, chosen) for chosen in several],
        st.one_of(structures),
        st.tuples(*[choices] * VARIATIONS),
    )
