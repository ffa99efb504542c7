"""A GraphQL operation becomes a read plan: fields merged by response key, arguments left to be bound."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLDirective,
    GraphQLError,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    VariableValues,
    coerce_input_literal,
    get_argument_values,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_input_object_type,
    is_list_type,
)

from graph.alternatives import FEW, of_few_sizes, of_literal, of_variable
from graph.errors import ArgumentRefused
from services.core.scope import is_wide
from services.reads.moments import names_instant
from services.reads.plan import TYPENAME, Alike, Argument, Constant, Items, Selected, Selection, Value, Variable

DECIDING = {"skip": GraphQLSkipDirective, "include": GraphQLIncludeDirective}
Grouped = dict[str, list[FieldNode]]
ABOUT_SCHEMA = frozenset({"__schema", "__type", "_service"})
"""Fields that the schema itself answers: no plan has them."""


def python_name(definition: Any) -> str:  # noqa: ANN401 -- a field, an argument or an input field of graphql-core
    """Return the name that a definition has in the services: Strawberry keeps it beside the GraphQL one."""
    name: str = definition.extensions["strawberry-definition"].python_name
    return name


class SelectionReader:
    """Reads selections of one operation in one shape of its variables."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables

    def selection(self, type_: GraphQLNamedType, sets: Iterable[SelectionSetNode]) -> Selection:
        """Return the plan of selection sets over a composite type; fields about the schema are left out."""
        sets = list(sets)
        abstract = is_abstract_type(type_)
        possible = self._schema.get_possible_types(type_) if abstract else [type_]  # type: ignore[arg-type]
        by_type: dict[str, tuple[Selected, ...]] = {}
        refusals = {}
        for concrete in possible:
            if isinstance(concrete, GraphQLObjectType):
                try:
                    by_type[concrete.name] = tuple(self._fields(concrete, sets))
                except ArgumentRefused as error:
                    by_type[concrete.name], refusals[concrete.name] = (), error
        return Selection(by_type, abstract=abstract, refusals=refusals)

    def grouped(self, type_: GraphQLObjectType, sets: Iterable[SelectionSetNode]) -> Grouped:
        """Return the field nodes that apply to a concrete type, by response key, in order.

        Raises ArgumentRefused for a directive whose argument cannot be read.
        """
        grouped: Grouped = {}
        visited: set[str] = set()
        for selection_set in sets:
            self._collect(type_, selection_set, grouped, visited)
        return grouped

    def _collect(
        self, type_: GraphQLObjectType, selection_set: SelectionSetNode, grouped: Grouped, visited: set[str]
    ) -> None:
        for node in selection_set.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                grouped.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if self._applies(node.type_condition, type_):
                    self._collect(type_, node.selection_set, grouped, visited)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                visited.add(node.name.value)
                fragment = self._fragments[node.name.value]
                if self._applies(fragment.type_condition, type_):
                    self._collect(type_, fragment.selection_set, grouped, visited)

    def _applies(self, condition: Any, type_: GraphQLObjectType) -> bool:  # noqa: ANN401 -- NamedTypeNode or None
        """Return whether a fragment's type condition holds for a concrete type."""
        if condition is None:
            return True
        named = self._schema.type_map[condition.name.value]
        if named is type_:
            return True
        return is_abstract_type(named) and self._schema.is_sub_type(named, type_)

    def _included(self, node: Any) -> bool:  # noqa: ANN401 -- any selection node
        """Tell what @skip and @include decide."""
        for directive in node.directives or ():
            definition = DECIDING.get(directive.name.value)
            if definition and self.values(definition, directive)["if"] == (definition is GraphQLSkipDirective):
                return False
        return True

    def values(self, definition: GraphQLField | GraphQLDirective, node: FieldNode | DirectiveNode) -> dict[str, Any]:
        """Return the values of a node's arguments.

        Raises ArgumentRefused for a variable that was sent as null where only its default made it fit.
        """
        try:
            return get_argument_values(definition, node, VariableValues({}, dict(self._variables)))
        except GraphQLError as error:
            raise ArgumentRefused(error) from error

    def _fields(self, type_: GraphQLObjectType, sets: Iterable[SelectionSetNode]) -> Iterable[Selected]:
        """Return the plans of a concrete type's fields."""
        for key, nodes in self.grouped(type_, sets).items():
            name = nodes[0].name.value
            if name == TYPENAME:
                yield Selected(key, TYPENAME, {})
            elif name not in ABOUT_SCHEMA:
                yield self.selected(type_, key, nodes)

    def selected(self, type_: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> Selected:
        """Return the plan of one field, its nodes merged."""
        definition = type_.fields[nodes[0].name.value]
        try:
            self.values(definition, nodes[0])
        except ArgumentRefused as error:
            return Selected(key, python_name(definition), {}, refusal=error)
        named = get_named_type(definition.type)
        selection = None
        if is_composite_type(named):
            selection = self.selection(named, [node.selection_set for node in nodes if node.selection_set])
        given = {node.name.value: node.value for node in nodes[0].arguments or ()}
        arguments: dict[str, Argument] = {}
        for name, argument in definition.args.items():
            if name in given and self._is_present(given[name]):
                arguments[python_name(argument)] = self._argument(given[name], argument.type)
        return Selected(key, python_name(definition), arguments, selection)

    def _is_present(self, node: ValueNode) -> bool:
        """Return whether a value is given: a variable that was not sent leaves its place empty."""
        return not (isinstance(node, VariableNode) and node.name.value not in self._variables)

    def _argument(self, node: ValueNode, type_: GraphQLInputType) -> Argument:
        """Return an argument's value as far as it is known now; leaves stay to be bound."""
        if isinstance(node, VariableNode):
            name = node.name.value
            return _variable(self._variables[name], type_, (name,))
        if isinstance(node, NullValueNode):
            return None
        nullable = get_nullable_type(type_)
        if is_list_type(nullable):
            return self._list(node, nullable)
        if is_input_object_type(nullable):
            return self._object(node, nullable)
        return Constant(coerce_input_literal(node, type_))

    def _list(self, node: ValueNode, type_: GraphQLList[Any]) -> Argument:
        """Return a list; a single value stands for a list of one."""
        nodes = [item for item in node.values if self._is_present(item)] if isinstance(node, ListValueNode) else [node]
        items = [self._argument(item, type_.of_type) for item in nodes]
        if is_input_object_type(get_named_type(type_)):
            return of_literal(items, get_named_type(type_)) or of_few_sizes(items, get_named_type(type_))
        return Items(tuple(item for item in items if isinstance(item, Value)))

    def _object(self, node: ValueNode, type_: GraphQLInputObjectType) -> Argument:
        """Return an input object by the services' names of its fields."""
        if not isinstance(node, ObjectValueNode):
            raise TypeError(f"{type_} takes an object")
        return {
            python_name(type_.fields[field.name.value]): self._argument(
                field.value, type_.fields[field.name.value].type
            )
            for field in node.fields
            if self._is_present(field.value)
        }


def _variable(value: Any, type_: GraphQLInputType, steps: tuple[str | int, ...]) -> Argument:  # noqa: ANN401 -- as shape
    """Return a coerced variable's content: objects open up, scalars and lists of them stay to be bound."""
    if value is None:
        return None
    nullable = get_nullable_type(type_)
    if is_input_object_type(nullable):
        fields = nullable.fields
        return {
            python_name(fields[name]): _variable(content, fields[name].type, (*steps, name))
            for name, content in value.items()
        }
    if is_list_type(nullable) and is_input_object_type(get_named_type(nullable)):
        items = [_variable(item, nullable.of_type, (*steps, index)) for index, item in enumerate(value)]
        shapes = [shape(item, nullable.of_type) for item in value]
        return of_variable(items, shapes, steps, get_named_type(nullable)) or items
    return Variable(steps, value)


def shape(value: Any, type_: GraphQLInputType) -> Any:  # noqa: ANN401 -- whatever a variable holds
    """Return what of a coerced variable may shape a statement: presence, structure, switches, directions."""
    return shaper(type_)(value)


def shaper(type_: GraphQLInputType) -> Callable[[Any], Any]:
    """Return what gives the shape of a type's values."""
    nullable = get_nullable_type(type_)
    named = get_named_type(nullable)
    if is_input_object_type(named):
        fields = named.fields
        if is_list_type(nullable):
            return lambda value: None if value is None else _shapes(value, nullable.of_type)
        return lambda value: (
            None if value is None else tuple((name, shape(one, fields[name].type)) for name, one in value.items())
        )
    if named.name == "DivisionCode" and not is_list_type(nullable):
        return lambda value: None if value is None else is_wide(value)
    if named.name in NAMING:
        return lambda value: None if value is None else names_instant(value)
    if named.name in SHAPING:
        return lambda value: value
    return lambda value: None if value is None else True


def _shapes(items: Sequence[Any], type_: GraphQLInputType) -> Any:  # noqa: ANN401 -- as shape
    """Return the shape of a list of input objects: of one where any number of them is one statement."""
    shapes = tuple(shape(item, type_) for item in items)
    if len(shapes) > FEW and of_variable([_variable(items[0], type_, ())], shapes, (), get_named_type(type_)):
        return Alike, shapes[0]
    return shapes


NAMING = frozenset({"ID", "_Any"})
"""Scalars that may name an instant, of which another statement tells."""
SHAPING = frozenset({"Boolean", "Direction"})
"""Scalars whose value chooses the statement's text, not only its parameters."""
